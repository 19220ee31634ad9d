"""One task with everything that a person wants to know about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from .. import field_values
from ..model import Attachment, CustomField, Project, Section, Story, Task, User
from ..stamps import iso, rich
from . import formats, rich_html, sums, values
from .values import Chip, Due, Person, Shown


@dataclass(frozen=True)
class Entry:
    """A line of the history: a `comment`, or a `text` that says what happened, with the value before and after."""

    who: Person
    at: str
    iso: str | None
    text: str
    change: tuple[str, str] | None = None
    comment: Markup | None = None
    pinned: bool = False


@dataclass(frozen=True)
class Subtask:
    url: str
    name: str
    completed: bool
    assignee: Person | None
    due: Due | None
    subtasks: int


class Detail:
    """A task for its page. `project` is the project in which it is viewed; None for the first that it belongs to."""

    def __init__(self, task: Task, project: Project | None, subtask_fields: str, today: str) -> None:
        self.task = task
        self.today = today
        self.above = list(_above(task))[::-1]
        homes = (self.above[0] if self.above else task).memberships
        self.project = project if project in homes else next(iter(homes), None)
        self.memberships: list[tuple[Project, Section]] = list(task.memberships.items())
        self.assignee = values.person(task.assignee)
        self.due = values.due(task, today)
        self.start = formats.day(task.start_on, today) if task.start_on else None
        self.fields: list[tuple[str, Shown]] = [
            (held.custom_field.name, values.shown(held.custom_field, held.value, today))
            for held in field_values.of_task(task, subtask_fields)
        ]
        self.money = sums.of_order(task)
        self.description = rich_html.render(rich(task.notes, task.html_notes))
        self.subtasks = [self._subtask(child) for child in task.subtasks or ()]
        self.tags = [Chip(tag.name) for tag in task.tags or ()]
        self.followers = [values.person(follower) for follower in task.followers or ()]
        self.attachments: list[Attachment] = [file for file in task.attachments or () if not file.deleted]
        self.history = [
            Entry(_who(task.created_by), formats.moment(task.created_at), iso(task.created_at), "created this task"),
            *(self._entry(story) for story in task.stories or () if not story.deleted),
        ]

    @property
    def subtasks_done(self) -> int:
        return sum(child.completed for child in self.subtasks)

    def _subtask(self, child: Task) -> Subtask:
        home = self.project.gid if self.project else "0"
        person, due = values.person(child.assignee), values.due(child, self.today)
        return Subtask(f"/0/{home}/{child.gid}", child.name, child.completed, person, due, len(child.subtasks or ()))

    def _entry(self, story: Story) -> Entry:
        who, at = _who(story.created_by), formats.moment(story.created_at)
        if story.resource_subtype == "comment_added":
            comment = rich_html.render(rich(story.text, story.html_text))
            return Entry(who, at, iso(story.created_at), "", None, comment, story.is_pinned)
        text, change = story.text.removeprefix(who.name).strip(), self._change(story.details or {})
        if change:
            field = (story.details or {}).get("custom_field")
            what = field.name if field else {"name_changed": "the name"}.get(story.resource_subtype, "the due date")
            text = f"changed {what}"
        return Entry(who, at, iso(story.created_at), text, change)

    def _change(self, details: dict[str, Any]) -> tuple[str, str] | None:
        """The value before and after, if the story has both."""
        field = details.get("custom_field")
        for name, before in details.items():
            kind = name.removeprefix("old_")
            if name != kind and (field or kind in ("name", "dates")):
                return self._words(field, before), self._words(field, details[f"new_{kind}"])
        return None

    def _words(self, field: CustomField | None, told: Any) -> str:
        if isinstance(told, dict):
            return formats.day(told["due_on"], self.today) if told.get("due_on") else ""
        return values.shown(field, told, self.today).text if field else str(told)


def _who(user: User | None) -> Person:
    return values.person(user) or Person("Asana", "A", "grey")


def _above(task: Task) -> Iterator[Task]:
    while task.parent is not None:
        task = task.parent
        yield task
