"""The selection and order of a project's tasks on a page, shared by board and list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from ..model import EnumOption, Project, Task
from . import sums, values

SHOWS = {"all": "All tasks", "open": "Open tasks", "done": "Completed tasks"}
SORTS = {"project": "Project order", "changed": "Latest change", "due": "Due date", "amount": "Amount", "name": "Name"}
_KEYS: dict[str, Callable[[Task], Any]] = {
    "changed": lambda task: -task.modified_at,
    "due": lambda task: task.due_on or "9999",
    "name": lambda task: task.name.casefold(),
}


@dataclass(frozen=True)
class Choice:
    """One option of a select box: a way to view the tasks."""

    name: str
    label: str
    options: dict[str, str]
    chosen: str


class TaskList:
    """The tasks of a project that a query asks for. Unknown words in the query are ignored."""

    def __init__(self, project: Project, query: Mapping[str, str], today: str) -> None:
        self.project = project
        self.query = query
        self.today = today
        self.fields = values.fields_by_name(project)
        self.text = query.get("q", "").strip()
        self.show = self.chosen("show", SHOWS, "all")
        self.sort = self.chosen("sort", SORTS, "project")
        self.all = [task for section in project.sections if not section.deleted for task in section.tasks]
        self.types = self._types()
        self.type = self.chosen("type", self.types, "")
        found = [task for task in self.all if self._shows(task) and self._is_of_type(task) and self._holds_text(task)]
        keys = {**_KEYS, "amount": self._amount}
        self.found = sorted(found, key=keys[self.sort]) if self.sort in keys else found

    def chosen(self, name: str, options: Mapping[str, str], default: str) -> str:
        """The query's choice, if it is one of the options."""
        wanted = self.query.get(name, default)
        return wanted if wanted in options else default

    @property
    def budget(self) -> sums.Budget | None:
        return sums.of_project(self.project)

    @property
    def orders(self) -> list[sums.CurrencySums]:
        """The sums of the orders on the page, which change with the filter."""
        return sums.of_orders(self.found)

    @property
    def choices(self) -> list[Choice]:
        shown = [Choice("show", "Show", SHOWS, self.show), Choice("sort", "Sort by", SORTS, self.sort)]
        # A choice between fewer than two types would be none.
        return [Choice("type", "Type", self.types, self.type), *shown] if len(self.types) > 2 else shown

    @property
    def open(self) -> int:
        return sum(not task.completed for task in self.found)

    @property
    def overdue(self) -> int:
        return sum(not task.completed and (task.due_on or "9999") < self.today for task in self.found)

    def url(self, view: str, **changes: Any) -> str:
        """The same choices on the board or list, with the given `changes`; None removes one."""
        kept = {name: self.query.get(name, "") for name in ("q", "type", "show", "sort", "group", "all")}
        asked = {name: str(word) for name, word in {**kept, **changes}.items() if word}
        return f"/0/{self.project.gid}/{view}" + (f"?{urlencode(asked)}" if asked else "")

    def _amount(self, task: Task) -> tuple[bool, float]:
        """Puts the largest amount first, whatever its currency, and tasks without one last."""
        amount = values.value(task, self.fields.get(values.AMOUNT))
        return (amount is None, -(amount or 0))

    def _types(self) -> dict[str, str]:
        """The document types of the project's tasks by their keys, in the order of the field's options."""
        found = {self._type(task) for task in self.all}
        field = self.fields.get(values.TYPE)
        options = {each.gid: each.name for each in field.options if each.gid in found} if field else {}
        return {"": "All types", **options, **({"none": "No document type"} if options and "none" in found else {})}

    def _type(self, task: Task) -> str:
        option = values.value(task, self.fields.get(values.TYPE))
        return option.gid if isinstance(option, EnumOption) else "none"

    def _is_of_type(self, task: Task) -> bool:
        return self.type in ("", self._type(task))

    def _shows(self, task: Task) -> bool:
        return self.show == "all" or task.completed == (self.show == "done")

    def _holds_text(self, task: Task) -> bool:
        """Whether every word of the text occurs in the task: in its name, assignee, or a custom field's text."""
        if not self.text:
            return True
        words = [task.name, task.assignee.name if task.assignee else ""]
        words += [values.shown(field, stored, self.today).text for field, stored in (task.values or {}).items()]
        hay = "\n".join(words).casefold()
        return all(word in hay for word in self.text.casefold().split())
