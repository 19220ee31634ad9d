"""The two executors of steps on options: one writes to Asana, the other logs."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Protocol

from destination_asana.board.fields import CustomField, CustomFields, OptionState

logger = logging.getLogger("airbyte")


class OptionExecutor(Protocol):
    """Creates and changes options. The caller holds the field's lock."""

    def make(self, known: CustomField, name: str) -> bool:
        """Creates an option. False if there is no room for it. Raises RecordError if Asana refuses it."""

    def make_without_field(self, title: str, name: str) -> bool:
        """Creates an option of a field that does not exist yet. False if that is not possible."""

    def change(self, known: CustomField, option: OptionState, changes: Mapping[str, Any]) -> None:
        """Renames, enables or disables an option. Raises RecordError if Asana refuses that."""


class OptionWriter:
    """Writes options to Asana."""

    def __init__(self, fields: CustomFields) -> None:
        self._fields = fields

    def make(self, known: CustomField, name: str) -> bool:
        return known.by_name(name) is not None or self._fields.options.add_option(known, name) is not None

    def make_without_field(self, title: str, name: str) -> bool:
        return False

    def change(self, known: CustomField, option: OptionState, changes: Mapping[str, Any]) -> None:
        self._fields.options.change_option(known, option, **changes)


class DryRunOptionWriter:
    """Logs the changes of options."""

    def make(self, known: CustomField, name: str) -> bool:
        return self.make_without_field(known.title, name)

    def make_without_field(self, title: str, name: str) -> bool:
        logger.info(f"Dry run, {title}: the option “{name}” would be created")
        return True

    def change(self, known: CustomField, option: OptionState, changes: Mapping[str, Any]) -> None:
        words = [f"renamed to “{changes['name']}”"] if "name" in changes else []
        words += ["enabled" if changes["enabled"] else "disabled"] if "enabled" in changes else []
        logger.info(f"Dry run, {known.title}: the option “{option.name}” would be {' and '.join(words)}")
