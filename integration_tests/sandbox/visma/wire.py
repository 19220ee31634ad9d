"""JSON as the service writes it: SQL Server's decimals, so money has four of them and quantities, prices, rates and percents six."""

from __future__ import annotations

import json
import re
from typing import Any

_SIX = re.compile(
    r"quantity|openQuantity|.*Qty|qtyOnReceipts|(discountU|u)nit(Cost|Price)(InCurrency|InBaseCurrency)?|exchangeRate|rate"
    r"|vatRate|discountPercent|retainagePct|minReceipt|maxReceipt|completeOn"
)
_FOUR = re.compile(
    r"(amount|cost|balance|.*[aA]mount|.*Amt|.*Total|.*Balance|cashDiscount|cashDiscountTaken|withholdingTax|roundingDiff|extCost"
    r"|vatAmount|creditLimit|amountPaid|financeCharges|income|expenses|assets|liability)(InCurrency|InBaseCurrency)?"
)
_NUMBER = re.compile(rb'"(\w+)":(-?\d+(?:\.\d+)?)(?=[,}\]])')
_decimals: dict[bytes, int] = {}


def to_json(value: Any) -> bytes:
    """Compact UTF-8 JSON, its decimals with trailing zeros: ``1000.0000``."""
    return _NUMBER.sub(_written, json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def _written(match: re.Match[bytes]) -> bytes:
    name, number = match.groups()
    decimals = _decimals.get(name)
    if decimals is None:
        text = name.decode()
        decimals = _decimals[name] = 6 if _SIX.fullmatch(text) else 4 if _FOUR.fullmatch(text) else 0
    if not decimals:
        return match.group()
    whole, _, fraction = number.partition(b".")
    return b'"%b":%b.%b' % (name, whole, fraction.ljust(decimals, b"0"))
