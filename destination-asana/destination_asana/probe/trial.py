"""The tasks that a probe makes in a project, and their removal, also after a kill or a refusal in between.

Each task carries the mark of its run in its name and description, which is written in the create call itself. So they are
found again by a listing, even if the answer to a create was lost.
"""

from __future__ import annotations

import contextlib
import datetime
import itertools
import secrets
import time
from collections.abc import Iterator, Mapping
from typing import Any

from destination_asana.asana import NOT_THERE, AsanaError, Client, UnreachableError

NAME = "Probe of the Visma sync"
SHOWN = {"opt_fields": "name,notes,modified_at,custom_fields,memberships.section"}
# A create that was under way when the probe was stopped may be applied a little later.
LOOK_AGAIN_AFTER = 2.0
# A big project is not listed whole to look for tasks that an earlier probe left.
MOST_PAGES = 20


class Trial:
    """The tasks of one run in one project."""

    def __init__(self, client: Client, project_gid: str) -> None:
        self.client = client
        self.project_gid = project_gid
        self.mark = secrets.token_hex(4)
        self._numbers = itertools.count(1)
        self._since = client.earliest_time() - datetime.timedelta(minutes=1)
        self._made: dict[str, str] = {}

    @property
    def name(self) -> str:
        """The beginning of the names of this run's tasks."""
        return f"{NAME} {self.mark}"

    @property
    def notes(self) -> str:
        """The description of this run's tasks."""
        return f"{self.name}. The probe deletes this task at its end. If it is still here, delete it: nothing needs it."

    def create(self, data: Mapping[str, Any] | None = None, *, in_project: bool = True) -> dict[str, Any]:
        """Makes a task. Raises AsanaError if Asana refuses its content."""
        name = f"{self.name} · {next(self._numbers)} (can be deleted)"
        content = {"name": name, "notes": self.notes, **(data or {})}
        if in_project:
            content["projects"] = [self.project_gid]
        task = self.client.create("/tasks", content, lambda: self._named(name), SHOWN)
        self._made[task["gid"]] = name
        return task

    def subtask(self, parent: str, name: str, data: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Makes a subtask, which is deleted with its parent."""

        def find() -> dict[str, Any] | None:
            items = self.client.list(f"/tasks/{parent}/subtasks", {"opt_fields": "name,custom_fields"})
            return next((item for item in items if item["name"] == name), None)

        content = {"name": name, **(data or {})}
        return self.client.create(f"/tasks/{parent}/subtasks", content, find, {"opt_fields": "name,custom_fields"})

    def get(self, gid: str) -> dict[str, Any]:
        """A task as it is now."""
        task: dict[str, Any] = self.client.get(f"/tasks/{gid}", SHOWN)
        return task

    def delete(self, gid: str) -> None:
        """Deletes a task of this run. A repeated deletion does no harm."""
        try:
            self.client.delete(f"/tasks/{gid}")
        except AsanaError as error:
            if error.refusal not in NOT_THERE:
                raise
        self._made.pop(gid, None)

    def clear(self, *, stopped: bool = False) -> dict[str, str]:
        """Deletes all tasks of this run, and returns those that are left: gid → name. `stopped` means that a request may
        still be under way."""
        for look in range(2 if stopped else 1):
            if look:
                time.sleep(LOOK_AGAIN_AFTER)
            # Without a listing, those whose answer came are known; what is not deleted stays in the list.
            with contextlib.suppress(AsanaError, UnreachableError):
                self._made.update(self._marked())
            for gid in list(self._made):
                with contextlib.suppress(AsanaError, UnreachableError):
                    self.delete(gid)
        return dict(self._made)

    def left_by_others(self) -> dict[str, str]:
        """Open tasks that look like those of an earlier probe: gid → name. They are named, and not touched."""
        query = {"project": self.project_gid, "completed_since": "now", "opt_fields": "name"}
        pages = itertools.islice(self.client.pages("/tasks", query), MOST_PAGES)
        tasks = (task for page in pages for task in page)
        return {task["gid"]: task["name"] for task in tasks if (task.get("name") or "").startswith(NAME)}

    def _marked(self) -> Iterator[tuple[str, str]]:
        query = {"project": self.project_gid, "modified_since": self._since.isoformat(), "opt_fields": "name,notes"}
        for page in self.client.pages("/tasks", query):
            for task in page:
                name = task.get("name") or ""
                if name.startswith(self.name) or (task.get("notes") or "").startswith(self.name):
                    yield task["gid"], name

    def _named(self, name: str) -> dict[str, Any] | None:
        gid = next((gid for gid, found in self._marked() if found == name), None)
        return None if gid is None else self.get(gid)
