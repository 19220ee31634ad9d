"""Writes the sync's mark into the description of a custom field and keeps people's text around it."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from destination_asana.asana import UNAVAILABLE, AsanaError, Client
from destination_asana.board.fields.library import FieldLibrary
from destination_asana.board.fields.marks import Mark, mark_in, with_mark
from destination_asana.board.fields.model import OPTION_TYPES, CustomField
from destination_asana.board.fields.option_owners import UNKNOWN, Owners
from destination_asana.documents.fields import DEFINITIONS, FIRST_DESCRIPTIONS, OTHER_DESCRIPTION, VISMA_ID

logger = logging.getLogger("airbyte")


class FieldMarks:
    """Writes the marks. With `read_only` it writes none."""

    def __init__(self, client: Client, library: FieldLibrary, *, read_only: bool) -> None:
        self._client = client
        self._library = library
        self._may_mark = not read_only
        self._marked_before: bool | None = None

    def note_what_is_there(self) -> None:
        """Records, once per sync and before the first mark is written, whether any field has one."""
        if self._marked_before is None:
            raws = self._library.everything().values()
            self._marked_before = any(mark_in(raw.get("description")) is not None for raw in raws)

    def remember(self, known: CustomField, facts: Mapping[str, tuple[str, ...]]) -> bool:
        """Stores facts about a field in its mark, beside the existing ones, and creates the mark if necessary. False if
        the token may not change the field; then it is not tried again."""
        if not self._may_mark:
            return False
        path = f"/custom_fields/{known.gid}"
        try:
            # Read again, because people and other syncs write into descriptions, too.
            description = self._client.get(path, {"opt_fields": "description"}).get("description")
            now = mark_in(description)
            kept = now.facts if now is not None and now.names(known.name) else self._first_facts(known, description)
            mark = Mark(known.name, {**kept, **facts})
            if mark != now:
                self._client.put(path, {"description": with_mark(description, mark)}, {"opt_fields": "name"})
        except AsanaError as error:
            if error.refusal not in UNAVAILABLE:
                raise
            self._may_mark = False
            logger.info(f"The custom field “{known.title}” is known by its name alone: its description is locked.")
            return False
        known.mark = mark
        return True

    def _first_facts(self, known: CustomField, description: str | None) -> Mapping[str, tuple[str, ...]]:
        """The owners of options in a field's new mark: none or, if somebody has removed an earlier mark, unknown."""
        if known.type not in OPTION_TYPES or not known.options or self._never_marked(known, description):
            return {}
        return Owners([UNKNOWN]).facts()

    def _never_marked(self, known: CustomField, description: str | None) -> bool:
        """Whether a field without a mark comes from version 0.1.0, which left no marks in any field."""
        definition = DEFINITIONS.get(known.name)
        first = {
            OTHER_DESCRIPTION,
            definition.description if definition else "",
            FIRST_DESCRIPTIONS.get(known.name, ""),
        }
        if (description or "").strip() in first - {""}:
            return True
        return not self._marked_before and any(
            raw["name"].strip() == VISMA_ID for raw in self._library.everything().values()
        )

    def facts_of_unmarked(self, known: CustomField) -> Mapping[str, tuple[str, ...]]:
        """What is known of the owners of a field's options while the field has no mark."""
        return self._first_facts(known, self._library.everything().get(known.gid, {}).get("description"))
