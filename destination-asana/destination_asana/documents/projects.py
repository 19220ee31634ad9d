"""A project of Visma as a card: record → what its task shows. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from destination_asana.documents import fields
from destination_asana.documents.document import Document, note_of, party_of
from destination_asana.documents.errors import RecordError
from destination_asana.documents.reader import Reader
from destination_asana.documents.types import Kind, type_of

# How the description of a card says which project it is: its Visma ID carries another number.
PROJECT_ID = "Project ID"
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


def is_card(record: Any, non_project_code: str) -> bool:
    """Whether a record is a project with a card. A template has none, nor has the code that stands for "no project"."""
    if not isinstance(record, Mapping):
        # What is no record is rejected where it is read.
        return True
    is_none = project_key(str(record.get("projectID") or "")) == project_key(non_project_code)
    return not (is_none or record.get("systemTemplate") is True or record.get("nonProject") is True)


def card_of(record: Mapping[str, Any], non_project_code: str) -> ProjectCard | None:
    """The card of a project; None where it has none. Raises RecordError for a record without an identity."""
    card = _card(Reader(record))
    return card if is_card(record, non_project_code) else None


def project(reader: Reader, visma_id: str) -> Document:
    """The card of a project as a document."""
    card = _card(reader)
    facts = [
        (PROJECT_ID, card.project_id),
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
            fields.VISMA_ID: visma_id,
            fields.DOCUMENT_TYPE: type_of(Kind.PROJECTS, "").option,
            fields.DUE_DATE: card.due_date,
            fields.DOCUMENT_DATE: card.start_date,
            fields.STATUS: card.status,
        },
        lines=[],
        facts=[(title, text) for title, text in facts if text],
        note=note_of(reader),
        title=card.name,
        manager_email=card.manager_email,
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
        project_id=" ".join(project_id.split()),
        description=" ".join(description.split()) if description else None,
        status=status,
        start_date=reader.date("startDate"),
        due_date=reader.date("endDate"),
        completed=(status or "").casefold() in _ENDED,
        manager_name=manager.text("employeeName"),
        manager_email=manager.object("contact").text("email"),
        customer=party_of(customer),
        branch=(branch.text("number"), branch.text("name")),
    )
