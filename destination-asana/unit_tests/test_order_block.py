"""An order's numbers and the block below them, row by row, for invoices of every kind."""

from decimal import Decimal
from fractions import Fraction

import pytest
from destination_asana.documents.order_money import OrderMoney
from destination_asana.documents.order_references import Share
from destination_asana.planning.descriptions.blocks import INVOICES_OF_ORDER, Block
from destination_asana.planning.money.commitments import Commitment, Invoice, to_the_cent
from destination_asana.planning.money.order_memory import Memory
from destination_asana.planning.money.order_sums import Sums, added_up, kept

D = Decimal
ORDER = "PurchaseOrderId:1/RegularOrder/500001"
KRONER = OrderMoney("NOK", D("1000.00"), D("400.00"), D(1000), D(1000))


def bill(name, currency, amount, base=None, counts=True, order="500001"):
    share = Share(None if amount is None else D(amount), None if base is None else D(base))
    return Invoice(f"SupplierInvoiceId:1/{name}", currency, counts, {order: share})


def sums(money, *invoices, **more):
    """Without the last row, in which the order remembers its own amounts."""
    return added_up(ORDER, money, invoices, **{"ambiguous": False, "remember": False, **more})


def block(*rows):
    return Block(INVOICES_OF_ORDER, rows)


def test_invoices_of_every_kind():
    """An invoice in another currency counts by its amount in the company's, which is the order's own here."""
    found = sums(
        KRONER,
        bill("Invoice/7", None, "3.00"),
        bill("Invoice/6", "USD", None, "50"),
        bill("Invoice/5", "USD", "7.00"),
        bill("Invoice/4", "EUR", "10.00", "115.00"),
        bill("Prepayment/3", "NOK", "500.00", "500.00", counts=False),
        bill("DebitAdj/2", "NOK", "-20.00", "-20.00"),
        bill("Invoice/1", "nok", "100", "100"),
        bill("Invoice/8", "NOK", "9.00", "9.00", order="500002"),
    )
    assert found == Sums(
        Commitment(
            D("1000.00"),
            D("400.00"),
            D("245.00"),
            D("755.00"),
            ("SupplierInvoiceId:1/Invoice/4", "SupplierInvoiceId:1/Invoice/6"),
            ("SupplierInvoiceId:1/Invoice/5", "SupplierInvoiceId:1/Invoice/7"),
        ),
        block(
            "Credit note 2: -20.00 NOK",
            "Invoice 1: 100.00 nok",
            "Invoice 4: 10.00 EUR, counted as 115.00 NOK",
            "Invoice 5: 7.00 USD (not counted: its amount in NOK is not known)",
            "Invoice 6: not known USD, counted as 50.00 NOK",
            "Invoice 7: 3.00 (not counted: its amount in NOK is not known)",
            "Prepayment 3: 500.00 NOK (not counted)",
        ),
        ambiguous=False,
    )
    assert found.fields == {
        "Visma committed": 1000.0,
        "Visma received": 400.0,
        "Visma invoiced": 245.0,
        "Visma remaining": 755.0,
    }


def test_what_is_not_known_is_an_empty_field():
    found = Sums(Commitment(None, D("0.00"), D("7.00"), None), block())
    assert found.fields == {
        "Visma committed": None,
        "Visma received": 0.0,
        "Visma invoiced": 7.0,
        "Visma remaining": None,
    }


def test_an_order_that_names_no_currency():
    """Its line totals are 1 to 10, so 100.00 NOK are 10.00 of it."""
    found = sums(
        OrderMoney(None, D("30.00"), D("0.00"), D(1), D(10)),
        bill("Invoice/1", "NOK", "100.00", "100.00"),
        bill("Invoice/2", "USD", "7.00"),
    )
    assert found == Sums(
        Commitment(
            D("30.00"),
            D("0.00"),
            D("10.00"),
            D("20.00"),
            ("SupplierInvoiceId:1/Invoice/1",),
            ("SupplierInvoiceId:1/Invoice/2",),
        ),
        block(
            "Invoice 1: 100.00 NOK, counted as 10.00",
            "Invoice 2: 7.00 USD (not counted: its amount in the order’s currency is not known)",
        ),
    )


def test_an_order_whose_number_several_have():
    amounts = Commitment(D("1000.00"), D("400.00"), D("0.00"), D("1000.00"))
    assert sums(KRONER, bill("Invoice/1", "NOK", "100.00"), ambiguous=True) == Sums(
        amounts,
        block("Invoice 1: 100.00 NOK", "Several orders have this number, so none of these is counted for any of them"),
        ambiguous=True,
    )
    assert sums(KRONER, ambiguous=True) == Sums(amounts, block(), ambiguous=True)


@pytest.mark.parametrize("remember", [False, True])
def test_an_order_of_which_the_committed_amount_is_not_known(remember):
    """Nothing remains that anybody knows of, and the block remembers no amount."""
    unknown = OrderMoney("NOK", None, D("400.00"))
    assert sums(unknown, bill("Invoice/1", "NOK", "100.00"), remember=remember) == Sums(
        Commitment(None, D("400.00"), D("100.00"), None), block("Invoice 1: 100.00 NOK")
    )
    memory = Memory(KRONER, D("100.00"), ("Invoice 1: 100.00 NOK",), whole=True)
    assert kept(ORDER, unknown, memory).fields == {
        "Visma committed": None,
        "Visma received": 400.0,
        "Visma invoiced": 100.0,
        "Visma remaining": None,
    }
    assert kept(ORDER, unknown, memory) == Sums(
        Commitment(None, D("400.00"), D("100.00"), None), block("Invoice 1: 100.00 NOK")
    )


def test_uncertain_amounts_are_not_remembered():
    assert sums(KRONER).block == block()
    (row,) = sums(KRONER, remember=True).block.rows
    assert row.startswith("Total: committed 1000.00 NOK, received 400.00, invoiced 0.00, in the company's currency · ")


@pytest.mark.parametrize(("number", "last"), [(200, "Invoice 1199: 1.00 NOK"), (201, "… and 1 more")])
def test_two_hundred_invoices_are_listed(number, last):
    found = sums(KRONER, *(bill(f"Invoice/{1000 + each}", "NOK", "1.00") for each in range(number)))
    assert (len(found.block.rows), found.block.rows[-1]) == (number, last)
    assert found.total.invoiced == D(number)


def test_a_block_that_a_person_removed_comes_back_with_invoices():
    total = Commitment(D("1.00"), D("0.00"), D("0.00"), D("1.00"))
    listing = Sums(total, block("Invoice 1: 0.00 NOK", "Total: …"))
    assert listing.without_block == listing
    assert Sums(total, block("Total: …"), ambiguous=True).without_block == Sums(total, block(), ambiguous=True)


@pytest.mark.parametrize(
    ("amount", "cents"),
    [
        (Fraction(1, 200), "0.01"),
        (Fraction(-1, 200), "-0.01"),
        (Fraction(1, 300), "0.00"),
        (Fraction(-1, 300), "0.00"),
        (Fraction(1, 150), "0.01"),
        (Fraction(3, 2), "1.50"),
        (Fraction(-2469, 200), "-12.35"),
        (Fraction(0), "0.00"),
    ],
)
def test_halves_of_a_cent_go_away_from_zero(amount, cents):
    assert str(to_the_cent(amount)) == cents
