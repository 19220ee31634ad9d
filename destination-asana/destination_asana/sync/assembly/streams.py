"""A route → its stream, of the class the route asks for."""

from __future__ import annotations

from destination_asana.config import Config, Route, RouteKind
from destination_asana.sync.admission import Admission
from destination_asana.sync.assembly.board import Board
from destination_asana.sync.assembly.cards import number_stream_of
from destination_asana.sync.assembly.control import Control
from destination_asana.sync.assembly.documents import DocumentSyncs
from destination_asana.sync.assembly.money import trail_of
from destination_asana.sync.assembly.options import option_stream_of
from destination_asana.sync.assembly.records import Records
from destination_asana.sync.cards import Budgets
from destination_asana.sync.document_stream import DocumentStream
from destination_asana.sync.streams import IgnoredStream, Stream


class StreamMaker:
    """Makes the streams of one sync."""

    def __init__(self, config: Config, board: Board, records: Records, control: Control, admission: Admission) -> None:
        self._config = config
        self._board = board
        self._records = records
        self._control = control
        self._admission = admission
        self._budgets = Budgets()
        self._trail = trail_of(config, board, records, control)
        self._documents = DocumentSyncs(config, board, records, self._budgets, self._trail)

    def make(self, route: Route) -> Stream:
        if route.of_documents:
            records = self._records
            documents = self._documents.of(route)
            return DocumentStream(
                route,
                documents=documents,
                results=records.results,
                rejections=records.rejections,
                admit=self._admission.admit,
                trail=self._trail,
            )
        if route.of_numbers:
            return number_stream_of(
                route,
                config=self._config,
                budgets=self._budgets,
                board=self._board,
                records=self._records,
                control=self._control,
                reports=self._documents.reports_of(route),
            )
        if route.kind is RouteKind.ENUM_OPTIONS:
            return option_stream_of(route, self._board, self._records)
        return IgnoredStream(route, self._records.results)
