"""Handles a write that Asana refuses: removes the cause if possible, else makes the refusal the record's error."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import replace

from destination_asana.asana import (
    NOT_THERE,
    OF_CONTENT_OR_GONE,
    OF_ONE_OBJECT,
    OF_RIGHTS,
    UNAVAILABLE,
    AsanaError,
    Cause,
    Refusal,
)
from destination_asana.documents import RecordError
from destination_asana.documents import fields as names
from destination_asana.planning import Change, Moves, Reason
from destination_asana.writing.tasks.place import Place

logger = logging.getLogger("airbyte")

# The most causes to remove from one write before the refusal counts.
MOST_MENDINGS = 3


class VanishedError(RecordError):
    """The task of a document no longer exists, because a person deleted it after the look-up."""


class LapsedError(VanishedError):
    """The task that a document was to take over cannot be taken over any more."""


class Mending:
    """Narrows one change step by step, as Asana's refusals require. One object for each change and project."""

    def __init__(self, place: Place) -> None:
        self._fields = place.fields
        self._sections = place.sections
        self._assignees = place.assignees
        self._project = place.project_gid
        self._ledger = place.index.lines
        self._refusals = 0
        self._last: AsanaError | None = None

    def mend(self, change: Change, error: AsanaError, text_before: str | None = None) -> Change:
        """The change without the part that Asana refuses. Raises RecordError if the part cannot be removed, VanishedError
        if the task no longer exists, and the error itself if it is not about this document."""
        if change.current is not None and is_gone(error, change.current.gid):
            raise _vanished(error, change.visma_id) from error
        if change.match is not None and (error.refusal in OF_RIGHTS or _refuses_to_join(error)):
            # The document gets a new task instead.
            raise LapsedError("the task", f"is refused by Asana: “{error.message}” ({error.status})", change.visma_id)
        if change.lines is not None and self._may_be_about_the_note(error):
            return replace(change, lines=None)
        about_document = error.refusal in OF_CONTENT_OR_GONE
        self._refusals += 1
        if not about_document or self._refusals > MOST_MENDINGS:
            self._fields.values.dates.failed()
            raise self._as_record_error(change, error, text_before) if about_document else error
        # The same message as before the last try means that the repair was not enough.
        again, self._last = error.says_the_same_as(self._last), error
        narrowed = self._narrowed(change, error, again=again)
        if narrowed is None:
            raise self._as_record_error(change, error, text_before) from error
        return narrowed

    def _may_be_about_the_note(self, error: AsanaError) -> bool:
        """Whether to try again without external data. The sync can do without it, and then reads the lines of each
        document."""
        if error.refusal not in UNAVAILABLE or error.causes - {Cause.EXTERNAL}:
            return False
        return self._ledger.refused(named=Cause.EXTERNAL in error.causes)

    def _narrowed(self, change: Change, error: AsanaError, *, again: bool) -> Change | None:
        """The next change to try; None if the cause of the refusal cannot be removed."""
        causes = error.causes
        if "assignee" in change.attributes and Cause.ASSIGNEE in causes:
            self._assignees.refused(change.attributes["assignee"][1], error.message)
            return change.without("assignee", Reason.REFUSED, error.message)
        if "due_on" in change.attributes and Cause.START_DATE in causes:
            logger.warning(
                f"{change.visma_id}: Asana does not take the due date {change.attributes['due_on'][1]} because of the start "
                f"date a person has set: “{error.message}”. The due date stays as it is; the field Visma due date has the new one."
            )
            return change.without("due_on", Reason.REFUSED, error.message)
        if change.description is not None and change.current is not None and Cause.DESCRIPTION in causes:
            logger.warning(
                f"{change.visma_id}: Asana does not take the new description: “{error.message}”. Likely cause: together with the text "
                "that people have written around it, it is too long. The description stays as it is, everything else is "
                "written. Shorten that text in Asana; the description follows when the record comes again."
            )
            return change.without("description", Reason.REFUSED, error.message)
        return change if self._reread(change, causes, again=again) else None

    def _reread(self, change: Change, causes: Collection[Cause], *, again: bool) -> bool:
        """Drops the knowledge that may be out of date, so that the same change is worth another try. False if nothing that the
        sync knows explains the refusal."""
        if change.section is not None and Cause.SECTION in causes:
            # Somebody deleted the section during the sync.
            self._sections.forget()
            return True
        has_dates = _has_dates(change)
        if has_dates and Cause.DATE_VALUE in causes and self._fields.values.dates.is_open:
            # The other form of a date is tried next.
            self._fields.values.dates.doubted()
            return True
        if Cause.CUSTOM_FIELD in causes:
            # Somebody changed the fields during the sync.
            self._fields.catalog.refresh(self._project)
            if again and has_dates:
                self._fields.values.dates.doubted()
            return True
        return False

    def _as_record_error(self, change: Change, error: AsanaError, text_before: str | None) -> RecordError:
        # A new task contains everything at once, so only a part that Asana names can be removed.
        asked = [name for name in change.differences(text_before) if change.current is not None or error.names(name)]
        return RecordError(
            ", ".join(map(self._fields.catalog.title, asked)) or "the task",
            f"Asana refuses it: “{error.message}” ({error.status})",
            change.visma_id,
        )


def may_refuse_a_project(error: AsanaError, moves: Moves) -> bool:
    """Whether the refusal of a new task may be about one of the projects that it should join."""
    if not moves.join or error.refusal not in OF_ONE_OBJECT:
        return False
    named = Cause.PLACE in error.causes or any(error.names(each.project_gid) for each in moves.join)
    return named or error.refusal in OF_RIGHTS | NOT_THERE


def is_gone(error: AsanaError, gid: str) -> bool:
    """Whether a refusal says that the task `gid` no longer exists."""
    about_it = error.path.startswith(f"/tasks/{gid}") and error.refusal is Refusal.GONE
    return about_it or (error.refusal in NOT_THERE and error.names(gid))


def _refuses_to_join(error: AsanaError) -> bool:
    """Whether a task may not join its register project, because it belongs to as many projects as Asana allows."""
    return error.path.endswith("/addProject") and error.refusal in OF_ONE_OBJECT


def refusal_of_lines(error: AsanaError, gid: str, visma_id: str) -> Exception:
    """The error for a refusal while the lines under the task `gid` were written."""
    if is_gone(error, gid):
        return _vanished(error, visma_id)
    if error.refusal in OF_CONTENT_OR_GONE:
        return RecordError("the lines", f"Asana refuses them: “{error.message}”", visma_id)
    return error


def _vanished(error: AsanaError, visma_id: str) -> VanishedError:
    return VanishedError("the task", f"is no longer in Asana ({error.message})", visma_id)


def _has_dates(change: Change) -> bool:
    return any(
        after is not None and names.DEFINITIONS[name].type == "date" for name, (_, after) in change.fields.items()
    )
