"""Texts in one form, whatever white space and letter case they came with. Pure."""

from __future__ import annotations

from typing import overload

# Two bytes for each character as Asana may count it. Halves of a character that lack the other half are passed on.
_UTF_16, _WITH_HALVES = "utf-16-le", "surrogatepass"


@overload
def one_line(text: str) -> str: ...
@overload
def one_line(text: None) -> None: ...
def one_line(text: str | None) -> str | None:
    """Puts a text on one line. Asana tidies line breaks and double spaces, and the text would look changed."""
    return None if text is None else " ".join(text.split())


def comparable(text: str | None) -> str:
    """A text in the form used for comparison: Visma pads its keys and ignores case, and Asana may tidy white space. No text
    is the empty one."""
    return "" if text is None else one_line(text).casefold()


def size_of(text: str) -> int:
    """The length of a text as Asana may count it. Its limits are in characters; whether one outside the basic plane, such as
    an emoji, counts twice, as in UTF-16, is not documented."""
    return len(text.encode(_UTF_16, _WITH_HALVES)) // 2


def shortened(text: str, limit: int) -> str:
    """A text, or its beginning if it is longer than Asana may accept. It does not end in white space, which Asana may tidy."""
    if size_of(text) <= limit:
        return text
    return text.encode(_UTF_16, _WITH_HALVES)[: 2 * limit].decode(_UTF_16, "ignore").rstrip()


def spellings(text: str) -> list[str]:
    """A text as given, then in upper and in lower case, without repetition. Asana's search may be case-sensitive; Visma's
    keys are not."""
    return list(dict.fromkeys((text, text.upper(), text.lower())))
