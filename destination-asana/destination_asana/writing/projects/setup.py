"""Creates a document's project, or finishes one that a killed sync left incomplete.

The steps, in order: project (its description contains the Visma ID), team, portfolio. The caller writes the link in the
register task's description last. A project without a link is looked for, and its steps are repeated.
"""

from __future__ import annotations

from dataclasses import dataclass

from destination_asana.board import Portfolios, ProjectIndex
from destination_asana.documents import Document
from destination_asana.planning import Snapshot
from destination_asana.planning.projects import Project
from destination_asana.writing.projects.finder import Found
from destination_asana.writing.projects.plain import PlainProjects
from destination_asana.writing.projects.sharing import TeamSharing
from destination_asana.writing.projects.templated import TemplatedProjects


@dataclass(frozen=True, kw_only=True)
class ProjectSetup:
    """Creates the projects of one stream. Raises AsanaError for a refusal about one document, config_error for a team,
    template or portfolio that cannot be used."""

    portfolio_gid: str | None
    index: ProjectIndex
    portfolios: Portfolios
    plain: PlainProjects
    templated: TemplatedProjects
    sharing: TeamSharing

    def set_up(self, document: Document, register: Snapshot, found: Found) -> Found:
        """Creates the project, or finishes an incomplete one, up to the point where the register task may link to it."""
        if found.linked:
            return found
        if self.portfolio_gid:
            # A portfolio that does not exist must be reported before a project is created.
            self.portfolios.contains(self.portfolio_gid, "")
        project = found.project or self._create(document, register)
        if project.unfinished:
            project = self.templated.finish(document, register, project, wait=found.project is not None)
        self.sharing.share(project, fresh=found.project is None)
        if self.portfolio_gid:
            self.portfolios.add(self.portfolio_gid, project.gid)
        self.index.put(document.visma_id, project)
        return Found(project, linked=True, fresh=found.project is None)

    def _create(self, document: Document, register: Snapshot) -> Project:
        make = self.templated if self.templated.template_gid else self.plain
        return make.create(document, register)
