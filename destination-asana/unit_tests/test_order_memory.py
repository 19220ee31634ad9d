"""What the task of an order remembers of the order, for syncs that bring its invoices without its record."""

from dataclasses import replace
from decimal import Decimal

import pytest
from destination_asana.documents.order_money import OrderMoney
from destination_asana.documents.translation import translate
from destination_asana.planning.money.order_memory import (
    Basis,
    Memory,
    basis_of,
    is_rewritten,
    listed_in,
    money_of,
    remembered,
    row_of,
)
from destination_asana.planning.snapshot import Snapshot

D = Decimal
BLOCK = "Invoices of this order"
ORDER = "PurchaseOrderId:4100251/RegularOrder/000123"
ABOVE = "Invoice 1: 2300.00 NOK, counted as 200.00 EUR"
TOTAL = (
    "Total: committed 1000.00 EUR, received 0.00, invoiced 200.00, "
    "lines 1000.00 = 11500.00 in the company's currency · check 82361 79732"
)
EUROS = OrderMoney("EUR", D("1000.00"), D("0.00"), D("1000.00"), D("11500.00"))


def task(*rows, **more):
    return Snapshot("1", ORDER, **{"blocks": {BLOCK: list(rows)} if rows else {}, **more})


TASK = task(ABOVE, TOTAL)


def test_the_row_is_read_as_it_was_written():
    assert row_of(ORDER, EUROS, D(200), [ABOVE]) == TOTAL
    assert remembered(TASK) == Memory(EUROS, D("200.00"), (ABOVE,), whole=True)
    assert remembered(TASK).fields == {"Visma invoiced": 200.0}
    assert remembered(task()) is None
    assert remembered(task(ABOVE)) is None


@pytest.mark.parametrize(
    "edit", [("1000.00 EUR", "1001.00 EUR"), ("82361", "82362"), ("82361 79732", "8236179732"), ("check ", "")]
)
def test_a_row_that_a_person_has_edited_is_not_read(edit):
    assert remembered(task(ABOVE, TOTAL.replace(*edit))) is None


def test_an_edit_of_the_rows_above_is_noticed():
    edited = ABOVE.replace("2300", "2400")
    assert remembered(task(edited, TOTAL)) == Memory(EUROS, D("200.00"), (edited,), whole=False)


def test_rows_that_people_have_moved_below_it_are_rows_all_the_same():
    below = "Invoice 2: 5.00 EUR"
    assert remembered(task(ABOVE, TOTAL, below)) == Memory(EUROS, D("200.00"), (ABOVE, below), whole=False)


@pytest.mark.parametrize(
    ("lines", "in_base", "written"),
    [
        # Each with all its decimals, and two at least.
        ("351.225", "4081.7", "lines 351.225 = 4081.70"),
        ("351.2", "4081.1250", "lines 351.20 = 4081.125"),
        ("1E+3", "11500", "lines 1000.00 = 11500.00"),
    ],
)
def test_line_totals_keep_their_decimals(lines, in_base, written):
    money = replace(EUROS, line_total=D(lines), line_total_in_base=D(in_base))
    row = row_of(ORDER, money, D(0), ())
    assert row.startswith(
        f"Total: committed 1000.00 EUR, received 0.00, invoiced 0.00, {written} in the company's currency · check "
    )
    assert remembered(task(row)) == Memory(money, D("0.00"), (), whole=True)


# --- the amounts to add up with ----------------------------------------------------------------------------------------


def test_the_amounts_of_an_order_are_certain_if_its_task_remembers_them():
    shown = {"Visma currency": "NOK", "Visma committed": 7.0, "Visma received": 5.0}
    assert basis_of(TASK, shown) == Basis(EUROS, certain=True)


@pytest.mark.parametrize(
    ("shown", "money"),
    [
        (
            {"Visma currency": "NOK", "Visma committed": 7.1, "Visma received": 5.2},
            OrderMoney("NOK", D("7.1"), D("5.2")),
        ),
        ({"Visma committed": 0.0}, OrderMoney(None, D("0.0"), D(0))),
        ({}, OrderMoney(None, None, D(0))),
    ],
)
def test_else_they_are_what_the_fields_show(shown, money):
    assert basis_of(task(ABOVE), shown) == Basis(money, certain=False)


def partial(make_order, *carried, **values):
    """A record that carries some of the fields alone."""
    document = translate("purchase_orders", make_order(**values))
    return replace(document, given=frozenset({"lines"}), fields={name: document.fields[name] for name in carried})


def test_a_complete_record_says_all_itself(make_order):
    document = translate("purchase_orders", make_order(currency=None))
    assert money_of(document, TASK) == OrderMoney(None, D("250.00"), D("0.00"))


@pytest.mark.parametrize(
    ("values", "carried", "money"),
    [
        # Currency and line totals are as the task remembers them.
        (
            {"currency": None},
            ["Visma committed"],
            OrderMoney("EUR", D("250.00"), D("0.00"), D("1000.00"), D("11500.00")),
        ),
        (
            {"currency": "USD", "lineTotal": 250.0, "lineTotalInBaseCurrency": 2250.0},
            ["Visma committed", "Visma currency"],
            OrderMoney("USD", D("250.00"), D("0.00"), D("250.0"), D("2250.0")),
        ),
        (
            {"currency": "USD"},
            ["Visma committed", "Visma currency"],
            OrderMoney("USD", D("250.00"), D("0.00"), D("1000.00"), D("11500.00")),
        ),
        # Without its lines, a record says nothing of amounts; nor does a frame.
        ({}, ["Visma currency"], None),
        ({"orderType": "Blanket"}, ["Visma currency"], None),
    ],
)
def test_a_partial_record_says_what_it_carries(make_order, values, carried, money):
    assert money_of(partial(make_order, *carried, **values), TASK) == money


def test_a_partial_record_of_an_order_whose_task_remembers_nothing(make_order):
    record = partial(make_order, "Visma committed", currency=None)
    for current in (None, task(ABOVE)):
        assert money_of(record, current) == OrderMoney(None, D("250.00"), D("0.00"))


@pytest.mark.parametrize(
    ("order", "rewritten"),
    [
        (None, False),
        (task(), True),
        (task(digest="0123abcd"), False),
        (task(ABOVE), False),
        (task(ABOVE, digest="0123abcd"), False),
    ],
)
def test_a_description_of_which_nothing_is_left(order, rewritten):
    assert is_rewritten(order) is rewritten


# --- the invoices that it lists ----------------------------------------------------------------------------------------


def test_the_invoices_in_the_block_of_an_order():
    order = task(
        "Several orders have this number, so none of these is counted for any of them",
        "Invoice 200123: 10.00 NOK",
        "Credit note 200124: -5.00 NOK, counted as -0.43 EUR",
        "Credit adjustment 200125: 1.00 NOK",
        "Prepayment 200126: 7.00 NOK (not counted)",
        "Refund 200127: 3.00 NOK",
        "… and 3 more",
        TOTAL,
    )
    assert list(listed_in(order)) == [
        "SupplierInvoiceId:4100251/Invoice/200123",
        "SupplierInvoiceId:4100251/DebitAdj/200124",
        "SupplierInvoiceId:4100251/CreditAdj/200125",
        "SupplierInvoiceId:4100251/Prepayment/200126",
        "SupplierInvoiceId:4100251/Refund/200127",
    ]
    assert list(listed_in(task())) == []
