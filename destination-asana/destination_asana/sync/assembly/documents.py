"""What brings the documents of one stream into Asana."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from destination_asana.config import Config, LineItems, Route, RouteKind
from destination_asana.documents.document import Document
from destination_asana.documents.types import Kind
from destination_asana.documents.versions import Versions
from destination_asana.documents.visma_ids import KIND_OF_STREAM
from destination_asana.sync.assembly.board import Board
from destination_asana.sync.assembly.records import Records
from destination_asana.sync.cards import Budgets, CardReader
from destination_asana.sync.document_reader import DocumentReader
from destination_asana.sync.registers import Register
from destination_asana.sync.upsert import (
    DocumentPlans,
    DocumentSync,
    DocumentUpdate,
    GoneMark,
    LineParts,
    NoParts,
    Parts,
    ProjectParts,
    Reports,
    SectionsByStatus,
    Supersession,
    Trail,
)


class DocumentSyncs:
    """Makes a DocumentSync for each stream; all of them remember the same versions and report to the same places."""

    def __init__(self, config: Config, board: Board, records: Records, budgets: Budgets, trail: Trail) -> None:
        self._config = config
        self._board = board
        self._records = records
        self._budgets = budgets
        self._trail = trail
        self._versions = Versions()

    def of(self, route: Route) -> DocumentSync:
        register = self._board.registers.of(route.project_gid)
        plans, reports = self._plans(route, register), self.reports_of(route)
        parts = self._parts(route, register, plans)
        return DocumentSync(
            operation=route.operation,
            read=self._read_of(route),
            index=register.index,
            update=DocumentUpdate(
                index=register.index,
                plans=plans,
                tasks=register.tasks,
                parts=parts,
                reports=reports,
                trail=self._trail,
            ),
            gone=GoneMark(plans, register.tasks, reports, self._trail),
            supersession=Supersession(
                route.stream, register.index, self._versions, register.attention, self._records.summary
            ),
        )

    def _read_of(self, route: Route) -> Callable[[Any], Document | None]:
        if KIND_OF_STREAM.get(route.source) is Kind.PROJECTS:
            return CardReader(route.source, self._config.non_project_code, self._budgets).read
        return DocumentReader(route, self._records.segments).read

    def _plans(self, route: Route, register: Register) -> DocumentPlans:
        tools, config = self._board.tools, self._config
        return DocumentPlans(
            fields=tools.fields,
            assignees=tools.assignees,
            sections=SectionsByStatus(tools.fields, register.sections) if config.section_by_status else None,
            complete_when_closed=config.complete_when_closed,
            lines_in_description=route.line_items is LineItems.DESCRIPTION,
        )

    def reports_of(self, route: Route) -> Reports:
        """What reports the changes that a stream brings."""
        comments = self._board.executor.comments() if self._config.change_comments else None
        return Reports(route.stream, self._board.tools.fields, self._records.audit, self._records.summary, comments)

    def _parts(self, route: Route, register: Register, plans: DocumentPlans) -> Parts:
        if route.kind is RouteKind.PROJECT:
            return ProjectParts(self._board.executor.projects(route), plans, register.tasks)
        return LineParts(register.lines) if route.line_items is LineItems.SUBTASKS else NoParts()
