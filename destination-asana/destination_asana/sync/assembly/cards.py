"""The objects that write the numbers of projects to Asana."""

from __future__ import annotations

from destination_asana.config import Route
from destination_asana.sync.assembly.base import Base
from destination_asana.sync.cards import (
    BudgetRows,
    CardNumbers,
    CardWriter,
    KnownCards,
    NoTotals,
    NumberStream,
    NumberWriter,
    ProjectTotals,
    Totals,
)


def number_stream_of(route: Route, base: Base) -> NumberStream:
    board, records, control, shared = base.board, base.records, base.control, base.cards
    register = board.registers.of(route.project_gid)
    fields = board.tools.fields
    cards = KnownCards(register.index, fields, shared)
    writer = NumberWriter(
        CardNumbers(cards, fields, shared.budgets),
        CardWriter(register.tasks, cards, base.reports(route.stream)),
        _totals_of(base),
        projects=shared.projects,
        register=register,
        work=control.work,
        show_progress=control.progress.show,
    )
    return NumberStream(
        route,
        rows=BudgetRows(shared.budgets),
        writer=writer,
        results=records.results,
        rejections=records.rejections,
        watermark=control.watermark,
        work=control.work,
        show_progress=control.progress.show,
    )


def _totals_of(base: Base) -> Totals:
    config = base.config
    if config.projects_portfolio_gid is None:
        return NoTotals()
    tools = base.board.tools
    return ProjectTotals(
        tools.named,
        tools.fields,
        base.board.executor.portfolio(config.projects_portfolio_gid),
        config.project_routes,
        by_name=config.route_by_project_name,
        usable=tools.routed.usable,
    )
