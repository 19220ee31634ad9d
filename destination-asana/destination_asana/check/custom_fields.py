"""Whether the custom fields exist or can be created, and whether the workspace's plan includes them."""

from __future__ import annotations

from destination_asana.asana import AsanaError
from destination_asana.board import settle_identity
from destination_asana.board.fields import CustomFields, name_taken
from destination_asana.check.search import check_search
from destination_asana.check.subject import Subject
from destination_asana.documents.fields import DEFINITIONS
from destination_asana.errors import config_error

# Enough of a big project's tasks to find documents among them, without keeping the user waiting.
MOST_PAGES = 5


def check(subject: Subject) -> list[str]:
    config, client = subject.config, subject.client
    fields = CustomFields.of(client, config.workspace_gid, read_only=True, leave_out=config.leave_out_fields)
    settle_identity(client, fields.catalog, subject.projects(), most_pages=MOST_PAGES)
    fields.catalog.prepare(config.project_gid)
    _check_names(subject, fields)
    return check_search(subject, has_fields=fields.catalog.visma_id_gid is not None)


def _check_names(subject: Subject, fields: CustomFields) -> None:
    """A private field blocks its name for others. If Asana shows that name, the check fails. If not, the sync fails when it
    creates its fields, before the first document."""
    query = {"resource_type": "custom_field", "query": "Visma", "count": 100, "opt_fields": "name"}
    try:
        found = subject.client.get(f"/workspaces/{subject.config.workspace_gid}/typeahead", query)
    except AsanaError:
        return
    for raw in found:
        name = (raw.get("name") or "").strip()
        needed = name in DEFINITIONS and name not in subject.config.leave_out_fields
        if needed and not fields.catalog.exists(name) and raw["gid"] not in fields.catalog.library.everything():
            raise config_error(name_taken(name))
