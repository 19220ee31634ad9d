"""The objects for the end of the input."""

from __future__ import annotations

import logging

from destination_asana.sync.adoption import Adoption
from destination_asana.sync.assembly.base import Base
from destination_asana.sync.assembly.heart import heart_of
from destination_asana.sync.ending import Assignments, Finish, MissingDocuments, Reassignment, brought_by
from destination_asana.sync.intake import Intake
from destination_asana.sync.routes import Routes
from destination_asana.sync.source_health import SourceHealth

logger = logging.getLogger("airbyte")


def finish_of(base: Base, routes: Routes, intake: Intake, *, health: SourceHealth, adoption: Adoption) -> Finish:
    board, control, records = base.board, base.control, base.records
    tools = board.tools

    def summarise() -> None:
        records.reporting.comparison.conclude(intake.compared, board.registers)
        for stream in intake.numbers:
            stream.conclude()
        records.summary.log(tools.client, tools.assignees, tools.fields)
        adoption.log()
        if not board.executor.writes:
            logger.info(
                "Dry run: the numbers above are what would happen. Nothing was written and no state was released."
            )

    def conclude_lines() -> None:
        for register in board.registers.all():
            register.tasks.conclude_lines()

    reports = base.reports("supplier mapping", with_comments=False)
    return Finish(
        control.work,
        MissingDocuments(intake.documents, intake.whole, board.registers),
        Reassignment(tools.fields, tools.assignees, board.registers, Assignments(reports)),
        tools.fields,
        heart_of(base, routes.values(), intake.streams, health),
        conclude_closed=lambda: intake.closed.conclude(all_came=health.problem is None),
        conclude_lines=conclude_lines,
        brought=lambda: brought_by(intake.streams.companies, intake.documents),
        show_progress=control.progress.show,
        summarise=summarise,
    )
