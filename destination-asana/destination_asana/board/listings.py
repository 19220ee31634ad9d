"""Reads tasks: one by its gid, or the listings of a project."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterator
from typing import Any

from destination_asana.asana import NOT_THERE, AsanaError, Client, Refusal, iso, stamp_in
from destination_asana.board.task_reader import TASK_FIELDS

logger = logging.getLogger("airbyte")

Page = list[dict[str, Any]]
# Search notices a change only after "10 to 60 seconds" or more (Asana developer docs, "Search tasks in a workspace").
# Changes within this time are listed instead.
SEARCH_LAG = datetime.timedelta(minutes=10)


def read_task(client: Client, gid: str) -> dict[str, Any] | None:
    """One task; None if it no longer exists."""
    try:
        task: dict[str, Any] = client.get(f"/tasks/{gid}", {"opt_fields": TASK_FIELDS})
    except AsanaError as error:
        if error.refusal in NOT_THERE:
            return None
        raise
    return task


def whole(client: Client, project_gid: str, opt_fields: str = TASK_FIELDS) -> Iterator[Page]:
    """Every task of a project. Late pages of tens of thousands may be refused."""
    yield from client.pages("/tasks", {"project": project_gid, "opt_fields": opt_fields})


def is_older(task: dict[str, Any], moment: datetime.datetime) -> bool:
    """Whether a task was last changed before a moment, as far as Asana says."""
    modified_at = stamp_in(task.get("modified_at"))
    return modified_at is not None and modified_at < moment


def by_section(client: Client, project_gid: str, opt_fields: str) -> Iterator[Page]:
    """Lists a project by its sections, if it is too large to list at once."""
    for section in client.list(f"/projects/{project_gid}/sections"):
        yield from client.pages("/tasks", {"section": section["gid"], "opt_fields": opt_fields})


def changed_since(client: Client, project_gid: str, since: datetime.datetime) -> Iterator[Page]:
    """The tasks changed since this time (UTC). A listing includes its own writes; a move is not a change."""
    query = {"project": project_gid, "modified_since": iso(since), "opt_fields": TASK_FIELDS}
    yield from client.pages("/tasks", query)


def open_tasks(client: Client, project_gid: str) -> Iterator[Page]:
    """The open tasks; if Asana cannot list them all, as many as it lists."""
    query = {"completed_since": "now", "opt_fields": TASK_FIELDS}
    holders = [f"/projects/{project_gid}"]
    while holders:
        holder = holders.pop(0)
        try:
            yield from client.pages(f"{holder}/tasks", query)
        except AsanaError as error:
            if error.refusal is not Refusal.NOT_ACCEPTED:
                raise
            if holder.startswith("/projects/"):
                holders = [f"/sections/{each['gid']}" for each in client.list(f"{holder}/sections")]
            else:
                logger.warning(
                    f"A section of the project {project_gid} has more open tasks than Asana lists: a changed supplier mapping "
                    "reaches only some of them. Spread its tasks over sections."
                )
