"""What a check proves, in this order: what fails is told by its cause, which comes first."""

from destination_asana.check import access, assignees, custom_fields, streams

SUBJECTS = (access.check_workspace, access.check_projects, custom_fields.check, streams.check, assignees.check)
