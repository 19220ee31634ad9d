"""Creates a document's project from the template of the settings, and gives it its marks once Asana has filled it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from destination_asana.asana import Client
from destination_asana.board import PROJECT_FIELDS, ProjectIndex, Templates
from destination_asana.documents import Document, text_value
from destination_asana.documents import fields as names
from destination_asana.planning import Snapshot
from destination_asana.planning.projects import Project, appended, due_data, working_name
from destination_asana.writing.projects.blocks import ProjectBlocks


@dataclass(frozen=True, kw_only=True)
class TemplatedProjects:
    """Creates projects of one stream; `template_gid` is None if its projects have no template. Raises AsanaError for a
    refusal about one document, config_error for a template that cannot be used."""

    template_gid: str | None
    team_gid: str | None
    client: Client
    index: ProjectIndex
    templates: Templates
    blocks: ProjectBlocks

    def create(self, document: Document, register: Snapshot) -> Project:
        """Orders the project of a document; Asana fills it later. `register` is the document's register task."""
        template = self.templates.read(self.template_gid or "")

        def find() -> tuple[str, str] | None:
            found = self.index.look_again(document.visma_id)
            return (found.gid, found.created_at) if found else None

        today = self.client.server_time().date().isoformat()
        gid = self.templates.instantiate(
            template,
            working_name(document.label, document.visma_id),
            team=self.team_gid,
            dates=template.dates_for(text_value(document.fields, names.DOCUMENT_DATE), document.due_date, today),
            role_holder=register.assignee or "me",
            find=find,
            visma_id=document.visma_id,
        )
        return Project.of(self.client.get(f"/projects/{gid}", {"opt_fields": PROJECT_FIELDS}))

    def finish(self, document: Document, register: Snapshot, project: Project, *, wait: bool) -> Project:
        """Gives a project that Asana has filled from a template its Visma ID, name and due date. With `wait`,
        Asana may still be filling it."""
        if wait:
            self.templates.wait_until_settled(project.created_at)
        path = f"/projects/{project.gid}"
        block = self.blocks.block(document, register)
        html = self.client.get(path, {"opt_fields": "html_notes"}).get("html_notes") or ""
        data: dict[str, Any] = {"name": document.name, "html_notes": appended(html, block)}
        if document.due_date is None:
            # The template's default date is not the document's.
            data |= {"due_on": None, "start_on": None} if project.due_on or project.start_on else {}
        elif project.due_on != document.due_date:
            data |= due_data(document.due_date, project)
        return Project.of(self.client.put(path, data, {"opt_fields": PROJECT_FIELDS}))
