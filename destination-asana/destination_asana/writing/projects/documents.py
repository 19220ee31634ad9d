"""A document as its own project, beside the register task that carries its Visma ID.

The steps, in order: register task, project, the link in the register task's description, field values, items. If a sync
is killed anywhere, the next one continues.
"""

from __future__ import annotations

from dataclasses import dataclass

from destination_asana.asana import OF_CONTENT_OR_GONE, AsanaError, Refusal
from destination_asana.documents import Document, RecordError
from destination_asana.planning import Snapshot
from destination_asana.writing.lines import ProjectLines
from destination_asana.writing.outcome import PartOutcome
from destination_asana.writing.projects.finder import Found, ProjectFinder
from destination_asana.writing.projects.interfaces import Setup, Writer
from destination_asana.writing.projects.plans import ProjectPlans


@dataclass(frozen=True, kw_only=True)
class DocumentProjects:
    """The projects of one stream's documents: finds, sets up and updates them.

    What people own stays: a project's place (archived, removed from the portfolio), an edited description, tasks that are
    not items, and the absence of a project that a person has deleted. Raises RecordError for a refusal about one
    document, config_error for a team, template or portfolio that cannot be used. `lines_as_tasks` means that the lines are
    tasks of the project.
    """

    finder: ProjectFinder
    setup: Setup
    writer: Writer
    plans: ProjectPlans
    lines: ProjectLines
    lines_as_tasks: bool
    from_template: bool

    def find(self, document: Document, current: Snapshot | None) -> Found:
        """Looks for the document's project. Only reads. `current` is its register task, if there is one."""
        return self.finder.find(document, current)

    def set_up(self, document: Document, register: Snapshot, found: Found) -> Found:
        """Makes the project, or finishes a half-made one, up to the point where the register task may link it."""
        try:
            return self.setup.set_up(document, register, found)
        except AsanaError as error:
            raise _explained(error, document) from error

    def bring_up(self, document: Document, register: Snapshot, found: Found) -> PartOutcome:
        """Updates name, due date, description, field values and items."""
        project = found.project
        if project is None:
            return PartOutcome()
        try:
            change = self.plans.plan(document, register, project)
            outcome = PartOutcome() if change.empty else self.writer.apply(document, project, change)
            if self.lines_as_tasks and document.gives("lines"):
                plain_and_new = found.fresh and not self.from_template
                lines = self.lines.bring_up(document, project.gid, known_empty=plain_and_new)
                outcome = outcome.also(lines)
        except AsanaError as error:
            raise _explained(error, document) from error
        return outcome


def _explained(error: AsanaError, document: Document) -> Exception:
    if error.refusal in OF_CONTENT_OR_GONE | {Refusal.DATE_UNFILLED}:
        return RecordError("the project", f"Asana refuses it: “{error.message}” ({error.status})", document.visma_id)
    return error
