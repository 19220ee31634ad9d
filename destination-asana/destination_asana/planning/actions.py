"""What the sync did with a record or document, in the words of the summary, the audit log and the report. Pure."""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    """What a sync does with a document. `adopted` means that a task that people had made was taken over; `superseded` that
    Asana has a newer version, so the record was skipped; `left out` that Visma had closed it before it first came, and the
    settings make no task of such documents."""

    CREATED = "created"
    ADOPTED = "adopted"
    UPDATED = "updated"
    COMPLETED = "completed"
    REOPENED = "reopened"
    UNCHANGED = "unchanged"
    SUPERSEDED = "superseded"
    LEFT_OUT = "left out (closed before)"
    QUARANTINED = "quarantined"
    IGNORED = "ignored"
