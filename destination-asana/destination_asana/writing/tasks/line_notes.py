"""What a task remembers of its lines, in the form of a write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from destination_asana.asana import AsanaError, Refusal
from destination_asana.board import LineLedger
from destination_asana.planning import Change, Snapshot
from destination_asana.planning.lines import LineMemory, memory_in


def first_note(change: Change, ledger: LineLedger) -> dict[str, Any]:
    """The note for a task whose lines are written after it; empty if there is nothing to remember."""
    memory = ledger.begin(change.lines) if change.lines is not None else None
    return {} if memory is None else {"external": {"data": memory.text}}


def note_on(current: Snapshot, change: Change, ledger: LineLedger) -> dict[str, Any]:
    """The note for a task that exists; empty if it says so already, perhaps by another task's proof, or if others use the
    task's external data."""
    present = memory_in(current.external)
    if change.lines is None or not ledger.open or (current.external and present is None):
        return {}
    if change.match is not None:
        memory = ledger.begin(change.lines, present)
    else:
        # The lines are written by now.
        memory = LineMemory(change.lines, proofs=present.proofs if present is not None else ())
        if present is not None and present.digest == change.lines and ledger.proves(present):
            return {}
    return external_of(current, memory) if memory is not None and memory != present else {}


def last_note(task: Snapshot, ledger: LineLedger) -> dict[str, Any]:
    """The note for the task that says at the end of a sync that the last lines are written; empty if it remembers none."""
    memory = memory_in(task.external)
    return {} if memory is None else external_of(task, ledger.concluded(memory))


def external_of(current: Snapshot, memory: LineMemory) -> dict[str, Any]:
    """The external data of a task in Asana's form. Its external id, which other programs may have set, stays."""
    gid = {"gid": current.external_gid} if current.external_gid else {}
    return {"external": {**gid, "data": memory.text}}


def note_in(data: Mapping[str, Any]) -> str | None:
    """The note in the data of a write."""
    note: str | None = (data.get("external") or {}).get("data")
    return note


def take_back(data: Mapping[str, Any], error: Exception, ledger: LineLedger) -> None:
    """A write with a note has failed. Unless Asana has refused it, the note may be on the task all the same."""
    refused = isinstance(error, AsanaError) and error.refusal is not Refusal.SERVER_FAULT
    (ledger.withdraw if refused else ledger.fail)(note_in(data))
