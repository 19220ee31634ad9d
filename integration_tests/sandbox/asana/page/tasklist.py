"""Which of a project's tasks a page shows, and in which order: what board and list have in common."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from ..model import Project, Task
from . import values

SHOWS = {"all": "All tasks", "open": "Open tasks", "done": "Completed tasks"}
SORTS = {"project": "Project order", "changed": "Latest change", "due": "Due date", "name": "Name"}
_KEYS: dict[str, Callable[[Task], Any]] = {
    "changed": lambda task: -task.modified_at,
    "due": lambda task: task.due_on or "9999",
    "name": lambda task: task.name.casefold(),
}


@dataclass(frozen=True)
class Choice:
    """One of the ways to look at the tasks, as a select box offers it."""

    name: str
    label: str
    options: dict[str, str]
    chosen: str


class TaskList:
    """The tasks of a project that a query asks for. Unknown words in the query count as left out."""

    def __init__(self, project: Project, query: Mapping[str, str], today: str) -> None:
        self.project = project
        self.query = query
        self.today = today
        self.fields = values.fields_by_name(project)
        self.text = query.get("q", "").strip()
        self.show = self.chosen("show", SHOWS, "all")
        self.sort = self.chosen("sort", SORTS, "project")
        self.all = [task for section in project.sections if not section.deleted for task in section.tasks]
        found = [task for task in self.all if self._shows(task) and self._holds_text(task)]
        self.found = sorted(found, key=_KEYS[self.sort]) if self.sort in _KEYS else found

    def chosen(self, name: str, options: Mapping[str, str], default: str) -> str:
        """The query's choice, when it is one of the options."""
        wanted = self.query.get(name, default)
        return wanted if wanted in options else default

    @property
    def choices(self) -> list[Choice]:
        return [Choice("show", "Show", SHOWS, self.show), Choice("sort", "Sort by", SORTS, self.sort)]

    @property
    def open(self) -> int:
        return sum(not task.completed for task in self.found)

    @property
    def overdue(self) -> int:
        return sum(not task.completed and (task.due_on or "9999") < self.today for task in self.found)

    def url(self, view: str, **changes: Any) -> str:
        """The same choices on the board or list; what `changes` names becomes that, or goes when None."""
        kept = {name: self.query.get(name, "") for name in ("q", "show", "sort", "group", "all")}
        asked = {name: str(word) for name, word in {**kept, **changes}.items() if word}
        return f"/0/{self.project.gid}/{view}" + (f"?{urlencode(asked)}" if asked else "")

    def _shows(self, task: Task) -> bool:
        return self.show == "all" or task.completed == (self.show == "done")

    def _holds_text(self, task: Task) -> bool:
        """Every word of the text is somewhere in the task: name, assignee, or a custom field's text."""
        if not self.text:
            return True
        words = [task.name, task.assignee.name if task.assignee else ""]
        words += [values.shown(field, stored, self.today).text for field, stored in (task.values or {}).items()]
        hay = "\n".join(words).casefold()
        return all(word in hay for word in self.text.casefold().split())
