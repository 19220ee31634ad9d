"""A document's own Asana project as last read, recognised by its name and description. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from destination_asana.planning.descriptions import digest_in

_MARK = re.compile(r"^Visma ID: (\S.*)$", re.MULTILINE)
_DUE = re.compile(r"^Due date: (\d{4}-\d\d-\d\d)$", re.MULTILINE)
_WORKING_NAME = re.compile(r"\[([A-Za-z]+Id:.+)\]$")
_GID_IN_URL = re.compile(r"/project/(\d+)|/0/(\d+)")


def working_name(label: str, visma_id: str) -> str:
    """The name of a project while Asana fills it from a template, when nothing else may be written to it yet."""
    return f"{label} [{visma_id}]"


def gid_in(url: str | None) -> str | None:
    """The gid in a project's web address, in its old or new form."""
    match = _GID_IN_URL.search(url or "")
    return (match.group(1) or match.group(2)) if match else None


@dataclass(slots=True)
class Project:
    """A document's project as last read. `due_in_notes` is the due date that the sync last set; `digest` is that of an
    unedited description block; `unfinished` means that the project still has its working name."""

    gid: str
    name: str = ""
    url: str = ""
    visma_id: str | None = None
    created_at: str = ""
    due_on: str | None = None
    start_on: str | None = None
    due_in_notes: str | None = None
    digest: str | None = None
    team: str | None = None
    unfinished: bool = False
    custom_fields: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Project:
        """Makes a Project from Asana's answer to a request for PROJECT_FIELDS."""
        name, notes = raw.get("name") or "", raw.get("notes") or ""
        mark, working, due = _MARK.search(notes), _WORKING_NAME.search(name), _DUE.search(notes)
        found = mark or working
        return cls(
            gid=raw["gid"],
            name=name,
            url=raw.get("permalink_url") or f"https://app.asana.com/0/{raw['gid']}",
            visma_id=found.group(1).strip() if found else None,
            created_at=raw.get("created_at") or "",
            due_on=raw.get("due_on"),
            start_on=raw.get("start_on"),
            due_in_notes=due.group(1) if due else None,
            digest=digest_in(notes),
            team=(raw.get("team") or {}).get("gid"),
            unfinished=mark is None and working is not None,
            custom_fields=list(raw.get("custom_fields") or ()),
        )
