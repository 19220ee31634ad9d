"""When two field values are equal. Pure."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TypeGuard

from destination_asana.documents import FieldValue


def same(before: FieldValue, after: FieldValue) -> bool:
    """Whether two field values are equal: numbers to the cent, and all empty values alike. 0 is not empty."""
    if _is_number(before) and _is_number(after):
        return _cents(before) == _cents(after)
    return _or_none(before) == _or_none(after)


def _is_number(value: FieldValue) -> TypeGuard[float]:
    return isinstance(value, (int, float))


def _cents(value: float) -> Decimal:
    # From its text, so that 0.1 + 0.2 and 0.3 are the same amount.
    return round(Decimal(repr(value)), 6).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _or_none(value: FieldValue) -> FieldValue:
    return None if value in (None, "", ()) else value
