"""Sums of orders over currencies, empty amounts, fields left out and sequences. The expected numbers are worked out by hand."""

import pytest

from integration_tests.destination_messages import invoice_id, line, order, order_id, state
from integration_tests.test_destination_money import bill, names, numbers

# The order's currency and line totals; its invoices (currency, lines); what is invoiced; the invoices that are left out.
CASES = {
    # 2300 NOK × 1000 ÷ 11500 = 200; with 30 EUR of its own.
    "foreign order": ("EUR", (1000, 11500), [("NOK", [(2300, 2300)]), ("EUR", [(30, 345)])], 230, []),
    # 1150 NOK × 1000 ÷ 11500 = 100; 0.5 SEK at 0.53 NOK = 0.046…, to the cent of the sum.
    "third currencies": ("EUR", (1000, 11500), [("USD", [(110, 1150)]), ("SEK", [(0.5, 0.53)])], 100.05, []),
    "a third of a cent": ("EUR", (1, 3), [("NOK", [(0.01, 0.01)]), ("USD", [(0.5, 0.01)])], 0.01, []),
    "foreign order, no totals": ("EUR", (None, None), [("NOK", [(2300, 2300)]), ("EUR", [(30, 345)])], 30, [1]),
    "foreign order, zero totals": ("EUR", (0, 0), [("NOK", [(2300, 2300)]), ("EUR", [(30, 345)])], 30, [1]),
    "foreign order, one total": ("EUR", (1000, None), [("NOK", [(2300, 2300)]), ("EUR", [(30, 345)])], 30, [1]),
    "foreign order, other total": ("EUR", (0, 11500), [("NOK", [(2300, 2300)]), ("EUR", [(30, 345)])], 30, [1]),
    "home order": ("NOK", (1000, 1000), [("EUR", [(10, 115)]), ("NOK", [(30, 30)])], 145, []),
    "home order, no totals": ("NOK", (None, None), [("EUR", [(10, 115)]), ("NOK", [(30, 30)])], 30, [1]),
    # 1150 NOK × 1000 ÷ 10000 = 115: the empty line adds nothing.
    "a line without amounts": ("USD", (1000, 10000), [("EUR", [(100, 1150), (None, None)])], 115, []),
    "a line of zero and null": ("USD", (1000, 10000), [("EUR", [(100, 1150), (0, None)])], 115, []),
    "a line without cost": ("USD", (1000, 10000), [("EUR", [(100, 1150), (50, None)]), ("USD", [(7, 70)])], 7, [1]),
    "a line with cost 0": ("NOK", (1000, 1000), [("EUR", [(100, 1150), (50, 0)]), ("NOK", [(7, 7)])], 7, [1]),
    "cost alone, other currency": ("NOK", (1000, 1000), [("EUR", [(100, 1150), (None, 575)])], 1725, []),
    "cost alone, same currency": (
        "EUR",
        (1000, 11500),
        [("EUR", [(100, 1150), (None, 575)]), ("EUR", [(7, 80)])],
        7,
        [1],
    ),
}


def documents():
    """The orders and the invoices of all cases, each with numbers of its own; the documents that cannot be converted."""
    orders, bills, left_out = [], {}, []
    for place, (currency, (line_total, in_base), of_order, _, unknown) in enumerate(CASES.values(), 1):
        totals = {"lineTotal": line_total, "lineTotalInBaseCurrency": in_base}
        orders.append(order(place, currency=currency, lines=[line(quantity=400)], **totals))
        for document, (code, amounts) in enumerate(of_order, 1):
            lines = [{**names(f"{place:06d}", own), "cost": base} for own, base in amounts]
            bills[100 * place + document] = bill(100 * place + document, *lines, currencyId=code)
        left_out += [100 * place + document for document in unknown]
    return orders, bills, left_out


@pytest.mark.parametrize("sequence", ["orders first", "invoices first", "later", "orders later", "one by one"])
def test_every_currency_in_every_sequence(destination, sequence):
    orders, bills, left_out = documents()
    first = [each for number, each in bills.items() if number % 100 == 1]
    rest = [each for number, each in bills.items() if number % 100 != 1]
    *before, last = {
        "orders first": [[*orders, *first, *rest]],
        "invoices first": [[*rest, *first, *orders]],
        "later": [orders, [*first, *rest]],
        "orders later": [[*first, *rest], orders],
        "one by one": [[*orders, *first], rest],
    }[sequence]
    runs = [destination.write(*messages) for messages in before]
    runs.append(destination.write(*last, state("supplier_invoices", 1)))
    assert runs[-1].state_ids == [1]
    shown = {name: numbers(destination, order_id(place)) for place, name in enumerate(CASES, 1)}
    assert shown == {name: (10000, 0, case[3], 10000 - case[3]) for name, case in CASES.items()}
    warned = {
        word.strip(",.") for run in runs for text in run.warnings if "not counted" in text for word in text.split()
    }
    assert sorted(number for number in bills if invoice_id(number) in warned) == sorted(left_out)
    destination.fresh_log()
    destination.write(*orders, *bills.values())
    assert destination.written == [], "and the same again changes nothing"
