"""What is done once at the end of the input."""

from __future__ import annotations

import logging

from destination_asana.sync.assembly.board import Board
from destination_asana.sync.assembly.control import Control
from destination_asana.sync.assembly.intake import Intake
from destination_asana.sync.assembly.records import Records
from destination_asana.sync.finish import Finish, brought_by
from destination_asana.sync.missing import MissingDocuments
from destination_asana.sync.reassignment import Reassignment
from destination_asana.sync.upsert import Assignments, Reports

logger = logging.getLogger("airbyte")


def finish_of(board: Board, control: Control, records: Records, intake: Intake) -> Finish:
    tools = board.tools

    def summarise() -> None:
        for stream in intake.numbers:
            stream.conclude()
        records.summary.log(tools.client, tools.assignees, tools.fields)
        if not board.executor.writes:
            logger.info(
                "Dry run: the numbers above are what would happen. Nothing was written and no state was released."
            )

    reports = Reports("supplier mapping", tools.fields, records.audit, records.summary, comments=None)
    return Finish(
        control.work,
        MissingDocuments(intake.documents, intake.whole, board.registers),
        Reassignment(tools.fields, tools.assignees, board.registers, Assignments(reports)),
        tools.fields,
        brought=lambda: brought_by(intake.streams.companies, intake.documents),
        show_progress=control.progress.show,
        summarise=summarise,
    )
