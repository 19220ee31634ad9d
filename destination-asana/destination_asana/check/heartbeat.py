"""Whether the assignee of the heartbeat is a member of the workspace."""

from __future__ import annotations

from destination_asana.board import Assignees, member_named
from destination_asana.check.subject import Subject
from destination_asana.errors import config_error


def check(subject: Subject) -> list[str]:
    """Warns of a deactivated member. Somebody whom nobody in the workspace is fails the check."""
    setting = subject.config.heartbeat
    if setting is None:
        return []
    named = member_named(Assignees(subject.client, subject.config.workspace_gid, ()), setting.assignee)
    if named.problem is None:
        return []
    if named.unknown:
        raise config_error(f"heartbeat: {named.problem}")
    return [f"heartbeat: {named.problem}"]
