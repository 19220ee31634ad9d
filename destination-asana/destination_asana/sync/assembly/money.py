"""What follows orders and suppliers' documents."""

from __future__ import annotations

from destination_asana.board.order_trail import OrderTrail
from destination_asana.config import Config
from destination_asana.sync.assembly.board import Board
from destination_asana.sync.assembly.control import Control
from destination_asana.sync.assembly.records import Records
from destination_asana.sync.money import MoneyTrail, OrderSums
from destination_asana.sync.upsert import NoMoneyTrail, Reports, Trail

ORDERS = "purchase_orders"


def trail_of(config: Config, board: Board, records: Records, control: Control) -> Trail:
    """One for all streams. Orders may be in Asana though this sync brings none."""
    route = config.route(ORDERS)
    if not route.of_documents:
        return NoMoneyTrail(records.results)
    register, fields = board.registers.of(route.project_gid), board.tools.fields
    comments = board.executor.comments() if config.change_comments else None
    reports = Reports(ORDERS, fields, records.audit, records.summary, comments)
    sums = OrderSums(register, fields, OrderTrail(register.index, fields), reports)
    return MoneyTrail(sums, records.results, control.work, control.progress.show)
