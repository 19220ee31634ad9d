"""The money trail: keeps the invoiced amount of each order right, whichever documents a sync brings."""

from destination_asana.sync.money.changes import OrderChanges
from destination_asana.sync.money.counting import CountingOrders
from destination_asana.sync.money.invoice_side import InvoiceSide
from destination_asana.sync.money.known_documents import KnownDocuments
from destination_asana.sync.money.late_orders import LateOrders
from destination_asana.sync.money.order_side import OrderSide
from destination_asana.sync.money.orders import OrderTasks
from destination_asana.sync.money.records import OrderRecords
from destination_asana.sync.money.sums import OrderSums
from destination_asana.sync.money.trail import MoneyTrail
from destination_asana.sync.money.warnings import MoneyWarnings

__all__ = [
    "CountingOrders",
    "InvoiceSide",
    "KnownDocuments",
    "LateOrders",
    "MoneyTrail",
    "MoneyWarnings",
    "OrderChanges",
    "OrderRecords",
    "OrderSide",
    "OrderSums",
    "OrderTasks",
]
