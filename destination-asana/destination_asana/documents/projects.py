"""A project of Visma as a card: record → what its task shows. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from destination_asana.documents.errors import RecordError
from destination_asana.documents.reader import Reader

_ENDED = frozenset({"completed", "cancelled"})


@dataclass(frozen=True, slots=True)
class ProjectCard:
    """`visma_id` carries the project's internal number, since people may give it another ID. `manager_email` is the project
    manager's; `completed` when Visma is done with it."""

    visma_id: str
    project_id: str
    description: str | None
    status: str | None
    start_date: str | None
    due_date: str | None
    completed: bool
    manager_name: str | None
    manager_email: str | None
    customer: str | None
    branch: tuple[str | None, str | None]

    @property
    def name(self) -> str:
        """The task's name."""
        label = f"Project {self.project_id}"
        return f"{label} · {self.description}" if self.description else label


def project_key(project_id: str) -> str:
    """A project's ID as it is compared: Visma pads it and does not tell upper from lower case."""
    return " ".join(project_id.split()).casefold()


def card_of(record: Mapping[str, Any], non_project_code: str) -> ProjectCard | None:
    """The card of a project; None for a template and for the code that stands for "no project". Raises RecordError for a
    record without an identity."""
    reader = Reader(record)
    company, internal, project_id = (reader.key(name) for name in ("company_id", "internalID", "projectID"))
    missing = [
        n for n, v in (("company_id", company), ("internalID", internal), ("projectID", project_id)) if v is None
    ]
    if company is None or internal is None or project_id is None:
        raise RecordError(", ".join(missing), "is missing, and without it the project has no identity")
    if reader.raw("systemTemplate") is True or project_key(project_id) == project_key(non_project_code):
        return None
    manager, customer, branch = (reader.object(name) for name in ("projectManager", "customer", "branch"))
    status, description = reader.text("status"), reader.text("description")
    return ProjectCard(
        visma_id=f"ProjectId:{company}/{internal}",
        project_id=" ".join(project_id.split()),
        description=" ".join(description.split()) if description else None,
        status=status,
        start_date=reader.date("startDate"),
        due_date=reader.date("endDate"),
        completed=(status or "").casefold() in _ENDED,
        manager_name=manager.text("employeeName"),
        manager_email=manager.object("contact").text("email"),
        customer=customer.text("name") or customer.text("number"),
        branch=(branch.text("number"), branch.text("name")),
    )
