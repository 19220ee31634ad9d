"""Applies a changed supplier mapping to documents that are already in Asana, without their records."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from destination_asana.board import Assignees
from destination_asana.board.fields import CustomFields
from destination_asana.documents import Kind, company_of, identity, kind_in, statuses, text_value
from destination_asana.documents import fields as names
from destination_asana.planning import Snapshot
from destination_asana.sync.ending.assignments import Assignments
from destination_asana.sync.registers import Registers

logger = logging.getLogger("airbyte")


@dataclass(frozen=True, slots=True)
class Brought:
    """What a sync brings: the `companies` of its records, and the `kinds` of documents (prefixes of their Visma IDs) by
    project. Other connections with their own mapping may write other companies and kinds."""

    companies: Collection[str]
    kinds: Mapping[str, Collection[str]]

    def of(self, project_gid: str, snapshots: Iterable[Snapshot]) -> Iterator[Snapshot]:
        """The documents of a project that belong to this sync. If no record has come, they do only if all are of one
        company."""
        kinds = self.kinds.get(project_gid, ())
        ours = [each for each in snapshots if each.visma_id.partition(":")[0].casefold() in kinds]
        companies = self.companies or {company_of(each.visma_id).casefold() for each in ours}
        if not self.companies and len(companies) > 1:
            logger.info(
                f"The project {project_gid} has documents of several companies and no record came, so it is not known whose "
                "the supplier mapping is; it reaches older documents with the next sync that brings records."
            )
            return
        yield from (each for each in ours if company_of(each.visma_id).casefold() in companies)


class Reassignment:
    """Assigns the open, unassigned documents of this sync whose supplier the mapping knows."""

    def __init__(
        self, fields: CustomFields, assignees: Assignees, registers: Registers, assignments: Assignments
    ) -> None:
        self._fields = fields
        self._assignees = assignees
        self._registers = registers
        self._assignments = assignments

    def run(self, brought: Brought, submit: Callable[[str, Callable[[], None]], None]) -> None:
        """Passes a job to `submit` for each assignment. Costs a listing of the open tasks of each project that the sync
        has not listed itself."""
        if not self._assignees.in_use:
            return
        for project_gid in brought.kinds:
            register = self._registers.of(project_gid)
            self._fields.catalog.look(project_gid)
            for snapshot in brought.of(project_gid, register.index.unassigned_and_open()):
                member = self._member(snapshot)
                if member is not None:
                    job = partial(self._assignments.assign, register.tasks, snapshot, member)
                    submit(identity(snapshot.visma_id), job)

    def _member(self, snapshot: Snapshot) -> str | None:
        present = self._fields.values.present(snapshot.values)
        kind = kind_in(snapshot.visma_id)
        # Cards are assigned to project managers. If complete_when_closed is off, a closed document may have an open task.
        if kind is Kind.PROJECTS or statuses.ends(kind, text_value(present, names.STATUS)):
            return None
        # The settings may leave out both fields; the task's name contains the supplier, too.
        party = (
            text_value(present, names.SUPPLIER)
            or text_value(present, names.CUSTOMER)
            or snapshot.name.partition(" · ")[2]
            or None
        )
        return self._assignees.of(party, snapshot.supplier_number, count=False)
