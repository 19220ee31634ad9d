"""Answers that fail because of their content: pages that are too heavy, unreadable rows, invalid characters."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from integration_tests.sandbox.visma.entities import ENTITIES
from integration_tests.sandbox.visma.faults import Fault
from integration_tests.sandbox.visma.store import Row

# Invalid characters in a text, as bytes of the JSON.
CHARACTERS = {"control": b"\x01", "surrogate": b"\\ud83d", "latin1": b"\xe5", "bom": b""}


def spoils(fault: Fault, request: Request, answer: Response) -> bool:
    """Whether ``heavy`` or ``poison`` turns this answer into an error."""
    rows: Any = json.loads(bytes(answer.body) or b"null")
    if not isinstance(rows, list):
        return False
    if fault.kind == "heavy":
        return len(rows) > fault.rows
    entity = next((one for one in ENTITIES.values() if one.path == request.url.path), None)
    return entity is not None and any("/".join(entity.key_of(row)) in fault.keys for row in rows)


def impure(fault: Fault, answer: Response) -> Response:
    """The answer with characters that JSON does not allow, at the beginning of the first text of ``field``."""
    body, name = bytes(answer.body), b'"%s":"' % fault.field.encode()
    if name in body:
        body = body.replace(name, name + CHARACTERS[fault.characters], 1)
    if fault.characters == "bom":
        body = b"\xef\xbb\xbf" + body
    headers = {name: value for name, value in answer.headers.items() if name != "content-length"}
    return Response(body, answer.status_code, headers)


def unsettled(rows: Sequence[Row], page: str) -> list[Row]:
    """The rows by their stamps. Rows with equal stamps have a different order on each page."""
    return sorted(rows, key=lambda row: (str(row.modified), zlib.crc32(f"{page} {row.key}".encode())))
