"""JSON with characters that it does not allow: whole, so that it can be read once they are replaced."""

import json
import re
from typing import NoReturn

REPLACEMENT = "\ufffd"
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # without tabs and line ends, which have a meaning
PAIR = r"u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
ESCAPES = re.compile(rf"\\(?:{PAIR}|(u[dD][89a-fA-F][0-9a-fA-F]{{2}})|.)", re.DOTALL)


def purified(body: bytes) -> bytes:
    """The same JSON in UTF-8, with U+FFFD for invalid characters. Raises ValueError when it is not JSON even then."""
    text = CONTROLS.sub(REPLACEMENT, text_of(body))
    # Half a surrogate pair is not a character. Escapes are read one after the other, because an escaped backslash does not
    # begin one.
    text = ESCAPES.sub(lambda found: r"\ufffd" if found[1] else found[0], text)
    value = json.loads(text, strict=False, parse_constant=_no_number)
    return json.dumps(value, allow_nan=False).encode()  # a number too large becomes an infinite one


def text_of(body: bytes) -> str:
    """The body's text: without a byte order mark, and with U+FFFD for bytes that are not UTF-8."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    return body.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")


def place(error: Exception) -> str:
    """Where the JSON breaks, in words."""
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}, column {error.colno}"
    return "a number that is none" if isinstance(error, ValueError) else "too deep a nesting"


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")
