"""A document as a project of its own, beside the register task that carries its Visma ID.

The steps, in this order: register task, project (its description carries the Visma ID), team, portfolio, the link in
the register task's description, field values, line items. The link is written when everything before it is done, so a
project that is not linked is looked for and its steps are gone through again: a sync that was killed anywhere is
continued by the next one.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from destination_asana.asana.client import Client
from destination_asana.asana.errors import AsanaError
from destination_asana.board.fields.values import CustomFields
from destination_asana.board.portfolios import Portfolios
from destination_asana.board.project_index import PROJECT_FIELDS, ProjectIndex
from destination_asana.board.templates import Templates
from destination_asana.config import Route
from destination_asana.documents import fields as names
from destination_asana.documents.document import Document
from destination_asana.documents.errors import RecordError
from destination_asana.documents.visma_ids import company_of
from destination_asana.errors import config_error
from destination_asana.planning.descriptions import Description, replace_block, text_in
from destination_asana.planning.project import Project, gid_in, working_name
from destination_asana.planning.project_changes import ProjectChange, Told, appended, block_of, due_data, plan_project
from destination_asana.planning.snapshot import Snapshot
from destination_asana.writing.line_containers import ProjectTasks
from destination_asana.writing.lines import LineWriter

logger = logging.getLogger("airbyte")


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of a document's project before anything is written: `linked` by its register task means that it
    is set up; linked but without a project, that a person deleted or hid it."""

    project: Project | None = None
    linked: bool = False
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class ProjectTools:
    """What writing projects needs of the sync; shared by all streams."""

    client: Client
    fields: CustomFields
    lines: LineWriter
    projects: ProjectIndex
    templates: Templates
    portfolios: Portfolios


class ProjectShape:
    """Writes the projects of one stream's documents.

    What people own stays: a project's place (archived, removed from the portfolio), an edited description, tasks that
    are not line items, and the absence of a project that a person deleted. Raises RecordError for what Asana refuses
    about one document, config_error for a team, template or portfolio that cannot be used.
    """

    def __init__(self, route: Route, workspace_gid: str, tools: ProjectTools) -> None:
        self._route = route
        self._workspace = workspace_gid
        self._client = tools.client
        self._index = tools.projects
        self._fields = tools.fields
        self._lines = tools.lines
        self._templates = tools.templates
        self._portfolios = tools.portfolios
        self._team_in_create = False

    def find(self, document: Document, current: Snapshot | None) -> Found:
        """Looks for the document's project; reads only. `current` is its register task, if there is one."""
        link = current.project_url if current else None
        gid = gid_in(link)
        if gid is not None:
            linked = self._index.get(gid)
            if linked is None:
                return self._gone(document, link)
            if linked.visma_id is None or linked.visma_id.casefold() == document.key:
                return Found(linked, linked=True)
        elif link is not None:
            # Asana shows the project's name in place of its address.
            named = self._index.find(document.visma_id)
            return Found(named, linked=True) if named is not None else self._gone(document, link)
        project = self._index.find(document.visma_id)
        if project is None and current is not None:
            project = self._index.named(document.name) or self._just_ordered(document, current)
        return Found(project)

    @staticmethod
    def _gone(document: Document, link: str | None) -> Found:
        logger.warning(
            f"{document.visma_id}: the project its register task links ({link}) is deleted or hidden from the token's user. "
            "It is not made again; to have a new one, take the link out of the register task's description."
        )
        return Found(None, linked=True)

    def _just_ordered(self, document: Document, register: Snapshot) -> Project | None:
        """A sync killed a moment ago may have ordered a project from the template that does not show yet."""
        if not self._route.project_template_gid:
            return None
        if self._templates.wait_until_settled(register.created_at):
            return self._index.look_again(document.visma_id)
        return None

    def set_up(self, document: Document, register: Snapshot, found: Found) -> Found:
        """Makes the project, or finishes a half-made one, up to the point where the register task may link it."""
        if found.linked:
            return found
        if self._route.portfolio_gid:
            # A portfolio that does not exist is to be told before a project is made.
            self._portfolios.contains(self._route.portfolio_gid, "")
        try:
            project = found.project or self._make(document, register)
            if project.unfinished:
                if found.project is not None:
                    self._templates.wait_until_settled(project.created_at)
                project = self._mark(document, register, project)
            if self._route.team_gid and project.team != self._route.team_gid:
                self._share(project, self._route.team_gid, fresh=found.project is None)
        except AsanaError as error:
            raise self._explained(error, document) from error
        if self._route.portfolio_gid:
            self._portfolios.add(self._route.portfolio_gid, project.gid)
        self._index.put(document.visma_id, project)
        return Found(project, linked=True, fresh=found.project is None)

    def bring_up(self, document: Document, register: Snapshot, found: Found) -> Told:
        """Brings name, due date, description, field values and lines up to date; tells what changed."""
        if found.project is None:
            return {}
        try:
            change = self._plan(document, register, found.project)
            told = {} if change.empty else self._apply(document, found.project, change)
            if self._route.line_items == "subtasks" and document.gives("lines"):
                plain_and_new = found.fresh and not self._route.project_template_gid
                told |= self._write_lines(document, found.project, known_empty=plain_and_new)
        except AsanaError as error:
            raise self._explained(error, document) from error
        return told

    # --- making ----------------------------------------------------------------------------------------------------

    def _make(self, document: Document, register: Snapshot) -> Project:
        if self._route.project_template_gid:
            return self._make_from_template(self._route.project_template_gid, document, register)
        data: dict[str, Any] = {
            "workspace": self._workspace,
            "name": document.name,
            "html_notes": self._block(document, register).body,
        }
        if document.due_date:
            data["due_on"] = document.due_date
        if self._team_in_create:
            data["team"] = self._route.team_gid
        try:
            return self._post(document, data)
        except AsanaError as error:
            if error.status != 400 or "team" not in error.said.lower() or "team" in data:
                raise
            if not self._route.team_gid:
                raise config_error(
                    f"Asana wants a team for every new project here: “{error.said}”. Add team_gid to the stream "
                    f"“{self._route.stream}” in the settings."
                ) from error
        # Asana calls `team` deprecated, and some organizations still insist on it.
        project = self._post(document, {**data, "team": self._route.team_gid})
        self._team_in_create = True
        return project

    def _post(self, document: Document, data: dict[str, Any]) -> Project:
        def find() -> dict[str, Any] | None:
            found = self._index.look_again(document.visma_id)
            return {"gid": found.gid} if found else None

        made = self._client.create("/projects", data, find, {"opt_fields": PROJECT_FIELDS})
        if "name" not in made:
            made = self._client.get(f"/projects/{made['gid']}", {"opt_fields": PROJECT_FIELDS})
        return Project.of(made)

    def _make_from_template(self, template_gid: str, document: Document, register: Snapshot) -> Project:
        template = self._templates.read(template_gid)

        def find() -> tuple[str, str] | None:
            found = self._index.look_again(document.visma_id)
            return (found.gid, found.created_at) if found else None

        today = self._client.server_time().date().isoformat()
        gid = self._templates.instantiate(
            template,
            working_name(document.label, document.visma_id),
            team=self._route.team_gid,
            dates=template.dates_for(document.fields.get(names.DOCUMENT_DATE), document.due_date, today),
            role_holder=register.assignee or "me",
            find=find,
            visma_id=document.visma_id,
        )
        return Project.of(self._client.get(f"/projects/{gid}", {"opt_fields": PROJECT_FIELDS}))

    def _mark(self, document: Document, register: Snapshot, project: Project) -> Project:
        """Gives a project that Asana has filled from a template its Visma ID, name and due date."""
        path = f"/projects/{project.gid}"
        block = self._block(document, register)
        html = self._client.get(path, {"opt_fields": "html_notes"}).get("html_notes") or ""
        data: dict[str, Any] = {"name": document.name, "html_notes": appended(html, block)}
        if document.due_date is None:
            # The template's default is no date of the document.
            data |= {"due_on": None, "start_on": None} if project.due_on or project.start_on else {}
        elif project.due_on != document.due_date:
            data |= due_data(document.due_date, project)
        return Project.of(self._client.put(path, data, {"opt_fields": PROJECT_FIELDS}))

    def _share(self, project: Project, team: str, *, fresh: bool) -> None:
        query = {"parent": project.gid, "member": team}

        def find() -> dict[str, Any] | None:
            return next(iter(self._client.list("/memberships", query)), None)

        if not fresh and find() is not None:
            return
        try:
            data = {"parent": project.gid, "member": team, "access_level": "editor"}
            self._client.create("/memberships", data, find)
        except AsanaError as error:
            if error.status == 400 and "already" in error.said.lower():
                return
            if error.status in (400, 403, 404):
                raise config_error(
                    f"team_gid: the project “{project.name}” cannot be shared with the team {team}: Asana said "
                    f"“{error.said}”. Check the number, and that the token's user is a member of that team."
                ) from error
            raise

    # --- keeping up to date ----------------------------------------------------------------------------------------

    def _plan(self, document: Document, register: Snapshot, project: Project) -> ProjectChange:
        settled: dict[str, Any] = {}
        shown: dict[str, Any] = {}
        portfolio = self._route.portfolio_gid
        # Only in a portfolio does a project have fields of its own.
        if portfolio and self._portfolios.contains(portfolio, project.gid):
            fields = self._fields
            kept = fields.read(project.custom_fields)
            company = company_of(document.visma_id)
            settled = {n: value for n, value in fields.settle(document.fields, company, kept).items() if fields.get(n)}
            shown = fields.shown(kept)
        return plan_project(document, project, self._block(document, register), settled, shown)

    def _apply(self, document: Document, project: Project, change: ProjectChange) -> Told:
        path = f"/projects/{project.gid}"
        data = dict(change.data)
        if change.block is not None:
            replaced = self._replaced(project, change, change.block)
            if replaced is not None:
                data["html_notes"] = replaced
        values = self._allowed(change.values)
        if values:
            after = {name: value for name, (_, value) in values.items()}
            custom_fields = self._fields.to_api(after, self._route.project_gid)
            try:
                self._put(document, path, {**data, "custom_fields": custom_fields})
            except AsanaError as error:
                if error.status not in (400, 402, 403):
                    raise
                self._portfolios.refuse_fields(self._route.portfolio_gid or "", error)
            else:
                return change.told | values
        if data:
            self._put(document, path, data)
        return change.told

    def _replaced(self, project: Project, change: ProjectChange, block: Description) -> str | None:
        """The project's description with its block replaced, and `change` tells what it said; None, and nothing of it in
        `change`, where a person has edited the block's form."""
        now = self._client.get(f"/projects/{project.gid}", {"opt_fields": "html_notes,notes"})
        replaced = replace_block(now.get("html_notes") or "", block)
        if replaced is None:
            del change.told["description"]
        else:
            change.told["description"] = (text_in(now.get("notes")), block.text)
        return replaced

    def _put(self, document: Document, path: str, data: dict[str, Any]) -> None:
        raw = self._client.put(path, data, {"opt_fields": PROJECT_FIELDS})
        self._index.put(document.visma_id, Project.of(raw))

    def _allowed(self, values: Told) -> Told:
        fields = self._fields
        gids = {name: known.gid for name in values if (known := fields.get(name)) is not None}
        allowed = self._portfolios.allow(self._route.portfolio_gid or "", gids.values()) if gids else set()
        return {name: change for name, change in values.items() if gids.get(name) in allowed}

    def _write_lines(self, document: Document, project: Project, *, known_empty: bool) -> Told:
        container = ProjectTasks(self._client, project.gid, document.visma_id)
        lines = self._lines
        existing, changes = lines.look(container, document.lines, 0 if known_empty else 1)
        return lines.write(container, existing, changes)

    def _block(self, document: Document, register: Snapshot) -> Description:
        home = f"{self._workspace}/project/{self._route.project_gid}"
        url = f"https://app.asana.com/1/{home}/task/{register.gid}"
        return block_of(document, with_lines=self._route.line_items == "description", register_url=url)

    def _explained(self, error: AsanaError, document: Document) -> Exception:
        if error.status in (400, 404, 422):
            return RecordError("the project", f"Asana refuses it: “{error.said}” ({error.status})", document.visma_id)
        return error
