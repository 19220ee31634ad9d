"""The only write that the sandbox accepts: the note of a supplier invoice or purchase order, by PUT with ``{"note":
{"value": …}}``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from integration_tests.sandbox.visma import changes
from integration_tests.sandbox.visma.entity import Entity
from integration_tests.sandbox.visma.errors import RefusedError, erp_refusal, refusal
from integration_tests.sandbox.visma.store import Record, Row
from integration_tests.sandbox.visma.world import World

_RELEASED = ("Open", "Closed", "Printed", "Voided", "Cancelled")


def put(world: World, entity: Entity, row: Row, headers: Mapping[str, str], body: bytes) -> Row:
    """Replaces the note; stamp and ETag change. Raises RefusedError: 400, 412 for an outdated ETag, 415."""
    if headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise refusal(415, "The request entity's media type is not supported for this resource.")
    text = _note(body)
    expected = headers.get("if-match")
    if expected not in (None, "*", f'"{row.record["timeStamp"]}"'):
        raise refusal(412, "The precondition in If-Match failed: the record was changed by someone else.")
    policy = world.settings.note_policy
    if row.locked or policy == "refuse_all" or (policy == "refuse_released" and row.record["status"] in _RELEASED):
        raise erp_refusal(400, f"Error updating document. Error: the document is {row.record['status']} and locked.")
    if 0 < world.settings.note_max_length < len(text):
        raise erp_refusal(
            400, f"Error updating document. Error: note exceeds {world.settings.note_max_length} characters."
        )
    return changes.change(world, entity.name, row.key, {"note": text})


def hidden(record: Record, how: str) -> Record:
    """The record without its note (``absent``) or with nothing in it (``null``), as a list shows it without ``expandNote``."""
    rest = {name: value for name, value in record.items() if name != "note"}
    return rest if how == "absent" else {**rest, "note": None}


def _note(body: bytes) -> str:
    try:
        document: Any = json.loads(body)
    except ValueError:
        raise refusal(400, "The request body is not valid JSON.") from None
    if (
        not isinstance(document, dict)
        or set(document) != {"note"}
        or not isinstance(document["note"], dict)
        or set(document["note"]) != {"value"}
        or not isinstance(document["note"]["value"], str)
    ):
        raise refusal(400, "This sandbox takes only {'note': {'value': text}}; anything else would change the books.")
    text: str = document["note"]["value"]
    return text


def remember_refusal(world: World, path: str, body: bytes, refused: RefusedError) -> None:
    """Keeps a refused write for the control endpoint that lists them."""
    world.refused_writes.append(
        {"path": path, "body": body.decode("utf-8", "replace"), "status": refused.status, "error": refused.body}
    )
