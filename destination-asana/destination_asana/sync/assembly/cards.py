"""What brings the numbers of projects into Asana."""

from __future__ import annotations

from destination_asana.config import Route
from destination_asana.sync.assembly.board import Board
from destination_asana.sync.assembly.control import Control
from destination_asana.sync.assembly.records import Records
from destination_asana.sync.cards import Budgets, NumberStream, NumberWriter
from destination_asana.sync.upsert import Reports


def number_stream_of(
    route: Route, *, budgets: Budgets, board: Board, records: Records, control: Control, reports: Reports
) -> NumberStream:
    writer = NumberWriter(
        budgets=budgets,
        registers=board.registers,
        fields=board.tools.fields,
        reports=reports,
        work=control.work,
        show_progress=control.progress.show,
    )
    return NumberStream(
        route,
        budgets=budgets,
        writer=writer,
        results=records.results,
        rejections=records.rejections,
        watermark=control.watermark,
        work=control.work,
        show_progress=control.progress.show,
    )
