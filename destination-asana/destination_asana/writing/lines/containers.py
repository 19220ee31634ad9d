"""Where the items of a document are in Asana: subtasks of its task, or tasks of its project."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from destination_asana.asana import Client
from destination_asana.documents import LineItem
from destination_asana.planning.lines import ExistingItem, Tick, first_mark, mark_in, marked_notes

ITEM_FIELDS = "name,completed,completed_by,due_on,due_at,start_on,notes,created_by,resource_subtype"
UPDATE_FIELDS = f"{ITEM_FIELDS},html_notes"


class Container(Protocol):
    """The place of a document's items: under its task or in its project."""

    client: Client
    gid: str
    visma_id: str

    def list(self) -> list[ExistingItem]:
        """The items in their present order. Those that are not `marked` may belong to people."""

    def makers(self) -> set[str | None]:
        """The gids of the users who have created items here on behalf of the sync."""

    def create(self, line: LineItem, known: set[str]) -> ExistingItem:
        """Creates the item of a line. After a lost answer, the item with its name and an unknown gid (not in `known`) is
        taken for it."""

    def move(self, gid: str, behind: str | None, first: str) -> None:
        """Moves an item behind another one, or before the `first` if `behind` is None."""

    def section(self, gid: str) -> str | None:
        """The gid of the section of an item, or None without sections."""


@dataclass
class Subtasks:
    """The subtasks of one document's task. 0.1.0 left no marks, so the listing includes unmarked ones."""

    client: Client
    gid: str
    visma_id: str

    def list(self) -> list[ExistingItem]:
        listed = self.client.list(f"/tasks/{self.gid}/subtasks", {"opt_fields": ITEM_FIELDS})
        return [item_of(raw, self.visma_id) for raw in listed]

    def makers(self) -> set[str | None]:
        # The token may have changed since; the creator of the task has also created its lines.
        task = self.client.get(f"/tasks/{self.gid}", {"opt_fields": "created_by"})
        return {self.client.own_gid(), _maker(task)}

    def create(self, line: LineItem, known: set[str]) -> ExistingItem:
        data = _new(line, self.visma_id)
        made = self.client.create(f"/tasks/{self.gid}/subtasks", data, lambda: _named(self.list(), line.name, known))
        return ExistingItem(made["gid"], line.name, notes=data["notes"])

    def move(self, gid: str, behind: str | None, first: str) -> None:
        place = {"insert_after": behind} if behind else {"insert_before": first}
        self.client.act(f"/tasks/{gid}/setParent", {"parent": self.gid, **place})

    def section(self, gid: str) -> str | None:
        return None


@dataclass
class ProjectTasks:
    """The items among the tasks of one document's project.

    Other tasks there belong to its template or to people, so the listing includes only marked ones. People choose the
    section of an item, so lines are kept in order only within each section.
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
        return [item_of(task, self.visma_id) for task in tasks]

    def makers(self) -> set[str | None]:
        return {self.client.own_gid()}

    def create(self, line: LineItem, known: set[str]) -> ExistingItem:
        data = {**_new(line, self.visma_id), "projects": [self.gid]}
        made = self.client.create("/tasks", data, lambda: _named(self.list(), line.name, known), {"opt_fields": "name"})
        return ExistingItem(made["gid"], line.name, notes=data["notes"])

    def move(self, gid: str, behind: str | None, first: str) -> None:
        place = {"insert_after": behind} if behind else {"insert_before": first}
        self.client.act(f"/tasks/{gid}/addProject", {"project": self.gid, **place})

    def section(self, gid: str) -> str | None:
        return self._sections.get(gid)


def item_of(raw: dict[str, Any], visma_id: str) -> ExistingItem:
    """Makes an item from Asana's answer."""
    notes = raw.get("notes") or ""
    mark = mark_in(notes, visma_id)
    return ExistingItem(
        raw["gid"],
        raw.get("name") or "",
        bool(raw.get("completed")),
        number=mark.number if mark else None,
        marked=mark is not None,
        tick=mark.tick if mark else Tick.NONE,
        set_due_on=mark.due_on if mark else None,
        # A due time comes from a person, because the sync sets only days.
        due=raw.get("due_at") or raw.get("due_on"),
        start_on=raw.get("start_on"),
        notes=notes,
        maker=_maker(raw),
        completer=(raw.get("completed_by") or {}).get("gid"),
        approval=raw.get("resource_subtype") == "approval",
    )


def _new(line: LineItem, visma_id: str) -> dict[str, Any]:
    """The data of a new item, with due date and completion, so that it needs no second call."""
    mark = first_mark(line)
    data: dict[str, Any] = {"name": line.name, "notes": marked_notes(visma_id, mark)}
    if mark.due_on:
        data["due_on"] = mark.due_on
    if mark.tick:
        data["completed"] = True
    return data


def _maker(raw: dict[str, Any]) -> str | None:
    return (raw.get("created_by") or {}).get("gid")


def _named(items: list[ExistingItem], name: str, known: set[str]) -> dict[str, Any] | None:
    """The item that a lost answer was about: marked, with that name, and not seen before."""
    found = (item for item in items if item.marked and item.name == name and item.gid not in known)
    return next(({"gid": item.gid} for item in found), None)
