"""Which invoices are in the company's own currency, by what documents show of it: no record names that currency."""

from decimal import Decimal

import pytest
from destination_asana.documents.order_money import OrderMoney
from destination_asana.documents.order_references import Share
from destination_asana.planning.money.base_amounts import with_amounts_in_base
from destination_asana.planning.money.commitments import Invoice

D = Decimal
KRONER = OrderMoney("NOK", D(1000), D(0), D(1000), D(1000))
EUROS = OrderMoney("EUR", D(1000), D(0), D(1000), D(11500))
NO_RATE = OrderMoney("EUR", D(1000), D(0))


def invoice(currency, amount, base=None, states_base=True, number="500001"):
    shares = {number: Share(D(amount), None if base is None else D(base), states_base)}
    return Invoice("SupplierInvoiceId:1/Invoice/1", currency, True, shares)


def alone(currency, amount="40.82"):
    """As the task of an invoice in the company's currency states it: one amount."""
    return invoice(currency, amount, states_base=False)


def in_base(currency, amount="40.82"):
    return invoice(currency, amount, amount)


@pytest.mark.parametrize(
    ("money", "others", "base_currencies", "currency", "is_in_base"),
    [
        (NO_RATE, [], [], "NOK", True),
        # The order is in the company's currency, or in a foreign one.
        (KRONER, [], [], "nok ", True),
        (KRONER, [], [], "EUR", False),
        (EUROS, [], [], "NOK", True),
        (EUROS, [], [], "EUR", False),
        # Another invoice gives one amount twice, or two amounts.
        (NO_RATE, [invoice("NOK", "5", "5")], [], "NOK", True),
        (NO_RATE, [invoice("NOK", "5", "5")], [], "USD", False),
        (NO_RATE, [invoice("USD", "5", "45")], [], "USD", False),
        (NO_RATE, [invoice("USD", "5", "45")], [], "NOK", True),
        # What is zero, unknown or of another order says nothing.
        (NO_RATE, [invoice("NOK", "0", "0")], [], "USD", True),
        (NO_RATE, [invoice("USD", "5")], [], "USD", True),
        (NO_RATE, [invoice("USD", "5", "45", number="500002")], [], "USD", True),
        # A code that is foreign in one document is not the company's, whatever another one shows.
        (NO_RATE, [invoice("USD", "5", "45"), invoice("USD", "5", "5")], [], "USD", False),
        (NO_RATE, [invoice("USD", "5", "45"), invoice("USD", "5", "5")], [], "NOK", True),
        # This sync has seen the company's currency.
        (NO_RATE, [], ["NOK"], "NOK", True),
        (NO_RATE, [], ["NOK"], "USD", False),
        # A missing code says nothing, in either place.
        (NO_RATE, [invoice(None, "5", "45")], [], None, True),
        (NO_RATE, [invoice(None, "5", "5")], [], "USD", True),
        (NO_RATE, [invoice("NOK", "5", "5")], [], None, True),
        (NO_RATE, [], [""], "USD", True),
        (OrderMoney(None, D(1), D(0), D(1), D(1)), [], [], "USD", True),
    ],
)
def test_an_invoice_that_states_one_amount(money, others, base_currencies, currency, is_in_base):
    expected = in_base(currency) if is_in_base else alone(currency)
    found = with_amounts_in_base([*others, alone(currency)], "500001", money, base_currencies)
    assert found == [*others, expected]


def test_zero_is_zero_in_any_currency():
    assert with_amounts_in_base([alone("USD", "0")], "500001", KRONER, []) == [in_base("USD", "0")]


def test_an_invoice_of_another_order_and_one_that_states_both_stay_as_they_are():
    given = [invoice("NOK", "5", "7"), invoice("NOK", "5", number="500002", states_base=False)]
    assert with_amounts_in_base(given, "500001", KRONER, []) == given
