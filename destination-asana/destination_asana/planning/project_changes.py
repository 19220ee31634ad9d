"""Document × its project → what the project has to change. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from destination_asana.documents import fields as names
from destination_asana.documents.document import Document
from destination_asana.documents.reader import half_up
from destination_asana.planning.changes import Differences, same
from destination_asana.planning.dates import shifted
from destination_asana.planning.descriptions import REGISTER_TITLE, Description, describe
from destination_asana.planning.project import Project


@dataclass(frozen=True, slots=True)
class ProjectChange:
    """`data` goes into the update as it is, `block` replaces the description's, `values` are field values by name,
    (before, after); `attributes` is what `data` changes by the name people know, (before, after)."""

    data: Mapping[str, Any] = field(default_factory=dict)
    block: Description | None = None
    values: Differences = field(default_factory=dict)
    attributes: Differences = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (self.data or self.block or self.values)

    def differences(self, text_before: str | None = None) -> dict[str, tuple[Any, Any]]:
        """All that differs but the field values. `text_before` is what the description's block says now."""
        described = {"description": (text_before, self.block.text)} if self.block is not None else {}
        return {**self.attributes, **described}


def plan_project(
    document: Document, project: Project, block: Description, wanted: Mapping[str, Any], present: Mapping[str, Any]
) -> ProjectChange:
    """Compares a document with its project. `wanted` are the field values the project should have, `present` those it
    does. What people own stays: an edited description, and a due date on a document that has none."""
    data: dict[str, Any] = {}
    attributes: dict[str, tuple[Any, Any]] = {}
    if document.gives("name") and project.name != document.name:
        data["name"] = document.name
        attributes["name"] = (project.name, document.name)
    # A date on a document without one is a person's, unless it is the one the sync had set.
    ours = project.due_on == project.due_in_notes
    if document.gives("due_on") and project.due_on != document.due_date and (document.due_date or ours):
        data |= due_data(document.due_date, project)
        attributes["due_on"] = (project.due_on, document.due_date)
    describes = document.gives("description") and project.digest is not None and project.digest != block.digest
    values = {name: (present.get(name), after) for name, after in wanted.items() if not same(present.get(name), after)}
    return ProjectChange(data, block if describes else None, values, attributes)


def due_data(due_date: str | None, project: Project) -> dict[str, Any]:
    """The due date as Asana takes it: a project starts before it is due, and has no start without a due date."""
    if due_date is None:
        return {"due_on": None, **({"start_on": None} if project.start_on else {})}
    if project.start_on and project.start_on >= due_date:
        return {"due_on": due_date, "start_on": shifted(due_date, -1)}
    return {"due_on": due_date}


def block_of(document: Document, *, with_lines: bool, register_url: str) -> Description:
    """The project's description. Outside a portfolio a project has no fields, so it says their values too."""
    values = document.fields
    currency = values.get(names.CURRENCY)
    facts = [
        ("Visma ID", document.visma_id),
        ("Status", document.status),
        ("Amount", _money(values.get(names.AMOUNT), currency)),
        ("Left to pay", _money(values.get(names.BALANCE), currency)),
        ("Due date", document.due_date),
        ("Document date", values.get(names.DOCUMENT_DATE)),
    ]
    described = replace(document, facts=[*((title, text) for title, text in facts if text), *document.facts])
    return describe(described, with_lines=with_lines, links=[(REGISTER_TITLE, register_url)])


def appended(html_notes: str, block: Description) -> str:
    """A description with the block after whatever stands there already."""
    inner = html_notes.strip().removeprefix("<body>").removesuffix("</body>").strip()
    return f"<body>{inner}\n{block.html}</body>" if inner else block.body


def _money(amount: float | None, currency: str | None) -> str | None:
    return None if amount is None else f"{half_up(amount, 2)} {currency or ''}".rstrip()
