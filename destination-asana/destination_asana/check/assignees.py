"""Whether the assignees in the supplier mapping are members of the workspace."""

from __future__ import annotations

from destination_asana.board import Assignees
from destination_asana.check.subject import Subject
from destination_asana.errors import config_error


def check(subject: Subject) -> list[str]:
    """Warns of a deactivated member. An assignee whom nobody in the workspace is fails the check."""
    config = subject.config
    assignees = Assignees(subject.client, config.workspace_gid, config.supplier_mapping)
    resolutions = [assignees.resolve(entry) for entry in config.supplier_mapping]
    unknown = [each.problem for each in resolutions if each.unknown and each.problem]
    if unknown:
        raise config_error(" ".join(unknown))
    return [each.problem for each in resolutions if each.problem]
