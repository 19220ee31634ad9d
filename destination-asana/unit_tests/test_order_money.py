"""Money of orders, references of invoices, and the sum over both."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from destination_asana.documents import order_references as references
from destination_asana.documents.order_money import OrderMoney, money_of
from destination_asana.documents.order_references import Share
from destination_asana.documents.reader import Reader
from destination_asana.planning.money.commitments import Invoice, commitment, orders_dropped
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

D = Decimal
# A busy machine is no fault.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def order(*lines: dict[str, Any], **values: Any) -> OrderMoney | None:
    record = {"orderType": "RegularOrder", "status": "Open", "currency": "NOK", "lines": list(lines)}
    return money_of(Reader(record | values))


LINES = (
    {"amount": 100.1, "extCost": 120, "receivedAmt": 40.05},
    {"amount": None, "extCost": 50.2, "receivedAmt": 0},
    {"amount": 80, "receivedAmt": 30, "completed": True},
    {"amount": 70, "receivedAmt": None, "completed": True, "canceled": True},
    {"lineType": "Description"},
)


@pytest.mark.parametrize(
    ("values", "committed"),
    [
        ({}, "180.30"),
        ({"status": "Printed", "orderType": "DropShip"}, "180.30"),
        ({"status": "Closed"}, "70.05"),
        ({"status": "Cancelled"}, "70.05"),
        ({"status": "Hold"}, "0.00"),
        ({"status": "Balanced"}, "0.00"),
        ({"status": "Voided"}, "0.00"),
    ],
)
def test_committed_and_received(values: dict[str, str], committed: str) -> None:
    money = order(*LINES, **values)
    assert money is not None
    assert (money.committed, money.received) == (D(committed), D("70.05"))


@pytest.mark.parametrize("kind", ["Blanket", "StandardBlanket"])
def test_frames_and_templates_commit_to_nothing(kind: str) -> None:
    assert order(*LINES, orderType=kind) is None


def test_no_cent_drifts() -> None:
    money = order(*({"amount": 0.1} for _ in range(1000)), {"amount": 0.005})
    assert money is not None
    assert money.committed == D("100.01")


# --- references --------------------------------------------------------------------------------------------------------


def invoice(*lines: tuple[str | None, Any, Any], kind: str = "Invoice", currency: str = "EUR") -> dict[str, Share]:
    rows = [
        {"lineNumber": number, "poNumber": order_number, "costInCurrency": amount, "cost": base}
        for number, (order_number, amount, base) in enumerate(lines, 1)
    ]
    record = {"documentType": kind, "currencyId": currency, "invoiceLines": rows}
    return references.shares_of(Reader(record))


def test_amounts_by_order_in_line_order() -> None:
    shares = invoice(("500002", 10.10, 116.15), (None, 99, 1138.5), ("500001", 1234.5, 14196.75), ("500002", 0.2, 2.3))
    assert list(shares.items()) == [
        ("500002", Share(D("10.30"), D("118.45"))),
        ("500001", Share(D("1234.50"), D("14196.75"))),
    ]
    assert references.field_text(shares) == "500002: 10.30; 500001: 1234.50"
    assert references.block_rows(shares, whole=False) == ["500002: 10.30 = 118.45", "500001: 1234.50 = 14196.75"]


@pytest.mark.parametrize(
    ("lines", "share", "row"),
    [
        # A line without any amount adds nothing, in either currency.
        ([(100, 1150), (None, None)], Share(D("100.00"), D("1150.00")), "500001: 100.00 = 1150.00"),
        ([(100, 1150), (0, None)], Share(D("100.00"), D("1150.00")), "500001: 100.00 = 1150.00"),
        ([(None, 0), (100, 1150)], Share(D("100.00"), D("1150.00")), "500001: 100.00 = 1150.00"),
        # An amount in one currency alone makes the sum in the other unknown. Zero is what nobody entered.
        ([(100, 1150), (50, None)], Share(D("150.00"), None), "500001: 150.00 = not known"),
        ([(100, 1150), (50, 0)], Share(D("150.00"), None), "500001: 150.00 = not known"),
        ([(100, 1150), (None, 575)], Share(None, D("1725.00")), "500001: not known = 1725.00"),
        ([(100, 1150), (None, 575), (7, None)], Share(None, None), "500001: not known = not known"),
        # All that is given in both currencies is equal, so the document is in the company's.
        ([(100, 100), (None, None)], Share(D("100.00"), D("100.00")), None),
        ([(100, 100), (None, 20)], Share(D("120.00"), D("120.00")), None),
        ([(100, 100), (20, None)], Share(D("120.00"), None, states_base=False), None),
    ],
)
def test_lines_without_amounts(lines: list[tuple[Any, Any]], share: Share, row: str | None) -> None:
    shares = invoice(*(("500001", own, base) for own, base in lines))
    assert shares == {"500001": share}
    assert references.block_rows(shares, whole=False) == ([] if row is None else [row])
    stored = references.shares_in(references.field_text(shares), references.block_rows(shares, whole=False))
    assert stored == {"500001": share if row is not None else Share(share.amount, None, states_base=False)}


def test_an_order_is_one_whatever_case_the_lines_write_it_in() -> None:
    assert invoice(("PO-a1", 10, 10), ("po-A1", 5, 5)) == {"PO-a1": Share(D("15.00"), D("15.00"))}


def test_what_the_field_does_not_hold_stands_in_the_block() -> None:
    """Entries of 12 characters, joined by two: 73 of them are 1,020 characters. The block holds the other seven."""
    shares = {f"{number:06d}": Share(D("1.00"), states_base=False) for number in range(80)}
    text = references.field_text(shares) or ""
    assert len(text) == 1020
    rows = references.block_rows(shares, whole=False)
    assert rows == [f"{number:06d}: 1.00" for number in range(73, 80)]
    assert references.shares_in(text, rows) == shares


def test_a_credit_note_is_below_zero() -> None:
    assert invoice(("500001", 250, 250), kind="DebitAdj", currency="NOK")["500001"].amount == D("-250.00")
    assert invoice(("500001", 250, 250), kind="CreditAdj", currency="NOK")["500001"].amount == D("250.00")


@pytest.mark.parametrize(
    ("status", "counts"),
    [
        *((word, True) for word in ("Open", "Closed", "Prebooked", "Pre booked", None)),
        *(
            (word, False)
            for word in ("Hold", "Balanced", "Scheduled", "PendingApproval", "Pending Approval", "Rejected", "voided")
        ),
        ("Gone from Visma", False),
    ],
)
def test_what_counts_as_invoiced(status: str | None, counts: bool) -> None:
    """A prepayment never does, see test_order_changes."""
    assert references.counts_as_invoiced(status) is counts


numbers = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"]), min_size=1, max_size=20
).filter(lambda text: ";" not in text and ":" not in text and "=" not in text)
cents = st.integers(-1_000_000, 1_000_000).map(lambda number: D(number).scaleb(-2))


maybe = st.none() | cents


@unhurried
@given(st.dictionaries(numbers, st.tuples(maybe, maybe), max_size=80))
def test_what_is_written_is_read(amounts: dict[str, tuple[Decimal | None, Decimal | None]]) -> None:
    """A foreign document states both amounts of each order; the last one makes sure that it is foreign."""
    shares = {number: Share(*pair) for number, pair in amounts.items()} | {"foreign": Share(D("1.00"), D("2.00"))}
    text = references.field_text(shares)
    assert text is None or len(text) <= 1024
    rows = references.block_rows(shares, whole=False)
    assert references.shares_in(text, ["My own words", *rows]) == shares


@unhurried
@given(st.dictionaries(numbers, cents, max_size=80), st.booleans())
def test_what_is_written_of_the_companys_own_currency_is_read(amounts: dict[str, Decimal], whole: bool) -> None:
    shares = {number: Share(amount, amount) for number, amount in amounts.items()}
    rows = references.block_rows(shares, whole=whole)
    text = None if whole else references.field_text(shares)
    assert references.shares_in(text, rows) == {
        name: Share(amount, states_base=False) for name, amount in amounts.items()
    }


@pytest.mark.parametrize(
    ("text", "rows", "share"),
    [
        ("500001: 100.00", ["500001: 100.00 = 1150.00"], Share(D(100), D(1150))),
        # Somebody has edited the one or the other. What it is in the company's currency is not known then.
        ("500001: 90.00", ["500001: 100.00 = 1150.00"], Share(D(90), None)),
        ("500001: 100.00", ["500002: 5.00 = 57.50"], Share(D(100), None)),
        (None, ["500001: 100.00 = 1150.00"], Share(D(100), D(1150))),
        ("500001: 100.00", [], Share(D(100), None, states_base=False)),
    ],
)
def test_a_field_and_a_block_that_disagree(text: str | None, rows: list[str], share: Share) -> None:
    assert references.shares_in(text, rows)["500001"] == share


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("500001: 12.50; PO/7 å-1: -3.00", {"500001": "12.50", "PO/7 å-1": "-3.00"}),
        ("A: 1: 5.00; =B: 6.00", {"A: 1": "5.00", "=B": "6.00"}),
        (" 500001 :12.5 ;500002:7;", {"500001": "12.5", "500002": "7"}),
        ("ask Kari", {}),
        ("", {}),
        (None, {}),
    ],
)
def test_texts_of_people(text: str | None, amounts: dict[str, str]) -> None:
    assert references.read_field(text) == {
        name: Share(D(amount), states_base=False) for name, amount in amounts.items()
    }


# --- the sum -----------------------------------------------------------------------------------------------------------

MONEY = OrderMoney("NOK", D("1000.00"), D("400.00"), D(1000), D(1000))


def bill(name: str, amount: str, **values: Any) -> Invoice:
    shares = {"500001": Share(D(amount))}
    return replace(Invoice(f"SupplierInvoiceId:1/Invoice/{name}", "NOK", True, shares), **values)


def numbers_of(*invoices: Invoice, money: OrderMoney = MONEY) -> tuple[str, ...]:
    found = commitment("500001", money, invoices)
    return tuple(str(number) for number in (found.committed, found.received, found.invoiced, found.remaining))


def test_the_sum() -> None:
    assert numbers_of() == ("1000.00", "400.00", "0.00", "1000.00")
    assert numbers_of(bill("1", "300.10"), bill("2", "199.90")) == ("1000.00", "400.00", "500.00", "500.00")
    assert numbers_of(bill("1", "1200.00")) == ("1000.00", "400.00", "1200.00", "0.00")
    assert numbers_of(bill("1", "300"), bill("2", "50", counts=False)) == ("1000.00", "400.00", "300.00", "700.00")
    assert numbers_of(bill("1", "300", shares={"5000011": Share(D(300))})) == ("1000.00", "400.00", "0.00", "1000.00")


def test_another_currency_is_converted_by_the_orders_own_totals() -> None:
    """An order of 1,000 EUR that is 11,500 NOK; an invoice of 2,300 NOK is 200 EUR of it."""
    euro = OrderMoney("EUR", D("1000.00"), D(0), D(1000), D(11500))
    kroner = bill("1", "2300", shares={"500001": Share(D(2300), D(2300))})
    found = commitment("500001", euro, [kroner])
    assert (found.invoiced, found.remaining, found.converted) == (D("200.00"), D("800.00"), (kroner.visma_id,))


@pytest.mark.parametrize(
    "totals", [(None, None), (None, D(11500)), (D(1000), None), (D(0), D(0)), (D(1000), D(0)), (D(-1), D(1))]
)
def test_an_order_without_line_totals_gives_no_rate(totals: tuple[Decimal | None, Decimal | None]) -> None:
    """The invoices in its own currency count all the same, and so does an amount of zero."""
    euro = OrderMoney("EUR", D("1000.00"), D(0), *totals)
    kroner = bill("1", "2300", shares={"500001": Share(D(2300), D(2300))})
    nothing = bill("2", "0", shares={"500001": Share(D(0), D(0))})
    own = bill("3", "70", currency="EUR")
    found = commitment("500001", euro, [kroner, nothing, own])
    assert (found.invoiced, found.remaining, found.unknown) == (D("70.00"), D("930.00"), (kroner.visma_id,))


orders = st.sampled_from(["500001", "500002", "5000011"])
bills = st.lists(
    st.builds(
        Invoice,
        st.integers(1, 6).map("SupplierInvoiceId:1/Invoice/{}".format),
        st.sampled_from(["NOK", "EUR", None]),
        st.booleans(),
        st.dictionaries(orders, st.builds(Share, maybe, maybe, st.booleans())),
    ),
    unique_by=lambda each: each.visma_id,
)


@unhurried
@given(bills, st.randoms())
def test_neither_order_nor_repetition_matters(invoices: list[Invoice], random: Any) -> None:
    mixed = invoices + invoices
    random.shuffle(mixed)
    assert commitment("500001", MONEY, mixed) == commitment("500001", MONEY, invoices)


@unhurried
@given(bills, cents)
def test_a_credit_note_undoes(invoices: list[Invoice], amount: Decimal) -> None:
    both = [bill("77", str(amount)), bill("78", str(-amount))]
    assert commitment("500001", MONEY, invoices + both) == commitment("500001", MONEY, invoices)


@unhurried
@given(bills, cents)
def test_moving_an_invoice_moves_its_amount(invoices: list[Invoice], amount: Decimal) -> None:
    before, after = bill("77", str(amount)), bill("77", "0", shares={"500002": Share(amount)})
    for number, sign in (("500001", -1), ("500002", 1)):
        old = commitment(number, MONEY, [*invoices, before]).invoiced
        assert commitment(number, MONEY, [*invoices, after]).invoiced == old + sign * amount


def test_orders_dropped() -> None:
    before, after = {"A": Share(D(1)), "b": Share(D(2))}, {"B": Share(D(2)), "C": Share(D(3))}
    assert orders_dropped(before, after) == ("A",)
    assert orders_dropped(after, after) == ()
