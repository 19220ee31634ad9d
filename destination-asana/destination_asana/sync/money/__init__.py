"""The money trail: orders show what was invoiced for them, whichever of the documents a sync brings."""

from destination_asana.sync.money.orders import OrderSums
from destination_asana.sync.money.trail import MoneyTrail

__all__ = ["MoneyTrail", "OrderSums"]
