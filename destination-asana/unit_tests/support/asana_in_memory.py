"""An Asana of one project in memory, in the client's place."""

import datetime
import html
import re
from collections.abc import Callable, Mapping
from typing import Any

from destination_asana.asana.errors import AsanaError

PROJECT, LANDING = "100", "sec1"  # the project, and its first section
NOW = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)


class Asana:
    """A workspace with one project. `refusals` are the answers to the next writes; `people` acts once, just before the
    next write; `loses` the answer to the next create."""

    def __init__(self) -> None:
        self.fields: dict[str, dict[str, Any]] = {}
        self.attached: list[str] = []
        self.tasks: dict[str, dict[str, Any]] = {}
        self.sections = {LANDING: "Untitled section"}
        self.stories: list[dict[str, Any]] = []
        self.writes: list[tuple[str, str, dict[str, Any]]] = []
        self.refusals: list[AsanaError] = []
        self.people: Callable[[], None] | None = None
        self.loses = False
        self._gid = 1000

    # --- what the client offers ---

    def earliest_time(self) -> datetime.datetime:
        return NOW

    def own_gid(self) -> str:
        return "me"

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        kind, gid = path.split("/")[1:3]
        if kind == "custom_fields":
            return self.fields[gid]
        if gid not in self.tasks:
            raise AsanaError(404, f"task: Unknown object: {gid}", "GET", path)
        return self.shown(gid)

    def list(self, path: str, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        if path.endswith("/custom_field_settings"):
            return [{"gid": f"s{gid}", "custom_field": self.fields[gid]} for gid in self.attached]
        if path.endswith("/sections"):
            return [{"gid": gid, "name": name} for gid, name in self.sections.items()]
        if path.endswith("/stories"):
            return list(self.stories)
        if path.endswith("/custom_fields"):
            return list(self.fields.values())
        raise AssertionError(path)

    def pages(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        yield [self.shown(gid) for gid in self.tasks]

    def create(
        self, path: str, data: Mapping[str, Any], find: Callable[[], Any], params: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        self._written("POST", path, data)
        if path == "/tasks":
            gid = self._new()
            section = data["memberships"][0]["section"] if "memberships" in data else LANDING
            self.tasks[gid] = {**data, "gid": gid, "section": section, "custom_fields": {**data["custom_fields"]}}
            made = {"gid": gid, "created_at": "2026-03-01T12:00:00.000Z"}
        elif path == "/custom_fields":
            made = self._made_field(data)
        elif path.endswith("/enum_options"):
            made = {"gid": self._new(), "name": data["name"], "enabled": True}
            self.fields[path.split("/")[2]]["enum_options"].append(made)
        else:
            made = {"gid": self._new()}
            self.sections[made["gid"]] = data["name"]
        if self.loses:
            self.loses = False
            return find()
        return made

    def put(self, path: str, data: Mapping[str, Any], params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        self._written("PUT", path, data)
        kind, gid = path.split("/")[1:3]
        if kind == "custom_fields":
            self.fields[gid].update(data)
            return self.fields[gid]
        if gid not in self.tasks:
            raise AsanaError(404, f"task: Unknown object: {gid}", "PUT", path)
        task = self.tasks[gid]
        values = {**task["custom_fields"], **data.get("custom_fields", {})}
        if "assignee" in data:
            self.tell("assigned", assignee={"gid": data["assignee"]})
        task.update({**data, "custom_fields": values})
        return {"gid": gid}

    def act(self, path: str, data: Mapping[str, Any]) -> dict[str, Any]:
        self._written("POST", path, data)
        if path.endswith("/addCustomFieldSetting"):
            self.attached.append(data["custom_field"])
        elif path.endswith("/addTask"):
            self.move(data["task"], path.split("/")[2])
        else:
            self.tasks[path.split("/")[2]]["section"] = LANDING
        return {}

    # --- what people, and Asana itself, do ---

    def tell(self, subtype: str, **facts: Any) -> None:
        self.stories.append({"gid": self._new(), "resource_subtype": subtype, **facts})

    def move(self, gid: str, section: str) -> None:
        before, self.tasks[gid]["section"] = self.tasks[gid]["section"], section
        self.tell("section_changed", old_section={"gid": before}, new_section={"gid": section})

    def shown(self, gid: str) -> dict[str, Any]:
        task = self.tasks[gid]
        text = task.get("html_notes") or ""
        place = {"project": {"gid": PROJECT}, "section": {"gid": task["section"]}}
        return {
            **task,
            "notes": html.unescape(re.sub("<[^>]*>", "", text)),
            "assignee": {"gid": task["assignee"]} if task.get("assignee") else None,
            "memberships": [place] if task["section"] else [],
            "custom_fields": [self._value(field, value) for field, value in task["custom_fields"].items()],
        }

    def only_task(self) -> dict[str, Any]:
        (task,) = self.tasks.values()
        return task

    def _value(self, gid: str, value: Any) -> dict[str, Any]:
        kind = self.fields[gid]["resource_subtype"]
        if kind == "enum":
            return {"gid": gid, "enum_value": {"gid": value} if value else None}
        if kind == "date":
            return {"gid": gid, "date_value": value}
        return {"gid": gid, f"{kind}_value": value}

    def _made_field(self, data: Mapping[str, Any]) -> dict[str, Any]:
        options = [{"gid": self._new(), "name": each["name"], "enabled": True} for each in data.get("enum_options", ())]
        made = {**data, "gid": self._new(), "enum_options": options, "is_global_to_workspace": True}
        self.fields[made["gid"]] = made
        return made

    def _written(self, method: str, path: str, data: Mapping[str, Any]) -> None:
        if path.startswith(("/tasks", "/sections")):
            if self.people is not None:
                people, self.people = self.people, None
                people()
            self.writes.append((method, path, dict(data)))
            if self.refusals:
                raise self.refusals.pop(0)

    def _new(self) -> str:
        self._gid += 1
        return str(self._gid)
