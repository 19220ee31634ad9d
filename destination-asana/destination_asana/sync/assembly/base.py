"""The objects that all streams of a sync share."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from destination_asana.config import Config, Route
from destination_asana.sync.assembly.board import Board, board_of
from destination_asana.sync.assembly.control import Control, control_of
from destination_asana.sync.assembly.records import Records, records_of
from destination_asana.sync.cards import Shared
from destination_asana.sync.upsert import Reports


@dataclass(frozen=True, slots=True)
class Base:
    """What each builder of a part may take from. The parts themselves get only the objects that they use."""

    config: Config
    board: Board
    control: Control
    records: Records
    cards: Shared

    def reports(self, stream: str, *, with_comments: bool = True) -> Reports:
        """The object that reports the changes of a stream, with comments if the settings ask for them."""
        comments = self.board.executor.comments() if with_comments and self.config.change_comments else None
        records = self.records
        return Reports(
            stream,
            self.board.tools.fields,
            records.audit,
            records.summary,
            comments,
            lines=records.reporting.lines,
        )


def base_of(
    config: Config, routes: Collection[Route], emit: Callable[[dict[str, Any]], None], stopping: threading.Event
) -> Base:
    board = board_of(config, routes)
    control = control_of(board, emit, stopping)
    return Base(config, board, control, records_of(config, board, control), Shared())
