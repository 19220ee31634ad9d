"""From an answer's bytes to JSON of the form that was asked for, whole or not at all."""

import re
from io import BytesIO
from typing import Any

import orjson
import requests

from source_visma.components.errors import ImpureAnswer, Refusal, SaidInstead, UnreadableAnswer
from source_visma.components.forms import plain
from source_visma.components.lenient import place, purified
from source_visma.components.words import message_of

NAMES = {"type": "array", "items": {"type": "string"}}


def json_of(response: requests.Response, kind: type) -> Any:
    """The parsed body. Raises UnreadableAnswer when it is not whole, or not of that kind.

    204 and ``null`` are ways of saying that there is nothing: an empty value of that kind.
    """
    if response.status_code == 204:
        return kind()
    try:
        body = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        raise unreadable(response, kind) from None
    if body is None:
        return kind()
    if isinstance(body, dict | str):
        refused(response, body, kind)
    if not isinstance(body, kind):
        raise UnreadableAnswer(f"Visma.net's answer is not the whole JSON {kind.__name__} ({form_of(response)})")
    return body


def refused(response: requests.Response, body: dict[str, Any] | str, kind: type) -> None:
    """Raises the refusal that the service sent in place of a list, if it sent one."""
    words = message_of(response)
    if of_gateway(body) or re.search(r"\b120(?:02|27)\b", words):
        raise Refusal(f"Visma.net answered 200, but said: {words}", with_body(response, response.content, 400))
    asked_for = isinstance(body, dict) and kind is dict and ({"id", "segments"} & body.keys() or words == "nothing")
    if not asked_for:
        raise SaidInstead(
            f"Visma.net answered 200 without the JSON {kind.__name__} that was asked for, and said: {words}"
        )


def of_gateway(body: dict[str, Any] | str) -> bool:
    """Whether the gateway refuses the request, with an exception of its own kind. Other exceptions may be temporary."""
    if isinstance(body, str):
        return False
    return bool(body.get("ExceptionFaultCode")) or "IPPException" in str(body.get("ExceptionType"))


def unreadable(response: requests.Response, kind: type) -> UnreadableAnswer:
    """What is wrong with a body that is not JSON: forbidden characters, a cut, or something else."""
    try:
        body = purified(response.content)
    except (ValueError, RecursionError) as error:
        where = f"; it ends or breaks at {place(error)}{words_of(response)}" if response.content else ""
        return UnreadableAnswer(
            f"Visma.net's answer is not the whole JSON {kind.__name__} ({form_of(response)}){where}"
        )
    mended = with_body(response, body, response.status_code)
    return ImpureAnswer("Visma.net's answer has characters that JSON does not allow", mended)


def words_of(response: requests.Response) -> str:
    """The words of a text or web page that came in place of JSON. A body that looks like JSON is not shown: it may hold
    personal data."""
    if not response.content or response.content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{", b'"', b""):
        return ""
    words = message_of(response)
    return "" if words == "nothing" else f"; it says: {words}"


def with_body(response: requests.Response, body: bytes, status: int) -> requests.Response:
    """The same answer with another body and status."""
    other = requests.Response()
    other.status_code, other.raw = status, BytesIO(body)
    other.headers, other.url, other.request = response.headers, response.url, response.request
    return other


def form_of(response: requests.Response) -> str:
    """Length and type of a body."""
    return f"{len(response.content)} bytes, {response.headers.get('Content-Type', 'no content type')}"


def names_of(response: requests.Response) -> list[str]:
    """The IDs in this answer. Raises UnreadableAnswer when it is not one whole JSON list of texts."""
    names: list[str] = json_of(response, list)
    plain(names, NAMES)
    if not all(type(name) is str for name in names):
        raise UnreadableAnswer("Visma.net's answer is a JSON list, but not of IDs")
    return names
