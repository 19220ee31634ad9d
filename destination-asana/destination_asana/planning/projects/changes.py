"""Document × its Asana project → ProjectChange. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from destination_asana.documents import Document, FieldValue, FieldValues, half_up, number_value, text_value
from destination_asana.documents import fields as names
from destination_asana.planning.changes import Differences
from destination_asana.planning.dates import shifted
from destination_asana.planning.descriptions import REGISTER_TITLE, Description, describe
from destination_asana.planning.equality import same
from destination_asana.planning.projects.project import Project


@dataclass(frozen=True, slots=True)
class ProjectChange:
    """`data` is the body of the update; `block` replaces the description block; `values` are field values by name, as
    (before, after); `attributes` lists what `data` changes, as (before, after) by the name that people know."""

    data: Mapping[str, Any] = field(default_factory=dict)
    block: Description | None = None
    values: Differences = field(default_factory=dict)
    attributes: Differences = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (self.data or self.block or self.values)

    def differences(self, text_before: str | None = None) -> dict[str, tuple[FieldValue, FieldValue]]:
        """All differences except the field values. `text_before` is the present text of the description block."""
        described = {"description": (text_before, self.block.text)} if self.block is not None else {}
        return {**self.attributes, **described}


def plan_project(
    document: Document, project: Project, block: Description, wanted: FieldValues, present: FieldValues
) -> ProjectChange:
    """Compares a document with its project. `wanted` are the document's field values, `present` the project's own. What
    people own stays: an edited description, and a due date if the document has none."""
    data: dict[str, Any] = {}
    attributes: dict[str, tuple[FieldValue, FieldValue]] = {}
    if document.gives("name") and project.name != document.name:
        data["name"] = document.name
        attributes["name"] = (project.name, document.name)
    # If the document has no due date, the project's date belongs to a person, unless the sync had set it.
    ours = project.due_on == project.due_in_notes
    if document.gives("due_on") and project.due_on != document.due_date and (document.due_date or ours):
        data |= due_data(document.due_date, project)
        attributes["due_on"] = (project.due_on, document.due_date)
    describes = document.gives("description") and project.digest is not None and project.digest != block.digest
    values = {name: (present.get(name), after) for name, after in wanted.items() if not same(present.get(name), after)}
    return ProjectChange(data, block if describes else None, values, attributes)


def due_data(due_date: str | None, project: Project) -> dict[str, Any]:
    """The due date in the form that Asana accepts: a start date must lie before the due date, and needs one."""
    if due_date is None:
        return {"due_on": None, **({"start_on": None} if project.start_on else {})}
    if project.start_on and project.start_on >= due_date:
        return {"due_on": due_date, "start_on": shifted(due_date, -1)}
    return {"due_on": due_date}


def block_of(document: Document, *, with_lines: bool, register_url: str) -> Description:
    """The project's description. Outside a portfolio a project has no custom fields, so the block lists their values too."""
    values = document.fields
    currency = text_value(values, names.CURRENCY)
    facts = [
        ("Visma ID", document.visma_id),
        ("Status", document.status),
        ("Amount", _money(number_value(values, names.AMOUNT), currency)),
        ("Left to pay", _money(number_value(values, names.BALANCE), currency)),
        ("Due date", document.due_date),
        ("Document date", text_value(values, names.DOCUMENT_DATE)),
    ]
    described = replace(document, facts=[*((title, text) for title, text in facts if text), *document.facts])
    return describe(described, with_lines=with_lines, links=[(REGISTER_TITLE, register_url)])


def appended(html_notes: str, block: Description) -> str:
    """A description with the block added at its end."""
    inner = html_notes.strip().removeprefix("<body>").removesuffix("</body>").strip()
    return f"<body>{inner}\n{block.html}</body>" if inner else block.body


def _money(amount: float | None, currency: str | None) -> str | None:
    return None if amount is None else f"{half_up(amount, 2)} {currency or ''}".rstrip()
