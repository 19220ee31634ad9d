"""Accounts and cost centres as options of a field: matched by code, renamed in place, disabled, never deleted."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from destination_asana.board.fields.model import CustomField, OptionState
from destination_asana.board.fields.option_owners import Owners, Scope, scope_of
from destination_asana.board.fields.option_ownership import Said
from destination_asana.board.fields.values import CustomFields
from destination_asana.documents.cost_centers import SUBACCOUNT, CostCenterSegments
from destination_asana.documents.errors import RecordError
from destination_asana.documents.fields import MAX_OPTIONS
from destination_asana.documents.line_items import Option
from destination_asana.documents.reader import Reader

logger = logging.getLogger("airbyte")

# Stream → (field with the code, field with the description).
CODES = {
    "accounts": ("accountCD", "description"),
    "dimension_values": ("valueId", "description"),
    "subaccounts": ("subaccountNumber", "description"),
    "suppliers": ("number", "name"),
    "customers": ("number", "name"),
    "employees": ("employeeNumber", "employeeName"),
    "dimensions": ("id", "description"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One account or cost centre: `scope` says whose it is, `active` False disables its option."""

    scope: Scope
    option: Option
    active: bool

    @property
    def origin(self) -> tuple[str, str]:
        """What makes it the same account at another time."""
        return (self.scope, self.option.code.casefold())


def entry_of(source: str, record: Mapping[str, Any], segments: CostCenterSegments) -> Entry | None:
    """Reads a record of one of the streams in CODES; None for a segment value that is no cost centre. Raises RecordError
    when it has no code."""
    reader = Reader(record)
    code_name, description_name = CODES[source]
    company = str(reader.key("company_id") or "")
    segment = segment_name = None
    if source == "dimension_values":
        dimension, segment = reader.key("dimensionId"), reader.key("segmentId")
        if dimension is None or segment is None:
            missing = "dimensionId" if dimension is None else "segmentId"
            raise RecordError(missing, "is missing, and without it the value's meaning is not known")
        segment_name = reader.text("segmentDescription")
        if dimension.casefold() != SUBACCOUNT or not segments.accepts(company, segment, segment_name):
            return None
    code = reader.key(code_name)
    if code is None:
        raise RecordError(code_name, "is missing, and without it the option has no code")
    active, status = record.get("active"), record.get("status")
    return Entry(
        scope_of(company, segment),
        Option(code, reader.text(description_name), segment, segment_name),
        active is not False and str(status or "").casefold() != "inactive",
    )


@dataclass
class VocabularyResult:
    """What a batch did: options created, updated (renamed, enabled, disabled) and left as they were; `refused` are the
    entries, by origin, whose option Asana does not take."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: dict[tuple[str, str], RecordError] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Step:
    """What an entry asks for: its `option`, None where a new one is made; what `changes` about it; whether the scope
    joins or leaves the option's owners."""

    entry: Entry
    option: OptionState | None = None
    makes: bool = False
    joins: bool = False
    leaves: OptionState | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)


class Vocabulary:
    """Brings the options of one field up to date with batches of entries. Safe to repeat after a crash: whose a new option
    is stands in the field's mark before it is made, and nobody leaves an option before the new one is there."""

    def __init__(self, fields: CustomFields, field_name: str, project_gid: str, codes: set[str]) -> None:
        """`codes` collects, over all batches of a sync, the codes that have come."""
        self._codes = codes
        self._fields = fields
        self._ownership = fields.ownership
        self._field_name = field_name
        self._project = project_gid

    def apply(self, entries: list[Entry], *, dry_run: bool = False) -> VocabularyResult:
        """Creates, renames, enables and disables options so that they say what the entries say."""
        result = VocabularyResult()
        latest = {entry.origin: entry for entry in entries}
        for entry in latest.values():
            self._fields.note_activity(self._field_name, *entry.origin, active=entry.active)
        self._codes.update(entry.option.code.casefold() for entry in latest.values())
        # Only a code with a space can begin with another one and a space; there may be thousands of the others.
        longer = tuple(code for code in self._codes if " " in code)
        first = next((entry for entry in latest.values() if entry.active), None)
        self._fields.look(self._project)
        existed = self._fields.exists(self._field_name)
        known = None
        if existed or first is not None:
            wanted = (first.option.name, first.scope) if first else (None, None)
            known = self._fields.ensure(self._field_name, self._project, *wanted)
        if known is None:
            # Only a dry run comes here with something to create: it may not make the field.
            for entry in latest.values():
                if entry.active:
                    logger.info(f"Dry run, {self._field_name}: the option “{entry.option.name}” would be created")
            result.created = sum(entry.active for entry in latest.values())
            result.unchanged = len(latest) - result.created
            return result
        with known.lock:
            if latest:
                self._ownership.begin(known, next(iter(latest.values())).scope)
            steps = self._steps(known, latest.values(), longer)
            others = any(self._ownership.has_others(known, entry.scope) for entry in latest.values())
            if existed and any(step.changes or step.leaves or (step.makes and others) for step in steps):
                # Other companies' syncs may have joined an option since this one has read the field.
                self._fields.reload_options(known)
                steps = self._steps(known, latest.values(), longer)
            self._carry_out(known, steps, result, dry_run)
        if not existed:
            # The first option came with the field.
            result.created, result.unchanged = result.created + 1, result.unchanged - 1
        return result

    # --- planning --------------------------------------------------------------------------------------------------

    def _steps(self, known: CustomField, entries: Iterable[Entry], longer: tuple[str, ...]) -> list[_Step]:
        room = MAX_OPTIONS - len(known.options)
        steps = []
        for entry in entries:
            step = self._step(known, entry, longer)
            if step.makes:
                room -= 1
                if room < 0:
                    self._fields.leave_out(self._field_name, [entry.option.name])
                    continue
            steps.append(step)
        return steps

    def _step(self, known: CustomField, entry: Entry, longer: tuple[str, ...]) -> _Step:
        scope, ownership = entry.scope, self._ownership
        exact = known.by_name(entry.option.name)
        own = exact
        if exact is None or not ownership.is_of(known, scope, exact):
            own = ownership.of_code(known, scope, entry.option.code, longer)
        if not entry.active:
            return self._closing(known, entry, own)
        changes: dict[str, Any]
        if exact is not None:
            changes = {} if exact.enabled else {"enabled": True}
            if exact.name != entry.option.name and ownership.is_alone(known, scope, exact):
                changes["name"] = entry.option.name
            return _Step(entry, exact, joins=not ownership.is_of(known, scope, exact), changes=changes)
        if own is None:
            return _Step(entry, makes=True)
        renames = bool(entry.option.description) and own.name != entry.option.name
        if renames and not ownership.is_alone(known, scope, own):
            # Somebody else's account still has the old name.
            return _Step(entry, makes=True, leaves=own)
        changes = {} if own.enabled else {"enabled": True}
        return _Step(entry, own, changes={**changes, "name": entry.option.name} if renames else changes)

    def _closing(self, known: CustomField, entry: Entry, own: OptionState | None) -> _Step:
        if own is None:
            return _Step(entry)
        if not self._ownership.is_alone(known, entry.scope, own):
            # An option that others use stays open; of those nobody knows the owners of, nobody can leave.
            leaves = own if self._ownership.may_leave(known, entry.scope, own) else None
            return _Step(entry, leaves=leaves)
        changes: dict[str, Any] = {}
        if own.name != entry.option.name and entry.option.description and known.by_name(entry.option.name) is None:
            changes["name"] = entry.option.name
        if own.enabled:
            changes["enabled"] = False
        return _Step(entry, own, changes=changes)

    # --- carrying out ----------------------------------------------------------------------------------------------

    def _carry_out(self, known: CustomField, steps: list[_Step], result: VocabularyResult, dry_run: bool) -> None:
        news = [step for step in steps if self._is_news(known, step)]
        shared = news or any(self._ownership.has_others(known, step.entry.scope) for step in steps)
        for step in steps:
            if step.joins or (step.makes and shared):
                said = Said.MADE if step.makes else Said.JOINED
                self._ownership.say(known, step.entry.scope, (step.option or step.entry.option).name, said)
        if news:
            self._ownership.change(known, partial(_announce, news))
        for step in steps:
            try:
                self._take(known, step, result, dry_run)
            except RecordError as error:
                result.refused[step.entry.origin] = error
        leaving = [step for step in steps if step.leaves and step.entry.origin not in result.refused]
        for step in leaving:
            if step.leaves is not None:
                self._ownership.say(known, step.entry.scope, step.leaves.name, Said.LEFT)
        if leaving or any(step.makes for step in news):
            self._ownership.change(known, partial(_release, leaving))

    def _is_news(self, known: CustomField, step: _Step) -> bool:
        if step.makes:
            return not self._ownership.is_expected(known, step.entry.scope, step.entry.option.name)
        return step.joins

    def _take(self, known: CustomField, step: _Step, result: VocabularyResult, dry_run: bool) -> None:
        name = step.entry.option.name
        if step.makes:
            if dry_run:
                logger.info(f"Dry run, {known.title}: the option “{name}” would be created")
            elif known.by_name(name) is None and self._fields.add_option(known, name) is None:
                return
            result.created += 1
            return
        changes = dict(step.changes)
        if step.option is not None and changes.get("enabled") is False and not self._may_disable(known, step.option):
            del changes["enabled"]
        if step.option is None or not changes:
            result.unchanged += 1
            return
        if dry_run:
            words = [f"renamed to “{changes['name']}”"] if "name" in changes else []
            words += ["enabled" if changes["enabled"] else "disabled"] if "enabled" in changes else []
            logger.info(f"Dry run, {known.title}: the option “{step.option.name}” would be {' and '.join(words)}")
        else:
            self._fields.change_option(known, step.option, **changes)
        result.updated += 1

    def _may_disable(self, known: CustomField, option: OptionState) -> bool:
        """Asana wants at least one enabled option in a field."""
        if known.may_disable(option):
            return True
        logger.warning(
            f"The option “{option.name}” is inactive in Visma, but it is the last enabled one of “{known.title}” and Asana "
            "wants at least one: it stays enabled."
        )
        return False


def _announce(steps: Iterable[_Step], owners: Owners) -> None:
    """Says whose the options of these steps will be."""
    for step in steps:
        scope, option = step.entry.scope, step.option
        if option is None:
            owners.intend(scope, step.entry.option.name)
        elif option.enabled:
            owners.claim(scope, option.gid, option.name)
        else:
            # It was disabled since it is inactive for those who had it.
            owners.set(option.gid, option.name, [scope])


def _release(steps: Iterable[_Step], owners: Owners) -> None:
    """Takes the scopes off the options they leave."""
    for step in steps:
        if step.leaves is not None:
            owners.release(step.entry.scope, step.leaves.gid, step.leaves.name)
