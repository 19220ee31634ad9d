"""What becomes of a record or document, in the words of the summary, the audit log and the report. Pure."""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    """What a sync does with a document; `superseded`: an older version of what Asana has, passed over."""

    CREATED = "created"
    UPDATED = "updated"
    COMPLETED = "completed"
    REOPENED = "reopened"
    UNCHANGED = "unchanged"
    SUPERSEDED = "superseded"
    QUARANTINED = "quarantined"
    IGNORED = "ignored"
