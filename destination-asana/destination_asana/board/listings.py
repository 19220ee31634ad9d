"""Listings of a project's tasks: the ways there are, and the times they are asked with."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterator
from typing import Any

from destination_asana.asana.client import Client
from destination_asana.asana.errors import AsanaError
from destination_asana.board.task_reader import TASK_FIELDS

logger = logging.getLogger("airbyte")

Page = list[dict[str, Any]]
# Search knows a change only after "10 to 60 seconds" or more (Asana developer docs, "Search tasks in a workspace");
# what was modified within this time is listed instead.
SEARCH_LAG = datetime.timedelta(minutes=10)


def by_section(client: Client, project_gid: str, opt_fields: str) -> Iterator[Page]:
    """A project that is too large to be listed at once, by its sections."""
    for section in client.list(f"/projects/{project_gid}/sections"):
        yield from client.pages("/tasks", {"section": section["gid"], "opt_fields": opt_fields})


def changed_since(client: Client, project_gid: str, since: datetime.datetime) -> Iterator[Page]:
    """What was changed since then (UTC). A listing reads its own writes; being moved is no change."""
    query = {"project": project_gid, "modified_since": iso(since), "opt_fields": TASK_FIELDS}
    yield from client.pages("/tasks", query)


def open_tasks(client: Client, project_gid: str) -> Iterator[Page]:
    """The open tasks; where Asana does not list them all, as many as it does."""
    query = {"completed_since": "now", "opt_fields": TASK_FIELDS}
    holders = [f"/projects/{project_gid}"]
    while holders:
        holder = holders.pop(0)
        try:
            yield from client.pages(f"{holder}/tasks", query)
        except AsanaError as error:
            if error.status != 400 or error.unknown_object:
                raise
            if holder.startswith("/projects/"):
                holders = [f"/sections/{each['gid']}" for each in client.list(f"{holder}/sections")]
            else:
                logger.warning(
                    f"A section of the project {project_gid} has more open tasks than Asana lists: a changed supplier mapping "
                    "reaches only some of them. Spread its tasks over sections."
                )


def iso(moment: datetime.datetime) -> str:
    """A time as Asana reads it."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def stamp(text: str | None) -> datetime.datetime:
    """A time as Asana writes it; now, where it writes none."""
    try:
        return datetime.datetime.fromisoformat((text or "").replace("Z", "+00:00"))
    except ValueError:
        return datetime.datetime.now(datetime.UTC)
