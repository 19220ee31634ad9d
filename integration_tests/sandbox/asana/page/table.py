"""The list: tasks as rows, with a column for every custom field of the project."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..model import CustomField, Project
from . import values
from .tasklist import TaskList
from .values import Due, Person, Shown

PER_PAGE = 100


@dataclass(frozen=True)
class Row:
    url: str
    name: str
    completed: bool
    assignee: Person | None
    due: Due | None
    cells: list[Shown]


class Table(TaskList):
    """One page of a project's tasks."""

    def __init__(self, project: Project, query: Mapping[str, str], today: str) -> None:
        super().__init__(project, query, today)
        self.columns: list[CustomField] = [setting.custom_field for setting in project.settings]
        self.pages = max(1, -(-len(self.found) // PER_PAGE))
        wanted = query.get("page", "1")
        self.page = min(max(int(wanted), 1), self.pages) if wanted.isascii() and wanted.isdigit() else 1
        self.first = (self.page - 1) * PER_PAGE
        self.rows = [
            Row(
                f"/0/{project.gid}/{task.gid}",
                task.name,
                task.completed,
                values.person(task.assignee),
                values.due(task, today),
                [values.shown(field, values.value(task, field), today) for field in self.columns],
            )
            for task in self.found[self.first : self.first + PER_PAGE]
        ]
