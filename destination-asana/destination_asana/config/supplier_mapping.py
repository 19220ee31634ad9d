"""The supplier mapping: who is assigned the documents of which supplier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from destination_asana.errors import config_error


@dataclass(frozen=True)
class MappingEntry:
    """One entry of the supplier mapping, as the user wrote it."""

    supplier: str
    assignee: str

    def __str__(self) -> str:
        return f"“{self.supplier}” → “{self.assignee}”"


def mapping_of(entries: Iterable[Mapping[str, str]]) -> tuple[MappingEntry, ...]:
    """The entries without surrounding spaces. Raises config_error for a blank value."""
    return tuple(_entry(number, entry) for number, entry in enumerate(entries))


def _entry(number: int, entry: Mapping[str, str]) -> MappingEntry:
    parts = {name: entry[name].strip() for name in ("supplier", "assignee")}
    blank = next((name for name, text in parts.items() if not text), None)
    if blank:
        raise config_error(f"The settings are not valid: supplier_mapping.{number}.{blank} must not be empty.")
    return MappingEntry(**parts)
