"""What the answer to a search says of the workspace's plan, and of the calls that a sync will need."""

from __future__ import annotations

from itertools import islice

from destination_asana.asana import PAGE_SIZE, UNAVAILABLE, AsanaError, Refusal
from destination_asana.check.subject import Subject

# From this many pages of tasks on, it matters that each sync has to list all of them.
MANY_PAGES = 10


def check_search(subject: Subject, *, has_fields: bool) -> list[str]:
    """Search and custom fields belong to the same plans, and a search changes nothing, unlike creating a field. So without
    a field of the sync (`has_fields`), a plan without search fails the check. Otherwise the sync does without search, which
    costs calls in a large project."""
    config = subject.config
    try:
        subject.client.get(
            f"/workspaces/{config.workspace_gid}/tasks/search", {"projects.any": config.project_gid, "limit": 1}
        )
    except AsanaError as error:
        if error.refusal is Refusal.PREMIUM_NEEDED and not has_fields:
            raise
        if error.refusal in UNAVAILABLE:
            return _of_large_projects(subject, error)
    return []


def _of_large_projects(subject: Subject, error: AsanaError) -> list[str]:
    return [
        f"{setting}: Asana refuses search to this token (“{error.message}”, {error.status}), and the project has more than "
        f"{MANY_PAGES * PAGE_SIZE:,} tasks. Each sync lists all of them, with a call for every {PAGE_SIZE}. Nothing is missed, but small "
        "syncs take as long as large ones. Upgrade the plan, or give the OAuth app full permissions."
        for gid, setting in subject.projects().items()
        if _is_large(subject, gid)
    ]


def _is_large(subject: Subject, gid: str) -> bool:
    pages = subject.client.pages("/tasks", {"project": gid, "opt_fields": "resource_type"})
    return len(list(islice(pages, MANY_PAGES + 1))) > MANY_PAGES
