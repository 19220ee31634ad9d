"""The card of a Visma project: record → Document. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from destination_asana.documents import fields as names
from destination_asana.documents.document import Document, note_of, party_of
from destination_asana.documents.errors import RecordError
from destination_asana.documents.reader import Reader
from destination_asana.documents.subject import Subject, project_key
from destination_asana.documents.texts import one_line
from destination_asana.documents.visma_ids import type_in

# The titles of the rows in a card's description that hold what routes match. The Visma ID holds the internal number, and
# people may change the card's name.
PROJECT_ID, PROJECT_DESCRIPTION = "Project ID", "Project description"
# Stands for a description that is empty in Visma, so that the row is never missing.
NO_DESCRIPTION = "(none)"


def is_card(record: Any, non_project_code: str) -> bool:
    """Whether a record is a project with a card. Templates and the code for "no project" have none."""
    if not isinstance(record, Mapping):
        # The reader rejects it later.
        return True
    project_id = record.get("projectID")
    is_none = project_id is not None and project_key(str(project_id)) == project_key(non_project_code)
    return not (is_none or record.get("systemTemplate") is True or record.get("nonProject") is True)


def project(reader: Reader, visma_id: str) -> Document:
    """The card of a project as a document."""
    project_id = one_line(reader.key("projectID"))
    if project_id is None:
        raise RecordError("projectID", "is missing, and without it the project has no identity", visma_id)
    description, status = one_line(reader.text("description")), reader.text("status")
    start_date, due_date = reader.date("startDate"), reader.date("endDate")
    manager = reader.object("projectManager")
    branch = reader.object("branch").text("number"), reader.object("branch").text("name")
    label = f"Project {project_id}"
    facts = [
        (PROJECT_ID, project_id),
        (PROJECT_DESCRIPTION, description or NO_DESCRIPTION),
        ("Project manager", manager.text("employeeName")),
        ("Customer", party_of(reader.object("customer"))),
        ("Start date", start_date),
        ("Branch", branch[1] or branch[0]),
    ]
    return Document(
        visma_id=visma_id,
        label=label,
        supplier_name=None,
        supplier_number=None,
        status=status,
        due_date=due_date,
        fields={
            names.VISMA_ID: visma_id,
            names.DOCUMENT_TYPE: type_in(visma_id).option,
            names.DUE_DATE: due_date,
            names.DOCUMENT_DATE: start_date,
            names.STATUS: status,
        },
        lines=[],
        facts=[(title, text) for title, text in facts if text],
        note=note_of(reader),
        title=f"{label} · {description}" if description else label,
        manager_email=manager.object("contact").text("email"),
        subject=Subject(projects=((project_id, description),), branches=(branch,) if any(branch) else ()),
    )
