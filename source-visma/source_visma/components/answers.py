"""From an answer's bytes to JSON of the form that was asked for, whole or not at all."""

from typing import Any

import orjson
import requests

from source_visma.components.errors import UnreadableAnswer
from source_visma.components.forms import plain

NAMES = {"type": "array", "items": {"type": "string"}}


def json_of(response: requests.Response, kind: type) -> Any:
    """The parsed body. Raises UnreadableAnswer when it is not whole, or not of that kind."""
    try:
        body = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, kind):
        form = f"{len(response.content)} bytes, {response.headers.get('Content-Type', 'no content type')}"
        raise UnreadableAnswer(f"Visma.net's answer is not the whole JSON {kind.__name__} ({form})")
    return body


def names_of(response: requests.Response) -> list[str]:
    """The IDs in this answer. Raises UnreadableAnswer when it is not one whole JSON list of texts."""
    names: list[str] = json_of(response, list)
    plain(names, NAMES)
    if not all(type(name) is str for name in names):
        raise UnreadableAnswer("Visma.net's answer is a JSON list, but not of IDs")
    return names
