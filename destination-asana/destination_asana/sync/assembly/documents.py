"""The objects that write the documents of one stream to Asana."""

from __future__ import annotations

from collections.abc import Callable

from destination_asana.config import LineItems, Operation, Route, RouteKind
from destination_asana.documents import Versions
from destination_asana.sync.adoption import Adopter
from destination_asana.sync.assembly.base import Base
from destination_asana.sync.assembly.plans import plans_of
from destination_asana.sync.assembly.readers import read_of
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
    Supersession,
    Trail,
)


class DocumentSyncs:
    """Makes a DocumentSync for each stream. All of them share the same versions."""

    def __init__(self, base: Base, trail: Trail, *, adopter_of: Callable[[Register], Adopter]) -> None:
        self._base = base
        self._trail = trail
        self._adopter_of = adopter_of
        self._versions = Versions()

    def of(self, route: Route) -> DocumentSync:
        records = self._base.records
        register = self._base.board.registers.of(route.project_gid)
        plans, reports = plans_of(route, register, self._base), self._base.reports(route.stream)
        return DocumentSync(
            read=read_of(route, self._base),
            index=register.index,
            update=DocumentUpdate(
                index=register.index,
                plans=plans,
                tasks=register.tasks,
                parts=self._parts(route, register, plans),
                reports=reports,
                trail=self._trail,
            ),
            compare=records.reporting.comparison.pair,
            gone=GoneMark(plans, register.tasks, reports, self._trail),
            supersession=Supersession(
                route.stream,
                register.index,
                self._versions,
                register.attention,
                records.summary,
                lines=records.reporting.lines,
            ),
            adopter=self._adopter_of(register),
            creates=route.operation not in (Operation.UPDATE, Operation.SOFT_DELETE),
            marks_gone=route.operation == Operation.SOFT_DELETE,
        )

    def _parts(self, route: Route, register: Register, plans: DocumentPlans) -> Parts:
        if route.kind is RouteKind.PROJECT:
            return ProjectParts(self._base.board.executor.projects(route), plans, register.tasks)
        return LineParts(register.lines, register.index.lines) if route.line_items is LineItems.SUBTASKS else NoParts()
