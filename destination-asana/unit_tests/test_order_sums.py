"""An order's task × the invoices that name the order: the numbers and the block it is to show, and what it remembers."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from destination_asana.documents.order_money import OrderMoney
from destination_asana.documents.order_references import Share
from destination_asana.planning.money.commitments import Invoice
from destination_asana.planning.money.order_memory import basis_of, remembered, same_basis
from destination_asana.planning.money.order_sums import added_up, holds, kept
from destination_asana.planning.snapshot import Snapshot
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

D = Decimal
# A busy machine is no fault.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
ORDER = "PurchaseOrderId:1/RegularOrder/500001"
BLOCK = "Invoices of this order"
KRONER = OrderMoney("NOK", D(1000), D(0), D(1000), D(1000))
EUROS = OrderMoney("EUR", D(1000), D(0), D("351.22"), D("4081.7"))
NO_RATE = OrderMoney("EUR", D(1000), D(0))


def invoice(number, amount, base=None, currency="NOK", counts=True, states_base=True, order="500001"):
    """A document as its record gives it. With `states_base` False: as the task of one in the company's currency states it."""
    share = Share(None if amount is None else D(amount), None if base is None else D(base), states_base)
    return Invoice(f"SupplierInvoiceId:1/Invoice/{number}", currency, counts, {order: share})


def sums(money, *invoices, **more):
    return added_up(ORDER, money, invoices, **{"ambiguous": False, **more})


def rows(money, *invoices, **more):
    """The rows of the block without what its last row says of the order itself."""
    return sums(money, *invoices, **more).block.rows[:-1]


def task(found, **more):
    """The order's task after these sums were written."""
    return Snapshot("1", ORDER, blocks={BLOCK: list(found.block.rows)}, **more)


def of(found):
    return tuple(found.fields.values())


def test_what_the_description_says_of_invoices():
    assert rows(KRONER, invoice(2, "10"), invoice(1, "5.5", counts=False)) == (
        "Invoice 1: 5.50 NOK (not counted)",
        "Invoice 2: 10.00 NOK",
    )


@pytest.mark.parametrize(
    ("money", "words"),
    [
        (KRONER, "committed 1000.00 NOK, received 0.00, invoiced 0.00, in the company's currency"),
        (
            EUROS,
            "committed 1000.00 EUR, received 0.00, invoiced 0.00, lines 351.22 = 4081.70 in the company's currency",
        ),
        (NO_RATE, "committed 1000.00 EUR, received 0.00, invoiced 0.00, not known in the company's currency"),
        (
            replace(NO_RATE, currency=None, received=D("12.5")),
            "committed 1000.00, received 12.50, invoiced 0.00, not known in the company's currency",
        ),
    ],
)
def test_an_order_remembers_its_own_amounts(money, words):
    found = sums(money)
    (row,) = found.block.rows
    assert row.rpartition(" · ")[0] == f"Total: {words}"
    memory = remembered(task(found))
    assert (memory.money.currency, memory.money.committed, memory.money.received) == (
        money.currency,
        money.committed,
        money.received,
    )
    assert same_basis(memory.money, money)
    assert holds(memory, money)


def test_a_conversion_is_listed():
    assert rows(EUROS, invoice(1, "40.82", "40.82")) == ("Invoice 1: 40.82 NOK, counted as 3.51 EUR",)


@pytest.mark.parametrize(
    ("money", "amount", "base", "currency", "expected"),
    [
        # The order gives no rate, although the document is known in the company's currency.
        (NO_RATE, "2300", "2300", "NOK", 0),
        (replace(NO_RATE, line_total=D(1000), line_total_in_base=D(0)), "2300", "2300", "NOK", 0),
        (replace(NO_RATE, line_total=D(1000)), "2300", "2300", "NOK", 0),
        # It counts in the order's own currency, whatever else is known.
        (NO_RATE, "70", None, "EUR", 70),
        (EUROS, "70", None, "EUR", 70),
        (EUROS, None, "815", "EUR", 0),
        # The document is not known in the company's currency.
        (KRONER, "100", None, "USD", 0),
        (EUROS, "100", None, "USD", 0),
        (KRONER, None, "1150", "USD", 1150),
    ],
)
def test_only_what_is_known_counts(money, amount, base, currency, expected):
    document = invoice(1, amount, base, currency=currency)
    other = invoice(2, "5", None, currency=money.currency)
    found = sums(money, document, other)
    assert of(found) == (1000, 0, expected + 5, max(0, 995 - expected))
    named = () if expected else (document.visma_id,)
    assert found.total.unknown == named
    assert ("is not known)" in found.block.rows[0]) is not bool(expected)


@pytest.mark.parametrize(
    ("money", "others", "currency", "expected"),
    [
        # Nothing speaks against the company's currency: 40.82 × 351.22 ÷ 4081.70.
        (EUROS, [], "NOK", "3.51"),
        (EUROS, [invoice(2, "0", "0", counts=False)], "NOK", "3.51"),
        # The order itself is in it, and in another code.
        (KRONER, [], "EUR", None),
        # Another document shows that the code is a foreign one, or that another code is the company's.
        (EUROS, [invoice(2, "1", "9", currency="USD", counts=False)], "USD", None),
        (EUROS, [invoice(2, "1", "1", counts=False)], "USD", None),
        (EUROS, [invoice(2, "1", "1", counts=False)], "NOK", "3.51"),
        (NO_RATE, [], "NOK", None),
    ],
)
def test_a_task_that_states_one_amount_alone(money, others, currency, expected):
    alone = invoice(1, "40.82", currency=currency, states_base=False)
    found = sums(money, alone, *others)
    assert str(found.total.invoiced) == (expected or "0.00")
    assert found.total.unknown == (() if expected else (alone.visma_id,))


def test_what_the_sync_has_seen_of_the_companys_currency():
    alone = invoice(1, "40.82", currency="USD", states_base=False)
    assert sums(EUROS, alone, base_currencies=["NOK"]).total.unknown == (alone.visma_id,)
    assert sums(EUROS, alone, base_currencies=["USD"]).total.invoiced == D("3.51")


@pytest.mark.parametrize(("ambiguous", "expected"), [(False, (1000, 0, 250, 750)), (True, (1000, 0, 0, 1000))])
def test_the_numbers(ambiguous, expected):
    found = sums(KRONER, invoice(1, "200"), invoice(2, "50"), ambiguous=ambiguous)
    assert of(found) == expected
    assert holds(remembered(task(found)), KRONER) is not ambiguous


# --- what people do to the block ---------------------------------------------------------------------------------------


def edited(change):
    found = task(sums(EUROS, invoice(1, "40.82", "40.82")))
    return replace(found, blocks={BLOCK: change(list(found.blocks[BLOCK]))})


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: [],
        lambda rows: rows[:-1],
        lambda rows: [rows[0], rows[1].replace("4081.70", "408.17")],
        lambda rows: [rows[0], rows[1].replace("1000.00", "9000.00")],
        lambda rows: [rows[0], rows[1].replace("lines 351.22 = 4081.70 in", "in")],
        lambda rows: [rows[0], rows[1].rpartition(" · ")[0]],
        lambda rows: [rows[0], rows[1] + " (asked Kari)"],
    ],
)
def test_an_edited_row_is_not_believed(change):
    order = edited(change)
    assert remembered(order) is None
    basis = basis_of(order, {"Visma currency": "EUR", "Visma committed": 1000.0, "Visma received": 4.0})
    assert (basis.certain, basis.money) == (False, OrderMoney("EUR", D(1000), D(4)))
    assert basis_of(order, {"Visma currency": "EUR"}).money.committed is None


@pytest.mark.parametrize(
    "change", [lambda rows: rows[1:], lambda rows: ["Invoice 1: 4.00 NOK", rows[1]], lambda rows: ["Note", *rows]]
)
def test_edited_rows_of_invoices_are_noticed(change):
    memory = remembered(edited(change))
    assert memory.money.rate == EUROS.rate
    assert not holds(memory, EUROS)


def test_a_row_of_another_order_is_not_believed():
    theirs = replace(edited(list), visma_id="PurchaseOrderId:1/RegularOrder/500002")
    assert remembered(theirs) is None
    assert remembered(replace(theirs, visma_id="purchaseorderid:1/REGULARORDER/500001 ")) is not None


def test_a_changed_order_keeps_what_was_invoiced():
    memory = remembered(task(sums(EUROS, invoice(1, "40.82", "40.82"))))
    larger = replace(EUROS, committed=D(2000), received=D(3))
    assert holds(memory, larger)
    found = kept(ORDER, larger, memory)
    assert of(found) == (2000, 3, 3.51, 1996.49)
    assert found.block.rows[0] == "Invoice 1: 40.82 NOK, counted as 3.51 EUR"
    assert remembered(task(found)).money.committed == D(2000)
    for other in (replace(EUROS, line_total=D(400)), replace(EUROS, currency="USD"), replace(EUROS, line_total=None)):
        assert not holds(memory, other)


# --- properties --------------------------------------------------------------------------------------------------------

cents = st.integers(-1_000_000, 1_000_000).map(lambda number: D(number).scaleb(-2))
maybe = st.none() | cents
totals = st.none() | st.just(D(0)) | st.integers(1, 10**8).map(lambda number: D(number).scaleb(-4))
moneys = st.builds(OrderMoney, st.sampled_from(["NOK", "EUR", None]), cents.map(abs), cents.map(abs), totals, totals)
documents = st.lists(
    st.builds(
        invoice,
        st.integers(1, 6),
        maybe,
        maybe,
        st.sampled_from(["NOK", "EUR", "USD", None]),
        st.booleans(),
        st.booleans(),
        st.sampled_from(["500001", "500002"]),
    ),
    unique_by=lambda each: each.visma_id,
)


@unhurried
@given(moneys, documents, st.randoms())
def test_neither_sequence_nor_repetition_matters(money, invoices, random):
    mixed = invoices + invoices
    random.shuffle(mixed)
    once = {each.visma_id: each for each in mixed}
    assert sums(money, *once.values()) == sums(money, *invoices)


@unhurried
@given(moneys, documents)
def test_a_task_gives_back_what_was_written(money, invoices):
    found = sums(money, *invoices)
    order = task(found)
    memory = remembered(order)
    assert holds(memory, money)
    assert memory.invoiced == found.total.invoiced
    # The next invoice finds the same order as the record would.
    again = added_up(ORDER, basis_of(order, {}).money, invoices, ambiguous=False)
    assert (again.fields, again.block) == (found.fields, found.block)


@unhurried
@given(moneys, documents, cents, cents)
def test_a_credit_note_undoes(money, invoices, amount, base):
    both = [invoice(77, str(amount), str(base), "USD"), invoice(78, str(-amount), str(-base), "USD")]
    before = sums(money, *(each for each in invoices if next(iter(each.shares.values())).states_base))
    after = sums(money, *(each for each in invoices if next(iter(each.shares.values())).states_base), *both)
    assert after.total.invoiced == before.total.invoiced


@unhurried
@given(moneys, documents)
def test_only_documents_that_count_are_named(money, invoices):
    found = sums(money, *invoices).total
    counting = {each.visma_id for each in invoices if each.counts and "500001" in each.shares}
    assert set(found.unknown) | set(found.converted) <= counting
    assert not set(found.unknown) & set(found.converted)


@unhurried
@given(moneys, documents)
def test_the_sum_by_the_formula(money, invoices):
    """Of documents as their records give them: own currency as it is, other currency base × line total ÷ the same in base."""
    invoices = [
        replace(each, shares={n: s._replace(states_base=True) for n, s in each.shares.items()}) for each in invoices
    ]
    expected = Fraction(0)
    for each in invoices:
        share = each.shares.get("500001")
        if share is None or not each.counts:
            continue
        if each.currency == money.currency:
            expected += Fraction(share.amount or 0)
        elif share.in_base and money.line_total and money.line_total_in_base:
            expected += Fraction(share.in_base) * Fraction(money.line_total) / Fraction(money.line_total_in_base)
    assert abs(Fraction(sums(money, *invoices).total.invoiced) - expected) <= Fraction(1, 200)
