"""The sandbox's workspace: every object by gid, and the few indexes the API needs.

To read it from elsewhere (the board page does): `store.projects()`, `project.sections`, `section.tasks`,
`task.subtasks`, `task.stories`, and `field_values.of_task(task, …)`; objects are those of model.py.
"""

import copy
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from . import model
from .settings import Settings

T = TypeVar("T")
FIRST_GID = 1200000000001000
KIND_NAMES: dict[type, str] = {
    model.Workspace: "workspace",
    model.User: "user",
    model.Team: "team",
    model.Project: "project",
    model.Section: "section",
    model.Task: "task",
    model.CustomField: "custom_field",
    model.EnumOption: "enum_option",
    model.CustomFieldSetting: "custom_field_setting",
    model.Story: "story",
    model.Tag: "tag",
    model.Attachment: "attachment",
    model.Portfolio: "portfolio",
    model.ProjectTemplate: "project_template",
    model.Job: "job",
    model.Membership: "membership",
    model.WorkspaceMembership: "workspace_membership",
}


class Store:
    """Everything in the workspace. Deleted objects stay in the trash but are no longer found."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.objects: dict[str, Any] = {}
        self._by_kind: dict[type, dict[str, Any]] = {}
        self.tokens: dict[str, model.Token] = {}
        self.group_memberships: dict[tuple[str, str], model.GroupMembership] = {}
        self.external: dict[tuple[str, str], model.Task] = {}
        self.inbox: list[dict[str, Any]] = []
        self.listeners: list[Callable[..., None]] = []
        self._last_gid = FIRST_GID
        self._past: dict[model.Task, list[tuple[float, str, model.Task | None]]] = {}

    def now(self) -> float:
        """The server's clock, shifted by the setting `clock_offset`: seconds since 1970, to the millisecond as shown."""
        return int((time.time() + self.settings.clock_offset) * 1000) / 1000

    def new_gid(self) -> str:
        self._last_gid += 1
        return str(self._last_gid)

    def add(self, thing: T) -> T:
        gid: str = thing.gid  # type: ignore[attr-defined]
        self.objects[gid] = thing
        self._by_kind.setdefault(type(thing), {})[gid] = thing
        return thing

    def remove(self, thing: Any) -> None:
        """Removes an object without a trace, not even in the trash."""
        del self.objects[thing.gid]
        del self._by_kind[type(thing)][thing.gid]

    def find(self, kind: type[T], gid: Any) -> T | None:
        """The live object of that kind and gid, or None."""
        thing = self.objects.get(gid) if isinstance(gid, str) else None
        if not isinstance(thing, kind) or getattr(thing, "deleted", False):
            return None
        return thing

    def all(self, kind: type[T]) -> Iterator[T]:
        """Every live object of a kind, oldest first."""
        for thing in list(self._by_kind.get(kind, {}).values()):
            if not getattr(thing, "deleted", False):
                yield thing

    def projects(self) -> list[model.Project]:
        return list(self.all(model.Project))

    def users(self) -> list[model.User]:
        return list(self.all(model.User))

    def user(self, reference: Any) -> model.User | None:
        """A person by gid or e-mail, in any workspace."""
        if not isinstance(reference, str):
            return None
        found = self.find(model.User, reference)
        if found is None and "@" in reference:
            found = next((u for u in self.all(model.User) if u.email.lower() == reference.lower()), None)
        return found

    def memberships_of(self, group: model.Team | model.Portfolio) -> list[model.GroupMembership]:
        """The members of a team or portfolio, each as an object with a gid of its own."""
        for person in group.members:
            if (group.gid, person.gid) not in self.group_memberships:
                made = self.add(model.GroupMembership(self.new_gid(), person, group))
                self.group_memberships[(group.gid, person.gid)] = made
        return [self.group_memberships[(group.gid, person.gid)] for person in group.members]

    def custom_fields(self, workspace: model.Workspace) -> list[model.CustomField]:
        """The fields in the workspace's library, without those local to one project."""
        return [f for f in self.all(model.CustomField) if f.workspace is workspace and f.is_global_to_workspace]

    def tell_people(self, task: model.Task, people: list[model.User], by: model.User | None, why: str) -> None:
        """Puts a notification into people's inboxes, except for the person who caused it."""
        for person in dict.fromkeys(people):
            if person is not by:
                self.inbox.append({"to": person.email, "task": task.gid, "name": task.name, "why": why})

    def notify(
        self,
        action: str,
        resource: Any,
        user: model.User | None,
        parent: Any = None,
        change: dict[str, Any] | None = None,
    ) -> None:
        """Notifies the listeners (events, webhooks) of a change to `resource`."""
        for listener in self.listeners:
            listener(action, resource, user, parent, change)

    def before_change(self, task: model.Task, kind: str = "changed") -> None:
        """Remembers the task's present state, because search goes on showing it for a while. `kind` is `created`,
        `changed`, `moved` or `deleted`."""
        if self.settings.lag_of(kind) <= 0:
            return
        created = kind == "created"
        past = None if created else copy.copy(task)
        if past is not None:
            past.values = dict(task.values) if task.values else None
            past.memberships = dict(task.memberships)
            past.subtasks = list(task.subtasks) if task.subtasks else None
        self._past.setdefault(task, []).append((self.now(), kind, past))

    def as_searched(self, task: model.Task) -> model.Task | None:
        """The task as the search index knows it: some seconds old, or None if it is not indexed yet or not any more."""
        past = self._past.get(task)
        if past is not None:
            now = self.now()
            for changed_at, kind, before in past:
                if changed_at + self.settings.lag_of(kind) > now:
                    return before
            del self._past[task]
        return None if task.deleted else task

    def searchable(self) -> Iterator[model.Task]:
        """Every task that search may know: the live ones, and deleted ones that it has not noticed yet."""
        yield from self.all(model.Task)
        yield from [task for task in self._past if task.deleted]

    def forget_past(self) -> None:
        """Brings search up to date at once."""
        self._past.clear()
