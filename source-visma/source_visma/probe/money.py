"""Currencies: which columns hold the document's, and what the exchange rate does."""

from collections import Counter
from decimal import Decimal, InvalidOperation
from typing import Any

from source_visma.probe.documents import INVOICES, ORDERS, ends
from source_visma.probe.question import Answer, Fact, Question, UnclearError
from source_visma.probe.service import Service

CENTS = Decimal("0.02")


def columns(service: Service) -> Answer:
    """Compares invoice lines in a foreign currency with the lines of their orders, whose plain amounts are the order's."""
    invoices = [row for row in ends(service, INVOICES) if _foreign(row)]
    orders = {str(row.get("orderNbr")): row for row in ends(service, ORDERS) if row.get("orderType") == "RegularOrder"}
    matches: Counter[str] = Counter()
    for invoice in invoices:
        for line in invoice.get("invoiceLines") or ():
            order = orders.get(str(line.get("poNumber")))
            if order and order.get("currency") == invoice.get("currencyId"):
                matches.update(_columns_of(line, order))
    facts: dict[str, Fact] = {
        "foreign_invoices": len(invoices),
        "in_currency": matches["in_currency"],
        "plain": matches["plain"],
    }
    if matches["in_currency"] > matches["plain"]:
        return Answer("in currency", "the columns …InCurrency: their amounts are those of the orders", facts)
    if matches["plain"] > matches["in_currency"]:
        return Answer("plain", "the plain columns, which is not as the source reads them: please report it", facts)
    raise UnclearError("no invoice in a foreign currency among those read names an order in the same currency", **facts)


def rates(service: Service) -> Answer:
    """What the exchange rate does between the two columns."""
    found: Counter[str] = Counter(_rate(row) for row in ends(service, INVOICES) if _foreign(row))
    facts: dict[str, Fact] = {name: found[name] for name in ("multiplies", "divides", "per_100", "absent", "neither")}
    if not found:
        raise UnclearError("no invoice among those read is in a foreign currency", **facts)
    kinds = [name for name in ("multiplies", "divides", "per_100", "neither") if found[name]]
    if len(kinds) > 1:
        return Answer("differs", "it differs from document to document, so that it decides nothing", facts)
    word = kinds[0] if kinds else "absent"
    return Answer(word, f"in all foreign invoices among those read: {word.replace('_', ' ')}", facts)


def _foreign(row: dict[str, Any]) -> bool:
    plain, own = _number(row.get("detailTotal")), _number(row.get("detailTotalInCurrency"))
    return bool(plain) and bool(own) and plain != own


def _columns_of(line: dict[str, Any], order: dict[str, Any]) -> list[str]:
    wanted = [
        _number(each.get("amount")) or _number(each.get("extCost"))
        for each in order.get("lines") or ()
        if each.get("lineNbr") == line.get("poLineNr")
    ]
    if not wanted or not wanted[0]:
        return []
    columns = {"in_currency": line.get("costInCurrency"), "plain": line.get("cost")}
    return [name for name, value in columns.items() if _number(value) == wanted[0]]


def _rate(row: dict[str, Any]) -> str:
    rate, plain, own = (_number(row.get(name)) for name in ("exchangeRate", "detailTotal", "detailTotalInCurrency"))
    if not rate or not plain or not own:
        return "absent"
    # Rounding of lines adds up, so that a thousandth is near enough to tell the cases apart.
    near = abs(plain) / 1000 + CENTS
    for name, value in (("multiplies", own * rate), ("divides", own / rate), ("per_100", own * rate / 100)):
        if abs(plain - value) <= near:
            return name
    return "neither"


def _number(value: Any) -> Decimal | None:
    try:
        return None if value is None or isinstance(value, (dict, list)) else Decimal(str(value))
    except InvalidOperation:
        return None


QUESTIONS = (
    Question(
        "V11",
        "Which columns of an invoice are in the document's currency?",
        "whether amounts stand beside the right currency",
        "Visma amount, Visma balance, Visma currency",
        columns,
    ),
    Question(
        "V11 rates",
        "Does the exchange rate multiply or divide?",
        "nothing to set: amounts are never converted by it",
        "Visma amount, the money trail",
        rates,
    ),
)
