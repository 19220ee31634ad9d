"""Whether the documents' custom fields are there, or can be made, and are part of the workspace's plan."""

from __future__ import annotations

from destination_asana.asana.errors import AsanaError
from destination_asana.board.fields.catalog import name_taken
from destination_asana.board.fields.identity import settle_identity
from destination_asana.board.fields.values import CustomFields
from destination_asana.check.subject import Subject
from destination_asana.documents.fields import DEFINITIONS
from destination_asana.errors import config_error

# Somebody waits: of a big project's tasks, enough to tell that documents are among them.
MOST_PAGES = 5


def check(subject: Subject) -> list[str]:
    config, client = subject.config, subject.client
    fields = CustomFields(client, config.workspace_gid, read_only=True, leave_out=config.leave_out_fields)
    settle_identity(client, fields, subject.projects(), most_pages=MOST_PAGES)
    fields.prepare(config.project_gid)
    _check_names(subject, fields)
    _check_plan(subject)
    return []


def _check_names(subject: Subject, fields: CustomFields) -> None:
    """A field that is private holds its name all the same. Where Asana shows its name, the check fails with it; where it
    does not, the sync finds out when it makes its fields, before the first document."""
    query = {"resource_type": "custom_field", "query": "Visma", "count": 100, "opt_fields": "name"}
    try:
        found = subject.client.get(f"/workspaces/{subject.config.workspace_gid}/typeahead", query)
    except AsanaError:
        return
    for raw in found:
        name = (raw.get("name") or "").strip()
        needed = name in DEFINITIONS and name not in subject.config.leave_out_fields
        if needed and not fields.exists(name) and raw["gid"] not in fields.library.everything():
            raise config_error(name_taken(name))


def _check_plan(subject: Subject) -> None:
    """Search and custom fields come with the same plans; unlike creating a field, a search leaves nothing behind."""
    config = subject.config
    query = {"projects.any": config.project_gid, "limit": 1}
    try:
        subject.client.get(f"/workspaces/{config.workspace_gid}/tasks/search", query)
    except AsanaError as error:
        if error.status == 402:
            raise
