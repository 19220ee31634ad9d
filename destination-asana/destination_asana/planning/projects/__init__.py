"""A document's own Asana project: what it is recognised by, and what has to change in it. Pure."""

from destination_asana.planning.projects.changes import ProjectChange, appended, block_of, due_data, plan_project
from destination_asana.planning.projects.project import Project, gid_in, working_name

__all__ = [
    "Project",
    "ProjectChange",
    "appended",
    "block_of",
    "due_data",
    "gid_in",
    "plan_project",
    "working_name",
]
