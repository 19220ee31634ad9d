"""Keeps tasks in the section of their Visma status, if the settings ask for it."""

from __future__ import annotations

from dataclasses import replace

from destination_asana.board import Sections
from destination_asana.board.fields import CustomFields
from destination_asana.documents import FieldValues, text_value
from destination_asana.documents.fields import STATUS
from destination_asana.planning import GONE, Change


class SectionsByStatus:
    """Adds to a change the section of one project that the task has to move to."""

    def __init__(self, fields: CustomFields, sections: Sections) -> None:
        self._fields = fields
        self._sections = sections

    def add(self, change: Change, wanted: FieldValues, present: FieldValues) -> Change:
        """`wanted` are the values that the task should have, `present` those that it has."""
        current = change.current
        if current is not None and current.elsewhere and change.empty:
            # A person removed it from the project, so it returns only with a change in Visma.
            return change
        field = self._fields.catalog.get(STATUS)
        statuses = [option.name for option in field.options.values()] if field else []
        section = self._sections.target(text_value(wanted, STATUS), current, text_value(present, STATUS), statuses)
        if section is None:
            return change
        before = self._sections.name_of(current.section) if current is not None else None
        return replace(change, section=section, section_before=before)

    def add_gone(self, change: Change, present: FieldValues) -> Change:
        """The same for a document that is gone from Visma."""
        return self.add(change, {STATUS: GONE}, present)
