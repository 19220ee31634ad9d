"""The streams whose records become options of a field."""

from __future__ import annotations

from destination_asana.config import Route
from destination_asana.sync.assembly.base import Base
from destination_asana.sync.option_stream import OptionStream
from destination_asana.writing.options import Vocabulary


def option_stream_of(route: Route, base: Base) -> OptionStream:
    board, records = base.board, base.records
    options = board.executor.options()
    return OptionStream(
        route,
        segments=records.segments,
        vocabulary=Vocabulary(board.tools.fields, options, route.custom_field or "", route.project_gid),
        results=records.results,
        rejections=records.rejections,
        attention=board.registers.of(route.project_gid).attention,
        ready=board.identity.settle,
    )
