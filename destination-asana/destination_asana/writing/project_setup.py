"""Making a document's project, or finishing one that a killed sync left half made.

The steps, in this order: project (its description carries the Visma ID), team, portfolio. Whoever calls writes the link
in the register task's description last: a project that is not linked is looked for, and its steps are gone through again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from destination_asana.asana.client import Client
from destination_asana.asana.errors import AsanaError
from destination_asana.board.portfolios import Portfolios
from destination_asana.board.project_index import PROJECT_FIELDS, ProjectIndex
from destination_asana.board.templates import Templates
from destination_asana.config import Route
from destination_asana.documents import fields as names
from destination_asana.documents.document import Document
from destination_asana.errors import config_error
from destination_asana.planning.project import Project, working_name
from destination_asana.planning.project_changes import appended, due_data
from destination_asana.planning.snapshot import Snapshot
from destination_asana.writing.project_blocks import ProjectBlocks
from destination_asana.writing.project_finder import Found


@dataclass(kw_only=True)
class ProjectSetup:
    """Makes the projects of one stream. Raises AsanaError for what Asana refuses about one document, config_error for a
    team, template or portfolio that cannot be used."""

    route: Route
    workspace_gid: str
    client: Client
    index: ProjectIndex
    templates: Templates
    portfolios: Portfolios
    blocks: ProjectBlocks
    _team_in_create: bool = False

    def set_up(self, document: Document, register: Snapshot, found: Found) -> Found:
        """Makes the project, or finishes a half-made one, up to the point where the register task may link it."""
        if found.linked:
            return found
        if self.route.portfolio_gid:
            # A portfolio that does not exist is to be told before a project is made.
            self.portfolios.contains(self.route.portfolio_gid, "")
        project = found.project or self._make(document, register)
        if project.unfinished:
            if found.project is not None:
                self.templates.wait_until_settled(project.created_at)
            project = self._mark(document, register, project)
        if self.route.team_gid and project.team != self.route.team_gid:
            self._share(project, self.route.team_gid, fresh=found.project is None)
        if self.route.portfolio_gid:
            self.portfolios.add(self.route.portfolio_gid, project.gid)
        self.index.put(document.visma_id, project)
        return Found(project, linked=True, fresh=found.project is None)

    def _make(self, document: Document, register: Snapshot) -> Project:
        if self.route.project_template_gid:
            return self._make_from_template(self.route.project_template_gid, document, register)
        data: dict[str, Any] = {
            "workspace": self.workspace_gid,
            "name": document.name,
            "html_notes": self.blocks.block(document, register).body,
        }
        if document.due_date:
            data["due_on"] = document.due_date
        if self._team_in_create:
            data["team"] = self.route.team_gid
        try:
            return self._post(document, data)
        except AsanaError as error:
            if error.status != 400 or "team" not in error.said.lower() or "team" in data:
                raise
            if not self.route.team_gid:
                raise config_error(
                    f"Asana wants a team for every new project here: “{error.said}”. Add team_gid to the stream "
                    f"“{self.route.stream}” in the settings."
                ) from error
        # Asana calls `team` deprecated, and some organizations still insist on it.
        project = self._post(document, {**data, "team": self.route.team_gid})
        self._team_in_create = True
        return project

    def _post(self, document: Document, data: dict[str, Any]) -> Project:
        def find() -> dict[str, Any] | None:
            found = self.index.look_again(document.visma_id)
            return {"gid": found.gid} if found else None

        made = self.client.create("/projects", data, find, {"opt_fields": PROJECT_FIELDS})
        if "name" not in made:
            made = self.client.get(f"/projects/{made['gid']}", {"opt_fields": PROJECT_FIELDS})
        return Project.of(made)

    def _make_from_template(self, template_gid: str, document: Document, register: Snapshot) -> Project:
        template = self.templates.read(template_gid)

        def find() -> tuple[str, str] | None:
            found = self.index.look_again(document.visma_id)
            return (found.gid, found.created_at) if found else None

        today = self.client.server_time().date().isoformat()
        gid = self.templates.instantiate(
            template,
            working_name(document.label, document.visma_id),
            team=self.route.team_gid,
            dates=template.dates_for(document.fields.get(names.DOCUMENT_DATE), document.due_date, today),
            role_holder=register.assignee or "me",
            find=find,
            visma_id=document.visma_id,
        )
        return Project.of(self.client.get(f"/projects/{gid}", {"opt_fields": PROJECT_FIELDS}))

    def _mark(self, document: Document, register: Snapshot, project: Project) -> Project:
        """Gives a project that Asana has filled from a template its Visma ID, name and due date."""
        path = f"/projects/{project.gid}"
        block = self.blocks.block(document, register)
        html = self.client.get(path, {"opt_fields": "html_notes"}).get("html_notes") or ""
        data: dict[str, Any] = {"name": document.name, "html_notes": appended(html, block)}
        if document.due_date is None:
            # The template's default is no date of the document.
            data |= {"due_on": None, "start_on": None} if project.due_on or project.start_on else {}
        elif project.due_on != document.due_date:
            data |= due_data(document.due_date, project)
        return Project.of(self.client.put(path, data, {"opt_fields": PROJECT_FIELDS}))

    def _share(self, project: Project, team: str, *, fresh: bool) -> None:
        query = {"parent": project.gid, "member": team}

        def find() -> dict[str, Any] | None:
            return next(iter(self.client.list("/memberships", query)), None)

        if not fresh and find() is not None:
            return
        try:
            data = {"parent": project.gid, "member": team, "access_level": "editor"}
            self.client.create("/memberships", data, find)
        except AsanaError as error:
            if error.status == 400 and "already" in error.said.lower():
                return
            if error.status in (400, 403, 404):
                raise config_error(
                    f"team_gid: the project “{project.name}” cannot be shared with the team {team}: Asana said "
                    f"“{error.said}”. Check the number, and that the token's user is a member of that team."
                ) from error
            raise
