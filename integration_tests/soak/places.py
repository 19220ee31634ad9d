"""The Asana projects of an episode, and in which of them a document's task belongs."""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Any

from integration_tests.sandbox.harness import OAUTH, AsanaSandbox
from integration_tests.soak.expected import STREAM
from integration_tests.soak.records import Record
from integration_tests.soak.settings import Settings

TEAM = "1200000000000200"


class Places:
    """The projects that people made beforehand, and the destination's settings that name them."""

    def __init__(self, asana: AsanaSandbox, settings: Settings) -> None:
        self.asana = asana
        self.settings = settings
        self.register = asana.PROJECT
        self.theirs = self._project("Their own planning")
        self.doing = asana.as_person("POST", f"/projects/{self.register}/sections", data={"name": "Doing"})["gid"]
        self.invoices = self._project("Invoices") if settings.invoices_apart else self.register
        self.routed = [self._project(f"Route {place}") for place, _ in enumerate(settings.routes, 1)]
        names = ("P1001 Website", "[P1002] hotel", "P2001: moving", "P1001-x no match") if settings.by_name else ()
        self.by_name = {name: self._project(name) for name in names}

    def _project(self, name: str) -> str:
        data = {"name": name, "workspace": self.asana.WORKSPACE, "team": TEAM}
        gid: str = self.asana.as_person("POST", "/projects", data=data)["gid"]
        return gid

    def config(self) -> dict[str, Any]:
        """The destination's settings."""
        settings = self.settings
        config: dict[str, Any] = {**settings.options, "line_items": settings.line_items["all"]}
        if settings.token_requests:
            config["credentials"] = OAUTH
        streams: dict[str, dict[str, Any]] = {}
        if settings.invoices_apart:
            write_as = {"type": "task", "project_gid": self.invoices}
            streams["supplier_invoices"] = {"name": "supplier_invoices", "write_as": write_as}
        for stream, mode in settings.line_items.items():
            if stream != "all":
                streams.setdefault(stream, {"name": stream, "write_as": {"type": "task"}})["line_items"] = mode
        if streams:
            config["streams"] = list(streams.values())
        routes = [
            {"by": by, "value": value, "project_gid": gid, **({"section": section} if section else {})}
            for (by, value, section), gid in zip(settings.routes, self.routed, strict=True)
        ]
        if routes:
            config["project_routes"] = routes
        return config | {"route_by_project_name": settings.by_name}

    def register_of(self, entity: str) -> str:
        return self.invoices if STREAM[entity] == "supplier_invoices" else self.register

    def of(self, entity: str, record: Record) -> set[str]:
        """The projects in which the task of a document belongs."""
        found = {self.register_of(entity)}
        for (by, value, _), gid in zip(self.settings.routes, self.routed, strict=True):
            if any(fnmatchcase(text.casefold(), value.casefold()) for text in _texts(by, entity, record)):
                found.add(gid)
        for code in _project_codes(entity, record):
            found |= {gid for name, gid in self.by_name.items() if _named_after(name, code)}
        return found


def _texts(by: str, entity: str, record: Record) -> Iterable[str]:
    """Codes and names of a record that a route may match."""
    lines = record.get("invoiceLines") or record.get("lines") or []
    if by == "supplier":
        parties = [record["supplier"]] if "supplier" in record else []
        return [text for each in parties for text in (each["number"], each["name"])]
    if by == "branch":
        holders = [record, *lines]
        branches = [each.get("branch") or each.get("branchNumber") for each in holders]
        return [text for each in branches if each for text in (each["number"], each["name"])]
    if by == "cost_center":
        segments = [s for line in lines for s in (line.get("sub") or line.get("subaccount"))["segments"]]
        return [text for each in segments for text in (each["segmentValue"], each["segmentValueDescription"])]
    if entity == "project":
        return [record["projectID"], record["description"]]
    return [text for each in _projects(entity, record) for text in (each["id"], each["description"])]


def _projects(entity: str, record: Record) -> list[Record]:
    lines = record.get("invoiceLines") or record.get("lines") or []
    found = [record.get("project")] if entity.startswith("customer") else [line["project"] for line in lines]
    return [each for each in found if each and each["id"] != "X"]


def _project_codes(entity: str, record: Record) -> list[str]:
    return [record["projectID"]] if entity == "project" else [each["id"] for each in _projects(entity, record)]


def _named_after(name: str, code: str) -> bool:
    """Whether an Asana project's name begins with the code in one of the four forms."""
    return name == code or name.startswith((f"{code} ", f"{code}: ", f"[{code}] "))
