"""Asana refuses a write: the cause is removed where that is possible, else the refusal becomes the record's error."""

from __future__ import annotations

import logging

from destination_asana.asana.errors import AsanaError
from destination_asana.documents import fields as names
from destination_asana.documents.errors import RecordError
from destination_asana.planning.changes import Change, Reason
from destination_asana.writing.place import Place

logger = logging.getLogger("airbyte")

# Different causes of one write's refusal that are removed before the refusal counts.
MOST_MENDINGS = 3


class VanishedError(RecordError):
    """The task of a document is no longer there, since a person deleted it after it was looked up."""


class Mending:
    """Narrows one change step by step, as Asana's refusals ask. One object per change and project."""

    def __init__(self, place: Place) -> None:
        self._fields = place.fields
        self._sections = place.sections
        self._assignees = place.assignees
        self._project = place.project_gid
        self._refusals = 0
        self._said: str | None = None

    def mend(self, change: Change, error: AsanaError, text_before: str | None = None) -> Change:
        """The change without what Asana refuses. Raises RecordError for what cannot be removed, VanishedError where the
        task is gone, and the error itself where it is not about this document."""
        if change.current is not None and is_gone(error, change.current.gid):
            raise _vanished(error, change.visma_id) from error
        about_document = error.status in (400, 404)
        self._refusals += 1
        if not about_document or self._refusals > MOST_MENDINGS:
            self._fields.dates.failed()
            raise self._as_record_error(change, error, text_before) if about_document else error
        # The same words as before the last try: its mending was not enough.
        again, self._said = error.said == self._said, error.said
        narrowed = self._narrowed(change, error, again=again)
        if narrowed is None:
            raise self._as_record_error(change, error, text_before) from error
        return narrowed

    def _narrowed(self, change: Change, error: AsanaError, *, again: bool) -> Change | None:
        """What is tried next; None where the refusal has no cause that can be removed."""
        said = error.said.lower()
        if "assignee" in change.attributes and "assignee" in said:
            self._assignees.refused(change.attributes["assignee"][1], error.said)
            return change.without("assignee", Reason.REFUSED, error.said)
        if "due_on" in change.attributes and "start" in said:
            logger.warning(
                f"{change.visma_id}: Asana does not take the due date {change.attributes['due_on'][1]} because of the start "
                f"date a person has set: “{error.said}”. The due date stays as it is; the field Visma due date has the new one."
            )
            return change.without("due_on", Reason.REFUSED, error.said)
        if change.section is not None and ("section" in said or "membership" in said):
            # Somebody deleted the section during the sync.
            self._sections.forget()
            return change
        has_dates = _has_dates(change)
        if has_dates and self._fields.dates.may_be_meant(said):
            # The other form of a date is tried next.
            self._fields.dates.doubted()
            return change
        if "custom field" in said or "custom_field" in said or "enum" in said:
            # Somebody changed the fields during the sync.
            self._fields.refresh(self._project)
            if again and has_dates:
                self._fields.dates.doubted()
            return change
        return None

    def _as_record_error(self, change: Change, error: AsanaError, text_before: str | None) -> RecordError:
        # A new task asks for everything at once: only what Asana names helps.
        asked = [
            name
            for name in change.differences(text_before)
            if change.current is not None or name.lower() in error.said.lower()
        ]
        return RecordError(
            ", ".join(map(self._fields.title, asked)) or "the task",
            f"Asana refuses it: “{error.said}” ({error.status})",
            change.visma_id,
        )


def is_gone(error: AsanaError, gid: str) -> bool:
    """Whether a refusal says that the task `gid` is no longer there."""
    about_it = error.path.startswith(f"/tasks/{gid}") and error.status == 404
    return about_it or (gid in error.said and error.unknown_object)


def refusal_of_lines(error: AsanaError, gid: str, visma_id: str) -> Exception:
    """What a refusal means that came while the lines under the task `gid` were written."""
    if is_gone(error, gid):
        return _vanished(error, visma_id)
    if error.status in (400, 404):
        return RecordError("the lines", f"Asana refuses them: “{error.said}”", visma_id)
    return error


def _vanished(error: AsanaError, visma_id: str) -> VanishedError:
    return VanishedError("the task", f"is no longer in Asana ({error.said})", visma_id)


def _has_dates(change: Change) -> bool:
    return any(
        after is not None and names.DEFINITIONS[name].type == "date" for name, (_, after) in change.fields.items()
    )
