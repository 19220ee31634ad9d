"""Accounts and cost centres as options of a field: matched by code, renamed in place, disabled, never deleted."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from destination_asana.board.fields import CustomField, CustomFields, OptionState
from destination_asana.documents import Entry, RecordError
from destination_asana.planning import Action
from destination_asana.writing.options.claims import OptionClaims
from destination_asana.writing.options.steps import Step, StepPlanner, scope_of_entry
from destination_asana.writing.options.writer import OptionExecutor

logger = logging.getLogger("airbyte")


@dataclass
class VocabularyResult:
    """The result of a batch: the numbers of options created, updated (renamed, enabled, disabled) and left unchanged;
    `refused` are the entries, by origin, whose option Asana refuses."""

    counts: Counter[Action] = field(default_factory=Counter)
    refused: dict[tuple[str, str, str], RecordError] = field(default_factory=dict)


class Vocabulary:
    """Updates the options of one field by batches of entries.

    A batch is safe to repeat after a crash, see OptionClaims.
    """

    def __init__(self, fields: CustomFields, executor: OptionExecutor, field_name: str, project_gid: str) -> None:
        self._fields = fields
        self._ownership = fields.options.ownership
        self._claims = OptionClaims(fields.options.ownership)
        self._executor = executor
        self._field_name = field_name
        self._project = project_gid
        # The codes of all batches, in comparable form.
        self._codes: set[str] = set()

    def apply(self, batch: Iterable[Entry]) -> VocabularyResult:
        """Creates, renames, enables and disables options to match the entries."""
        entries = list({entry.origin: entry for entry in batch}.values())
        self._codes.update(entry.option.code.casefold() for entry in entries)
        for entry in entries:
            self._fields.options.note_activity(
                self._field_name, scope_of_entry(entry), entry.option.code, active=entry.active
            )
        self._fields.catalog.look(self._project)
        existed = self._fields.catalog.exists(self._field_name)
        known = self._field(entries, existed=existed)
        if known is None:
            return self._without_field(entries)
        with known.lock:
            if entries:
                self._ownership.begin(known, scope_of_entry(entries[0]))
            result = self._carry_out(known, self._steps(known, entries, existed=existed))
        if not existed:
            # The first option was created with the field.
            result.counts[Action.CREATED] += 1
            result.counts[Action.UNCHANGED] -= 1
        return result

    def _field(self, entries: Iterable[Entry], *, existed: bool) -> CustomField | None:
        """The field, created if an active entry needs it; None if it does not exist and is not created."""
        first = next((entry for entry in entries if entry.active), None)
        if first is not None:
            return self._fields.catalog.ensure(
                self._field_name, self._project, first.option.name, scope_of_entry(first)
            )
        return self._fields.catalog.ensure(self._field_name, self._project) if existed else None

    def _without_field(self, entries: Collection[Entry]) -> VocabularyResult:
        made = sum(
            self._executor.make_without_field(self._field_name, each.option.name) for each in entries if each.active
        )
        return VocabularyResult(Counter({Action.CREATED: made, Action.UNCHANGED: len(entries) - made}))

    # --- planning --------------------------------------------------------------------------------------------------

    def _steps(self, known: CustomField, entries: Collection[Entry], *, existed: bool) -> list[Step]:
        steps = self._plan(known, entries)
        others = any(self._ownership.has_others(known, scope_of_entry(entry)) for entry in entries)
        if existed and any(step.changes or step.leaves or (step.makes and others) for step in steps):
            # Other companies' syncs may have joined an option since this one read the field.
            self._fields.options.reload_options(known)
            steps = self._plan(known, entries)
        return steps

    def _plan(self, known: CustomField, entries: Iterable[Entry]) -> list[Step]:
        steps, without_room = StepPlanner(known, self._ownership, self._codes).plan(entries)
        if without_room:
            self._fields.options.leave_out(self._field_name, [entry.option.name for entry in without_room])
        return steps

    # --- carrying out ----------------------------------------------------------------------------------------------

    def _carry_out(self, known: CustomField, steps: list[Step]) -> VocabularyResult:
        result = VocabularyResult()
        news = self._claims.announce(known, steps)
        for step in steps:
            try:
                action = self._take(known, step)
            except RecordError as error:
                result.refused[step.entry.origin] = error
            else:
                if action is not None:
                    result.counts[action] += 1
        done = [step for step in steps if step.entry.origin not in result.refused]
        self._claims.conclude(known, done, news)
        return result

    def _take(self, known: CustomField, step: Step) -> Action | None:
        """Carries out one step. None if the field had no room left."""
        if step.makes:
            return Action.CREATED if self._executor.make(known, step.name) else None
        changes = dict(step.changes)
        if step.option is not None and changes.get("enabled") is False and not self._may_disable(known, step.option):
            del changes["enabled"]
        if step.option is None or not changes:
            return Action.UNCHANGED
        self._executor.change(known, step.option, changes)
        return Action.UPDATED

    def _may_disable(self, known: CustomField, option: OptionState) -> bool:
        """Asana requires at least one enabled option in a field."""
        if known.may_disable(option):
            return True
        logger.warning(
            f"The option “{option.name}” is inactive in Visma, but it is the last enabled one of “{known.title}” and Asana "
            "wants at least one: it stays enabled."
        )
        return False
