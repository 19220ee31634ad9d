"""Tasks lie in the section of their Visma status, where the settings ask for that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from destination_asana.board.fields.values import CustomFields
from destination_asana.board.sections import Sections
from destination_asana.documents.fields import STATUS
from destination_asana.planning.changes import GONE, Change


class SectionsByStatus:
    """Adds to a change the section of one project that the task has to go to."""

    def __init__(self, fields: CustomFields, sections: Sections) -> None:
        self._fields = fields
        self._sections = sections

    def add(self, change: Change, settled: Mapping[str, Any], shown: Mapping[str, Any]) -> Change:
        """`settled` are the values the task has to show, `shown` those it does."""
        current = change.current
        if current is not None and current.elsewhere and change.empty:
            # A person took it out of the project; it comes back only with news from Visma.
            return change
        field = self._fields.get(STATUS)
        statuses = [option.name for option in field.options.values()] if field else []
        section = self._sections.target(settled.get(STATUS), current, shown.get(STATUS), statuses)
        if section is None:
            return change
        before = self._sections.name_of(current.section) if current is not None else None
        return replace(change, section=section, section_before=before)

    def add_gone(self, change: Change, shown: Mapping[str, Any]) -> Change:
        """The same for a document that is gone from Visma."""
        return self.add(change, {STATUS: GONE}, shown)
