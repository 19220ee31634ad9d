"""A changed supplier mapping reaches documents that are in Asana already, without their records being sent again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from destination_asana.asana.errors import AsanaError
from destination_asana.documents import fields as names
from destination_asana.documents import statuses
from destination_asana.documents.errors import RecordError
from destination_asana.documents.visma_ids import company_of, identity, kind_in, label_of
from destination_asana.planning.changes import Change
from destination_asana.planning.snapshot import Snapshot
from destination_asana.sync.target import Services, Target

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


def reassign(
    targets: Iterable[Target], services: Services, brought: Brought, submit: Callable[[str, Callable[[], None]], None]
) -> None:
    """Assigns the open, unassigned documents of every target whose supplier the mapping knows, as far as they are this
    sync's. Costs a listing of the open tasks where the sync itself has not listed the project. `submit` gets each
    assignment with its document's key.
    """
    if not services.assignees.in_use:
        return
    for target in targets:
        services.fields.look(target.project_gid)
        for snapshot in brought.of(target.project_gid, target.index.unassigned_and_open()):
            shown = services.fields.shown(snapshot.values)
            # With complete_when_closed off, the task of a closed document is open.
            if statuses.ends(kind_in(snapshot.visma_id), shown.get(names.STATUS)):
                continue
            # Both fields may be left out; the name stands in the task's name, too.
            party = shown.get(names.SUPPLIER) or shown.get(names.CUSTOMER) or snapshot.name.partition(" · ")[2] or None
            member = services.assignees.of(party, snapshot.supplier_number, count=False)
            if member is not None:
                submit(identity(snapshot.visma_id), partial(_assign, target, services, snapshot, member))


def _assign(target: Target, services: Services, snapshot: Snapshot, member: str) -> None:
    change = Change(snapshot.visma_id, label_of(snapshot.visma_id), snapshot, {"assignee": (None, member)})
    try:
        outcome = target.writer.apply(change)
    except (AsanaError, RecordError) as error:
        # The document itself is as it should be; it stays unassigned.
        logger.warning(f"{snapshot.visma_id} could not be assigned: {error}")
        return
    if "assignee" in outcome.applied:
        services.audit.tell("updated", snapshot.visma_id, snapshot.gid, outcome.applied)
        services.summary.count("supplier mapping", "updated")
