"""The objects that follow orders and supplier documents."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from destination_asana.board import OrderSearch, OrderTrail, Search
from destination_asana.config import Route
from destination_asana.documents import Kind
from destination_asana.sync.assembly.base import Base
from destination_asana.sync.money import (
    CountingOrders,
    InvoiceSide,
    KnownDocuments,
    LateOrders,
    MoneyTrail,
    MoneyWarnings,
    OrderChanges,
    OrderRecords,
    OrderSide,
    OrderSums,
    OrderTasks,
)
from destination_asana.sync.registers import Register
from destination_asana.sync.routes import projects_of
from destination_asana.sync.upsert import NoMoneyTrail, Trail

ORDERS, INVOICES = Kind.ORDERS, Kind.SUPPLIER_DOCUMENTS


def trail_of(base: Base, routes: Collection[Route]) -> Trail:
    """One for all streams, because orders and invoices may be in Asana even if this sync brings none. `routes` are those of
    the sync's streams."""
    board, results = base.board, base.records.results
    places = {kind: projects_of(kind, base.config, routes) for kind in (ORDERS, INVOICES)}
    if not places[ORDERS]:
        return NoMoneyTrail(results)
    brought = {route.project_gid for route in routes if route.of_documents}
    for kind, gids in places.items():
        for gid in gids:
            if gid not in brought:
                board.tools.fields.catalog.expect(gid, kind)
    registers = [board.registers.of(gid) for gid in dict.fromkeys((*places[ORDERS], *places[INVOICES]))]
    fields = board.tools.fields
    known = KnownDocuments(fields, _order_trail_of(base, registers))
    counting = CountingOrders(fields, known)
    sums = OrderSums(known, counting, MoneyWarnings())
    orders = OrderTasks(registers, known, OrderChanges(fields, sums), base.reports(ORDERS))
    late = LateOrders(known, orders, results, base.control.work, base.control.progress.show)
    return MoneyTrail(
        known,
        OrderSide(known, counting, orders, OrderRecords(fields, sums), late),
        InvoiceSide(known, orders, late),
        late,
        orders.open,
    )


def _order_trail_of(base: Base, registers: Sequence[Register]) -> OrderTrail:
    tools = base.board.tools
    indexes = [register.index for register in registers]
    search = Search(tools.client, tools.fields, tools.workspace_gid, registers[0].project_gid)
    return OrderTrail(indexes, OrderSearch(search, tools.fields, indexes))
