"""An order's task × the invoices that name the order: the numbers and the block it is to show."""

from decimal import Decimal

import pytest
from destination_asana.documents.order_money import OrderMoney
from destination_asana.documents.order_references import Share
from destination_asana.planning.commitments import Invoice
from destination_asana.planning.order_sums import block, block_with_totals, numbers, shown_money, sum_of, totals_differ
from destination_asana.planning.snapshot import Snapshot

D = Decimal
KRONER = OrderMoney("NOK", D(1000), D(0), D(1000), D(1000))
EUROS = OrderMoney("EUR", D(1000), D(0), D("351.22"), D("4081.7"))


def invoice(number, amount, base=None, currency="NOK", counts=True, order="500001"):
    share = Share(D(amount), None if base is None else D(base))
    return Invoice(f"SupplierInvoiceId:1/Invoice/{number}", currency, counts, {order: share})


def rows(money, *invoices, ambiguous=False):
    return block("500001", money, invoices, ambiguous=ambiguous).rows


def test_what_the_description_says_of_invoices():
    assert rows(KRONER, invoice(2, "10"), invoice(1, "5.5", counts=False)) == (
        "Invoice 1: 5.50 NOK (not counted)",
        "Invoice 2: 10.00 NOK",
    )


def test_an_order_in_a_foreign_currency_keeps_the_totals_of_its_lines():
    shown = rows(EUROS, invoice(1, "40.82", currency="NOK"))
    assert shown == (
        "Lines of the order: 351.22 EUR = 4081.70 in the company's currency",
        "Invoice 1: 40.82 NOK, counted as 3.51 EUR",
    )
    task = Snapshot("1", "PurchaseOrderId:1/RegularOrder/500001", blocks={"Invoices of this order": list(shown)})
    read = shown_money(task, {"Visma currency": "EUR", "Visma committed": 1000})
    assert (read.line_total, read.line_total_in_base, read.committed) == (D("351.22"), D("4081.70"), D(1000))
    assert not totals_differ(EUROS, task)
    assert totals_differ(KRONER, task)
    assert block_with_totals(KRONER, task).rows == shown[1:]


def test_a_document_that_cannot_be_converted_is_not_counted_and_said():
    foreign = invoice(1, "10", currency="USD")
    assert rows(KRONER, foreign) == ("Invoice 1: 10.00 USD (not counted: its amount in NOK is not known)",)
    assert sum_of("500001", KRONER, [foreign], ambiguous=False).unknown == ("SupplierInvoiceId:1/Invoice/1",)


@pytest.mark.parametrize(("ambiguous", "expected"), [(False, (250.0, 750.0)), (True, (0.0, 1000.0))])
def test_the_numbers(ambiguous, expected):
    total = sum_of("500001", KRONER, [invoice(1, "200"), invoice(2, "50")], ambiguous=ambiguous)
    assert tuple(numbers(total).values()) == expected


def test_of_hundreds_of_invoices_the_rest_is_counted():
    shown = rows(KRONER, *(invoice(number, "1") for number in range(1000, 1203)))
    assert len(shown) == 201
    assert shown[-1] == "… and 3 more"
