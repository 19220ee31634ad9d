"""Where the lines of a document live in Asana: as subtasks of its task, or as tasks of its project."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from destination_asana.asana.client import Client
from destination_asana.documents.line_items import ExistingItem, LineItem
from destination_asana.planning.line_marks import mark_in, marked_notes

ITEM_FIELDS = "name,completed,notes,created_by"


class Container(Protocol):
    """Where the items of a document live: under its task or in its project."""

    client: Client
    gid: str
    visma_id: str

    def list(self) -> list[ExistingItem]:
        """The items in their present order; those that are not `marked` may be people's."""

    def makers(self) -> set[str | None]:
        """Whoever has made items here on behalf of the sync, by gid."""

    def create(self, line: LineItem, known: set[str]) -> ExistingItem:
        """Makes the item of a line; after a lost answer, the one of its name whose gid is not `known` is it."""

    def move(self, gid: str, behind: str | None, first: str) -> None:
        """Puts an item behind another one, or before the `first` when `behind` is None."""

    def section(self, gid: str) -> str | None:
        """The section an item lies in, by gid; None where there are none."""


@dataclass
class Subtasks:
    """The subtasks of one document's task. 0.1.0 left no marks, so unmarked ones are told too."""

    client: Client
    gid: str
    visma_id: str

    def list(self) -> list[ExistingItem]:
        listed = self.client.list(f"/tasks/{self.gid}/subtasks", {"opt_fields": ITEM_FIELDS})
        return [_item(raw, self.visma_id) for raw in listed]

    def makers(self) -> set[str | None]:
        # The token may have changed hands since: then whoever made the task made its lines.
        task = self.client.get(f"/tasks/{self.gid}", {"opt_fields": "created_by"})
        return {self.client.own_gid(), _maker(task)}

    def create(self, line: LineItem, known: set[str]) -> ExistingItem:
        data = {"name": line.name, "notes": marked_notes(self.visma_id, line.number, completed=False)}
        made = self.client.create(f"/tasks/{self.gid}/subtasks", data, lambda: _named(self.list(), line.name, known))
        return ExistingItem(made["gid"], line.name, notes=data["notes"])

    def move(self, gid: str, behind: str | None, first: str) -> None:
        place = {"insert_after": behind} if behind else {"insert_before": first}
        self.client.act(f"/tasks/{gid}/setParent", {"parent": self.gid, **place})

    def section(self, gid: str) -> str | None:
        return None


@dataclass
class ProjectTasks:
    """The line items among the tasks of one document's project.

    Other tasks there belong to its template or to people, so only marked ones are told. The section of an item is the
    people's choice, so lines are kept in order within each section only.
    """

    client: Client
    gid: str
    visma_id: str
    _sections: dict[str, str] = field(default_factory=dict)

    def list(self) -> list[ExistingItem]:
        query = {"project": self.gid, "opt_fields": f"{ITEM_FIELDS},memberships.project,memberships.section"}
        tasks = [task for task in self.client.list("/tasks", query) if mark_in(task.get("notes"), self.visma_id)]
        for task in tasks:
            for membership in task.get("memberships") or []:
                if (membership.get("project") or {}).get("gid") == self.gid and membership.get("section"):
                    self._sections[task["gid"]] = membership["section"]["gid"]
        return [_item(task, self.visma_id) for task in tasks]

    def makers(self) -> set[str | None]:
        return {self.client.own_gid()}

    def create(self, line: LineItem, known: set[str]) -> ExistingItem:
        notes = marked_notes(self.visma_id, line.number, completed=False)
        data = {"name": line.name, "notes": notes, "projects": [self.gid]}
        made = self.client.create("/tasks", data, lambda: _named(self.list(), line.name, known), {"opt_fields": "name"})
        return ExistingItem(made["gid"], line.name, notes=notes)

    def move(self, gid: str, behind: str | None, first: str) -> None:
        place = {"insert_after": behind} if behind else {"insert_before": first}
        self.client.act(f"/tasks/{gid}/addProject", {"project": self.gid, **place})

    def section(self, gid: str) -> str | None:
        return self._sections.get(gid)


def _item(raw: dict[str, Any], visma_id: str) -> ExistingItem:
    notes = raw.get("notes") or ""
    mark = mark_in(notes, visma_id)
    return ExistingItem(
        raw["gid"],
        raw.get("name") or "",
        bool(raw.get("completed")),
        number=mark.number if mark else None,
        marked=mark is not None,
        ticked=mark is not None and mark.completed,
        notes=notes,
        maker=_maker(raw),
    )


def _maker(raw: dict[str, Any]) -> str | None:
    return (raw.get("created_by") or {}).get("gid")


def _named(items: list[ExistingItem], name: str, known: set[str]) -> dict[str, Any] | None:
    """The item a lost answer was about: marked, of that name, and not seen before."""
    found = (item for item in items if item.marked and item.name == name and item.gid not in known)
    return next(({"gid": item.gid} for item in found), None)
