"""What brings the numbers of projects into Asana."""

from __future__ import annotations

from destination_asana.board.named_projects import NamedProjects
from destination_asana.config import Config, Route
from destination_asana.sync.assembly.board import Board
from destination_asana.sync.assembly.control import Control
from destination_asana.sync.assembly.records import Records
from destination_asana.sync.cards import (
    Budgets,
    KnownCards,
    NoTotals,
    NumberStream,
    NumberWriter,
    ProjectTotals,
    Totals,
)
from destination_asana.sync.upsert import Reports


def number_stream_of(
    route: Route,
    *,
    config: Config,
    budgets: Budgets,
    board: Board,
    records: Records,
    control: Control,
    reports: Reports,
) -> NumberStream:
    register = board.registers.of(route.project_gid)
    writer = NumberWriter(
        budgets=budgets,
        register=register,
        cards=KnownCards(register.index, board.tools.fields, budgets),
        reports=reports,
        totals=_totals_of(config, board),
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


def _totals_of(config: Config, board: Board) -> Totals:
    if config.projects_portfolio_gid is None:
        return NoTotals()
    tools = board.tools
    return ProjectTotals(
        NamedProjects(tools.client, tools.workspace_gid, tools.fields),
        tools.fields,
        board.executor.portfolio(config.projects_portfolio_gid),
        (),
        by_name=config.route_by_project_name,
    )
