"""A changed supplier mapping reaches documents that are in Asana already, without their records being sent again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from destination_asana.board.fields.values import CustomFields
from destination_asana.board.members import Assignees
from destination_asana.documents import fields as names
from destination_asana.documents import statuses
from destination_asana.documents.types import Kind
from destination_asana.documents.visma_ids import company_of, identity, kind_in
from destination_asana.planning.snapshot import Snapshot
from destination_asana.sync.registers import Registers
from destination_asana.sync.upsert import Assignments

logger = logging.getLogger("airbyte")


@dataclass(frozen=True, slots=True)
class Brought:
    """What a sync brings: the `companies` its records are of, and the `kinds` of documents (prefixes of their Visma IDs)
    by project. Other connections may write the others, with a mapping of their own."""

    companies: Collection[str]
    kinds: Mapping[str, Collection[str]]

    def of(self, project_gid: str, snapshots: Iterable[Snapshot]) -> Iterator[Snapshot]:
        """The documents of a project that are this sync's. Where no record has come, they are if all are of one company."""
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
    """Assigns the open, unassigned documents whose supplier the mapping knows, as far as they are this sync's."""

    def __init__(
        self, fields: CustomFields, assignees: Assignees, registers: Registers, assignments: Assignments
    ) -> None:
        self._fields = fields
        self._assignees = assignees
        self._registers = registers
        self._assignments = assignments

    def run(self, brought: Brought, submit: Callable[[str, Callable[[], None]], None]) -> None:
        """Hands a job to `submit` for each assignment. Costs a listing of the open tasks of a project that the sync itself
        has not listed."""
        if not self._assignees.in_use:
            return
        for project_gid in brought.kinds:
            register = self._registers.of(project_gid)
            self._fields.look(project_gid)
            for snapshot in brought.of(project_gid, register.index.unassigned_and_open()):
                member = self._member(snapshot)
                if member is not None:
                    job = partial(self._assignments.assign, register.tasks, snapshot, member)
                    submit(identity(snapshot.visma_id), job)

    def _member(self, snapshot: Snapshot) -> str | None:
        shown = self._fields.shown(snapshot.values)
        kind = kind_in(snapshot.visma_id)
        # Cards go to the projects' managers. With complete_when_closed off, the task of a closed document is open.
        if kind is Kind.PROJECTS or statuses.ends(kind, shown.get(names.STATUS)):
            return None
        # Both fields may be left out; the name stands in the task's name, too.
        party = shown.get(names.SUPPLIER) or shown.get(names.CUSTOMER) or snapshot.name.partition(" · ")[2] or None
        return self._assignees.of(party, snapshot.supplier_number, count=False)
