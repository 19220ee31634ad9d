"""The totals of orders: from which documents they are added up, and what tasks remember of them. Pure."""

from destination_asana.planning.money.commitments import Invoice, orders_dropped
from destination_asana.planning.money.invoice_memory import invoice_in, invoice_of, may_affect_orders
from destination_asana.planning.money.order_changes import order_change
from destination_asana.planning.money.order_memory import Basis, basis_of, is_rewritten, listed_in, money_of, remembered
from destination_asana.planning.money.order_numbers import (
    alike,
    is_supplier_document,
    named_by,
    order_ids,
    orders_with,
    proves_parts,
)
from destination_asana.planning.money.order_sums import Sums, added_up, holds, kept

__all__ = [
    "Basis",
    "Invoice",
    "Sums",
    "added_up",
    "alike",
    "basis_of",
    "holds",
    "invoice_in",
    "invoice_of",
    "is_rewritten",
    "is_supplier_document",
    "kept",
    "listed_in",
    "may_affect_orders",
    "money_of",
    "named_by",
    "order_change",
    "order_ids",
    "orders_dropped",
    "orders_with",
    "proves_parts",
    "remembered",
]
