"""The two executors of planned steps on options: one writes them to Asana, one shows them on the log."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Protocol

from destination_asana.board.fields.model import CustomField, OptionState
from destination_asana.board.fields.values import CustomFields

logger = logging.getLogger("airbyte")


class OptionExecutor(Protocol):
    """Makes and changes options. The caller holds the field's lock."""

    def make(self, known: CustomField, name: str) -> bool:
        """Makes an option; False when there is no room for it. Raises RecordError when Asana refuses it."""

    def make_without_field(self, title: str, name: str) -> bool:
        """Makes an option of a field that does not exist; False where that cannot be."""

    def change(self, known: CustomField, option: OptionState, changes: Mapping[str, Any]) -> None:
        """Renames, enables or disables an option. Raises RecordError when Asana refuses that."""


class OptionWriter:
    """Writes options to Asana."""

    def __init__(self, fields: CustomFields) -> None:
        self._fields = fields

    def make(self, known: CustomField, name: str) -> bool:
        return known.by_name(name) is not None or self._fields.add_option(known, name) is not None

    def make_without_field(self, title: str, name: str) -> bool:
        return False

    def change(self, known: CustomField, option: OptionState, changes: Mapping[str, Any]) -> None:
        self._fields.change_option(known, option, **changes)


class DryRunOptionWriter:
    """Logs what would become of options."""

    def make(self, known: CustomField, name: str) -> bool:
        return self.make_without_field(known.title, name)

    def make_without_field(self, title: str, name: str) -> bool:
        logger.info(f"Dry run, {title}: the option “{name}” would be created")
        return True

    def change(self, known: CustomField, option: OptionState, changes: Mapping[str, Any]) -> None:
        words = [f"renamed to “{changes['name']}”"] if "name" in changes else []
        words += ["enabled" if changes["enabled"] else "disabled"] if "enabled" in changes else []
        logger.info(f"Dry run, {known.title}: the option “{option.name}” would be {' and '.join(words)}")
