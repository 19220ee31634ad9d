"""Accounts and cost centres as options of a field: matched by code, renamed in place, disabled, never deleted."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from destination_asana.custom_fields import CustomFields
from destination_asana.errors import RecordError
from destination_asana.field_model import CustomField, OptionState
from destination_asana.line_items import Option
from destination_asana.values import Reader

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
    """One account or cost centre: `origin` is its key in Visma, `active` False disables its option."""

    origin: tuple[str, ...]
    option: Option
    active: bool


def entry_of(source: str, record: Mapping[str, Any]) -> Entry:
    """Reads a record of one of the streams in CODES. Raises RecordError when it has no code."""
    reader = Reader(record)
    code_name, description_name = CODES[source]
    code = reader.key(code_name)
    if code is None:
        raise RecordError(code_name, "is missing, and without it the option has no code")
    active = record.get("active")
    status = record.get("status")
    scope = [str(record.get(name)) for name in ("dimensionId", "segmentId")] if source == "dimension_values" else []
    return Entry(
        (*scope, code.casefold()),
        Option(code, reader.text(description_name)),
        active is not False and str(status or "").casefold() != "inactive",
    )


@dataclass
class VocabularyResult:
    """What a batch did: options created, updated (renamed, enabled, disabled) and left as they were; `refused` are the
    entries, by origin, whose option Asana does not take."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: dict[tuple[str, ...], RecordError] = field(default_factory=dict)


class Vocabulary:
    """Brings the options of one field up to date with batches of entries. Safe to repeat after a crash."""

    def __init__(
        self, fields: CustomFields, field_name: str, project_gid: str, origins: dict[str, set[tuple[str, ...]]]
    ) -> None:
        """`origins` collects, over all batches of a sync, which keys in Visma each code has come with."""
        self._origins = origins
        self._fields = fields
        self._field_name = field_name
        self._project = project_gid

    def apply(self, entries: list[Entry], *, dry_run: bool = False) -> VocabularyResult:
        """Creates, renames, enables and disables options so that they say what the entries say."""
        result = VocabularyResult()
        latest = {entry.origin: entry for entry in entries}
        # Codes that two segments share are told apart by their full name.
        for entry in latest.values():
            self._origins.setdefault(entry.option.code.casefold(), set()).add(entry.origin)
        ambiguous = {code for code, origins in self._origins.items() if len(origins) > 1}
        # Only a code with a space can begin with another one and a space; there may be thousands of the others.
        longer = [code for code in self._origins if " " in code]
        first = next((entry.option.name for entry in latest.values() if entry.active), None)
        self._fields.look(self._project)
        existed = self._fields.exists(self._field_name)
        known = self._fields.ensure(self._field_name, self._project, first) if existed or first is not None else None
        if known is None:
            # Only a dry run comes here with something to create: it may not make the field.
            for entry in latest.values():
                if entry.active:
                    logger.info(f"Dry run, {self._field_name}: the option “{entry.option.name}” would be created")
            result.created = sum(entry.active for entry in latest.values())
            result.unchanged = len(latest) - result.created
            return result
        with known.lock:
            for entry in latest.values():
                option = known.by_name(entry.option.name)
                if option is None and entry.option.code.casefold() not in ambiguous:
                    option = known.by_code(entry.option.code, longer)
                try:
                    self._bring_up(known, option, entry, result, dry_run)
                except RecordError as error:
                    result.refused[entry.origin] = error
        if not existed:
            # The first option came with the field.
            result.created, result.unchanged = result.created + 1, result.unchanged - 1
        return result

    def _bring_up(
        self, known: CustomField, option: OptionState | None, entry: Entry, result: VocabularyResult, dry_run: bool
    ) -> None:
        if option is None:
            if not entry.active:
                result.unchanged += 1
            elif known.full:
                self._fields.leave_out(self._field_name, [entry.option.name])
            else:
                if dry_run:
                    logger.info(f"Dry run, {known.title}: the option “{entry.option.name}” would be created")
                elif self._fields.add_option(known, entry.option.name) is None:
                    return
                result.created += 1
            return
        changes: dict[str, Any] = {}
        if option.name != entry.option.name and entry.option.description:
            changes["name"] = entry.option.name
        if option.enabled != entry.active and (entry.active or self._may_disable(known, option)):
            changes["enabled"] = entry.active
        if not changes:
            result.unchanged += 1
            return
        if dry_run:
            words = [f"renamed to “{changes['name']}”"] if "name" in changes else []
            words += ["enabled" if changes["enabled"] else "disabled"] if "enabled" in changes else []
            logger.info(f"Dry run, {known.title}: the option “{option.name}” would be {' and '.join(words)}")
        else:
            self._fields.change_option(known, option, **changes)
        result.updated += 1

    def _may_disable(self, known: CustomField, option: OptionState) -> bool:
        """Asana wants at least one enabled option in a field."""
        if sum(other.enabled for other in known.options.values()) > 1:
            return True
        logger.warning(
            f"The option “{option.name}” is inactive in Visma, but it is the last enabled one of “{known.title}” and Asana "
            "wants at least one: it stays enabled."
        )
        return False
