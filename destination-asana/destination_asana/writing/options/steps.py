"""Entry × the options of a field → the step for its option. Reads only the known state of the field."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from destination_asana.board.fields import CustomField, OptionState, Ownership, Scope, scope_of
from destination_asana.documents import Entry
from destination_asana.documents.fields import MAX_OPTIONS


@dataclass(frozen=True, slots=True)
class Step:
    """The step that an entry requires: its `option`, which is None if a new one is created (`makes`) or none is needed;
    its `changes`; whether the entry's scope joins the owners; the option that the scope `leaves`."""

    entry: Entry
    option: OptionState | None = None
    makes: bool = False
    joins: bool = False
    leaves: OptionState | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def scope(self) -> Scope:
        return scope_of_entry(self.entry)

    @property
    def name(self) -> str:
        """The name of the option according to Visma."""
        return self.entry.option.name


def scope_of_entry(entry: Entry) -> Scope:
    """The owner of an entry: its company, or a segment of the company's cost centres."""
    return scope_of(entry.company, entry.option.segment)


class StepPlanner:
    """Plans the steps of one field. `codes` are all codes that have come, in comparable form."""

    def __init__(self, known: CustomField, ownership: Ownership, codes: Collection[str]) -> None:
        self._known = known
        self._ownership = ownership
        # Only a code that contains a space can begin with another code and a space. There may be thousands of others.
        self._longer = tuple(code for code in codes if " " in code)

    def plan(self, entries: Iterable[Entry]) -> tuple[list[Step], list[Entry]]:
        """The steps, and the entries for which the field has no room."""
        room = MAX_OPTIONS - len(self._known.options)
        steps: list[Step] = []
        without_room: list[Entry] = []
        for entry in entries:
            step = self._step(entry)
            room -= step.makes
            if step.makes and room < 0:
                without_room.append(entry)
            else:
                steps.append(step)
        return steps, without_room

    def _step(self, entry: Entry) -> Step:
        known, ownership, scope = self._known, self._ownership, scope_of_entry(entry)
        exact = known.by_name(entry.option.name)
        own = exact
        if exact is None or not ownership.is_of(known, scope, exact):
            own = ownership.of_code(known, scope, entry.option.code, self._longer)
        if not entry.active:
            return self._closing(entry, own)
        if exact is not None:
            changes = _opening(exact)
            if exact.name != entry.option.name and ownership.is_alone(known, scope, exact):
                changes["name"] = entry.option.name
            return Step(entry, exact, joins=not ownership.is_of(known, scope, exact), changes=changes)
        if own is None:
            return Step(entry, makes=True)
        renames = bool(entry.option.description) and own.name != entry.option.name
        if renames and not ownership.is_alone(known, scope, own):
            # Another owner's account still has the old name.
            return Step(entry, makes=True, leaves=own)
        return Step(entry, own, changes=_opening(own) | ({"name": entry.option.name} if renames else {}))

    def _closing(self, entry: Entry, own: OptionState | None) -> Step:
        known, ownership, scope = self._known, self._ownership, scope_of_entry(entry)
        if own is None:
            return Step(entry)
        if not ownership.is_alone(known, scope, own):
            # An option that others use stays enabled, and nobody can leave an option whose owners are unknown.
            return Step(entry, leaves=own if ownership.may_leave(known, scope, own) else None)
        changes: dict[str, Any] = {}
        if own.name != entry.option.name and entry.option.description and known.by_name(entry.option.name) is None:
            changes["name"] = entry.option.name
        if own.enabled:
            changes["enabled"] = False
        return Step(entry, own, changes=changes)


def _opening(option: OptionState) -> dict[str, Any]:
    """The changes that an active entry makes to its option."""
    return {} if option.enabled else {"enabled": True}
