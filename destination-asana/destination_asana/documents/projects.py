"""The card of a Visma project: record → Document. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from destination_asana.documents import fields as names
from destination_asana.documents.document import Document, note_of, party_of
from destination_asana.documents.errors import RecordError
from destination_asana.documents.reader import Reader
from destination_asana.documents.subject import Subject, project_key
from destination_asana.documents.texts import one_line
from destination_asana.documents.types import Kind, type_of

# The titles of the rows in a card's description that hold what routes match. The Visma ID holds the internal number, and
# people may change the card's name.
PROJECT_ID, PROJECT_DESCRIPTION = "Project ID", "Project description"
# Stands for a description that is empty in Visma, so that the row is never missing.
NO_DESCRIPTION = "(none)"
_ENDED = frozenset({"completed", "cancelled"})


@dataclass(frozen=True, slots=True)
class ProjectCard:
    """A Visma project. `visma_id` is made from the internal number, because people may change the project ID.
    `manager_email` is the project manager's address; `completed` is True when the project is completed or cancelled."""

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


def is_card(record: Any, non_project_code: str) -> bool:
    """Whether a record is a project with a card. Templates and the code for "no project" have none."""
    if not isinstance(record, Mapping):
        # The reader rejects it later.
        return True
    is_none = project_key(str(record.get("projectID") or "")) == project_key(non_project_code)
    return not (is_none or record.get("systemTemplate") is True or record.get("nonProject") is True)


def card_of(record: Mapping[str, Any], non_project_code: str) -> ProjectCard | None:
    """The card of a project, or None if it has none. Raises RecordError for a record without an identity."""
    card = _card(Reader(record))
    return card if is_card(record, non_project_code) else None


def project(reader: Reader, visma_id: str) -> Document:
    """The card of a project as a document."""
    card = _card(reader)
    facts = [
        (PROJECT_ID, card.project_id),
        (PROJECT_DESCRIPTION, card.description or NO_DESCRIPTION),
        ("Project manager", card.manager_name),
        ("Customer", card.customer),
        ("Start date", card.start_date),
        ("Branch", card.branch[1] or card.branch[0]),
    ]
    return Document(
        visma_id=visma_id,
        label=f"Project {card.project_id}",
        supplier_name=None,
        supplier_number=None,
        status=card.status,
        due_date=card.due_date,
        fields={
            names.VISMA_ID: visma_id,
            names.DOCUMENT_TYPE: type_of(Kind.PROJECTS, "").option,
            names.DUE_DATE: card.due_date,
            names.DOCUMENT_DATE: card.start_date,
            names.STATUS: card.status,
        },
        lines=[],
        facts=[(title, text) for title, text in facts if text],
        note=note_of(reader),
        title=card.name,
        manager_email=card.manager_email,
        subject=Subject(
            projects=((card.project_id, card.description),), branches=(card.branch,) if any(card.branch) else ()
        ),
    )


def _card(reader: Reader) -> ProjectCard:
    company, internal, project_id = (reader.key(name) for name in ("company_id", "internalID", "projectID"))
    missing = [
        n for n, v in (("company_id", company), ("internalID", internal), ("projectID", project_id)) if v is None
    ]
    if company is None or internal is None or project_id is None:
        raise RecordError(", ".join(missing), "is missing, and without it the project has no identity", reader.visma_id)
    manager, customer, branch = (reader.object(name) for name in ("projectManager", "customer", "branch"))
    status, description = reader.text("status"), reader.text("description")
    return ProjectCard(
        visma_id=f"ProjectId:{company}/{internal}",
        project_id=one_line(project_id),
        description=one_line(description),
        status=status,
        start_date=reader.date("startDate"),
        due_date=reader.date("endDate"),
        completed=(status or "").casefold() in _ENDED,
        manager_name=manager.text("employeeName"),
        manager_email=manager.object("contact").text("email"),
        customer=party_of(customer),
        branch=(branch.text("number"), branch.text("name")),
    )
