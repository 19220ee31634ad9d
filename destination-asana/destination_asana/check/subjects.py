"""The subjects of a check, in order: causes before their consequences, so that the message names the cause."""

from destination_asana.check import access, assignees, custom_fields, heartbeat, streams

SUBJECTS = (
    access.check_workspace,
    access.check_credentials,
    access.check_projects,
    custom_fields.check,
    streams.check,
    assignees.check,
    heartbeat.check,
)
