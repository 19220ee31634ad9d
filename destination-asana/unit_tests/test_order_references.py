"""The orders that an invoice names: in line order, to the cent, and as many as the field holds."""

from decimal import Decimal
from typing import Any

import pytest
from destination_asana.documents.order_references import Share, block_rows, field_text, read_field, shares_in, shares_of
from destination_asana.documents.reader import Reader
from destination_asana.documents.translation import translate

D = Decimal
ONE = Share(D("1.00"), states_base=False)


def names(*numbers: int | None) -> str:
    """The orders A, B, C of lines with these numbers, as the field lists them."""
    lines = [
        {"lineNumber": number, "poNumber": order, "cost": 1, "costInCurrency": 1}
        for number, order in zip(numbers, "ABC", strict=False)
    ]
    return "".join(shares_of(Reader({"currencyId": "NOK", "invoiceLines": lines})))


@pytest.mark.parametrize(
    ("numbers", "orders"),
    [
        ((3, 1, 2), "BCA"),
        ((1, 1, 0), "CAB"),
        ((None, None, None), "ABC"),
        # Lines without a number stand where their subtasks stand: at the first free numbers.
        ((3, None, 1), "CBA"),
        ((2, 1, None), "BAC"),
        ((2, None, None), "BAC"),
    ],
)
def test_orders_come_in_line_order(numbers: tuple[int | None, ...], orders: str) -> None:
    assert names(*numbers) == orders


def test_amounts_are_rounded_to_the_cent() -> None:
    line: dict[str, Any] = {"lineNumber": 1, "poNumber": "500001", "cost": "115.055", "costInCurrency": "10.005"}
    shares = shares_of(Reader({"documentType": "Invoice", "currencyId": "EUR", "invoiceLines": [line]}))
    assert shares == {"500001": Share(D("10.01"), D("115.06"))}


@pytest.mark.parametrize(
    ("numbers", "fit"),
    [
        # An entry is 6 characters longer than its number; the field holds 1,024, with two between entries.
        ((1018,), 1),
        ((1019,), 0),
        ((500, 510), 2),
        ((500, 511), 1),
        ((300, 300, 402), 3),
        ((300, 300, 403), 2),
    ],
)
def test_as_many_as_the_field_holds(numbers: tuple[int, ...], fit: int) -> None:
    shares = {letter * size: ONE for letter, size in zip("ABC", numbers, strict=False)}
    entries = [f"{name}: 1.00" for name in shares]
    assert field_text(shares) == ("; ".join(entries[:fit]) or None)
    assert block_rows(shares, whole=False) == entries[fit:]
    assert block_rows(shares, whole=True) == entries


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("PO  1 : \u221212.50", D("-12.50")),
        ("PO\t1: -12.5", D("-12.50")),
        ("PO 1: not known", None),
    ],
)
def test_an_entry_as_people_may_write_it(text: str, amount: Decimal | None) -> None:
    assert read_field(text) == {"PO 1": Share(amount, states_base=False)}
    assert shares_in(None, [text]) == {"PO 1": Share(amount, states_base=False)}
    assert shares_in(None, [f"{text} = \u2212143.75"]) == {"PO 1": Share(amount, D("-143.75"))}


def test_of_an_invoice_in_the_companys_currency_the_description_holds_what_the_field_does_not(
    make_invoice: Any,
) -> None:
    """Entries of 12 characters, joined by two: 73 of them are 1,020 characters."""
    lines = [
        {"lineNumber": place, "poNumber": f"{place:06d}", "cost": 1, "costInCurrency": 1} for place in range(1, 81)
    ]
    many = translate("supplier_invoices", make_invoice(invoiceLines=lines))
    assert str(many.fields["Visma purchase orders"]).endswith("; 000073: 1.00")
    assert many.reference_rows == [f"{place:06d}: 1.00" for place in range(74, 81)]
    few = translate("supplier_invoices", make_invoice(invoiceLines=lines[:73]))
    assert (len(str(few.fields["Visma purchase orders"])), few.reference_rows) == (1020, [])
