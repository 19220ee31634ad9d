"""Foreign currencies: what a unit costs, and the number a document shows for it.

A pair of currencies is quoted one way: a unit of the other in ours (multiply), ours in a unit of the other (divide), or per
100 units. Documents show the number alone and not how it is meant, and some show none.
"""

from __future__ import annotations

from integration_tests.sandbox.visma.company import names

_MULTIPLY, _DIVIDE, _PER_HUNDRED = "multiply", "divide", "per 100"
_QUOTES = {"NOK": _MULTIPLY, "EUR": _MULTIPLY, "USD": _DIVIDE, "DKK": _PER_HUNDRED, "SEK": _DIVIDE}


def rate_of(currency: str) -> float:
    """Company currency for one unit of this one."""
    return names.CURRENCIES[currency][2]


def shown_rate(currency: str, position: int) -> dict[str, float]:
    """``exchangeRate`` as the document at this position shows it; every third in kronor shows none."""
    rate = rate_of(currency)
    if currency == "SEK" and position // 6 % 3 == 0:
        return {}
    if _QUOTES[currency] == _DIVIDE:
        return {"exchangeRate": round(1 / rate, 6)}
    return {"exchangeRate": round(rate * (100 if _QUOTES[currency] == _PER_HUNDRED else 1), 6)}
