"""Whether the members the supplier mapping names are in the workspace."""

from __future__ import annotations

from destination_asana.board.members import Assignees
from destination_asana.check.subject import Subject
from destination_asana.errors import config_error


def check(subject: Subject) -> list[str]:
    """A member who is deactivated is a warning; one nobody knows is an error."""
    config = subject.config
    assignees = Assignees(subject.client, config.workspace_gid, config.supplier_mapping)
    resolutions = [assignees.resolve(entry) for entry in config.supplier_mapping]
    unknown = [each.problem for each in resolutions if each.unknown and each.problem]
    if unknown:
        raise config_error(" ".join(unknown))
    return [each.problem for each in resolutions if each.problem]
