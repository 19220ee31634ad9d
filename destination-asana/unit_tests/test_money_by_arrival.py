"""Orders and invoices that come one by one, in any sequence: the tasks that they leave show the sum of the last records.

The tasks of this test hold what the product writes into them, and each step reads nothing but tasks and the record at hand, as
a sync on a new machine does. The expected sum is worked out here, from the records.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from destination_asana.documents.document import Document
from destination_asana.documents.translation import translate
from destination_asana.planning.descriptions.blocks import INVOICES_OF_ORDER, ORDERS_OF_INVOICE
from destination_asana.planning.money.invoice_memory import invoice_in, invoice_of
from destination_asana.planning.money.order_memory import basis_of, money_of, remembered
from destination_asana.planning.money.order_sums import Sums, added_up, holds, kept
from destination_asana.planning.snapshot import Snapshot
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

# A busy machine is no fault.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
NUMBERS = ("500001", "500002")
# What a unit of each currency is in the company's.
RATES = {"NOK": 1, "EUR": 11, "USD": 9}
OWN, IN_BASE = "own", "in base"


def order(number: str, currency: str, totals: str) -> dict[str, Any]:
    """`totals`: both, none, or zeros."""
    both = {"both": (400.0, 400.0 * RATES[currency]), "none": (None, None), "zeros": (0, 0)}[totals]
    return {
        "company_id": "1",
        "orderType": "RegularOrder",
        "orderNbr": number,
        "status": "Open",
        "currency": currency,
        "lineTotal": both[0],
        "lineTotalInBaseCurrency": both[1],
        "lines": [{"lineNbr": 1, "amount": 400.0, "receivedAmt": None}],
    }


def invoice(
    number: int, currency: str, kind: str, status: str, lines: Sequence[tuple[str, int | None, frozenset[str]]]
) -> dict[str, Any]:
    """`lines`: the order, the amount, and which of its two forms are missing. A document in the company's own currency has
    both or none."""
    rate = RATES[currency]
    rows = []
    for place, (order_number, amount, missing) in enumerate(lines, 1):
        gone = frozenset() if rate == 1 else missing
        own = None if amount is None or OWN in gone else float(amount)
        base = None if amount is None or IN_BASE in gone else float(amount * rate)
        rows.append({"lineNumber": place, "poNumber": order_number, "costInCurrency": own, "cost": base})
    return {
        "company_id": "1",
        "documentType": kind,
        "referenceNumber": str(number),
        "status": status,
        "currencyId": currency,
        "balance": 1000.0 * rate,
        "balanceInCurrency": 1000.0,
        "invoiceLines": rows,
    }


class Tasks:
    """The tasks of a project, as the sync leaves them after each record."""

    def __init__(self) -> None:
        self.orders: dict[str, Snapshot] = {}
        self.invoices: dict[str, Snapshot] = {}

    def take(self, stream: str, record: Mapping[str, Any]) -> None:
        document = translate(stream, dict(record))
        assert document is not None
        if stream == "purchase_orders":
            self._take_order(document)
        else:
            self._take_invoice(document)

    def _take_order(self, document: Document) -> None:
        number = document.visma_id.rpartition("/")[2]
        current = self.orders.get(number)
        money = money_of(document, current)
        assert money is not None
        memory = remembered(current) if current is not None else None
        if memory is not None and holds(memory, money):
            sums = kept(document.visma_id, money, memory)
        else:
            known = [self._read(each) for each in self.invoices.values()]
            sums = added_up(document.visma_id, money, _naming(known, number), ambiguous=False)
        self._write(number, document.visma_id, sums)

    def _take_invoice(self, document: Document) -> None:
        brought = invoice_of(document, None)
        before = self.invoices.get(document.visma_id)
        named = {*brought.shares, *(self._read(before).shares if before is not None else ())}
        fields = {name: document.fields[name] for name in ("Visma purchase orders", "Visma currency", "Visma status")}
        self.invoices[document.visma_id] = Snapshot(
            document.visma_id,
            document.visma_id,
            values=fields,  # type: ignore[arg-type]
            blocks={ORDERS_OF_INVOICE.header: list(document.reference_rows)},
        )
        for number in named & set(self.orders):
            current = self.orders[number]
            known = [self._read(each) for each in self.invoices.values() if each.visma_id != document.visma_id]
            money = basis_of(current, {}).money
            sums = added_up(current.visma_id, money, _naming([*known, brought], number), ambiguous=False)
            self._write(number, current.visma_id, sums)

    def _write(self, number: str, visma_id: str, sums: Sums) -> None:
        block = {INVOICES_OF_ORDER.header: list(sums.block.rows)}
        self.orders[number] = Snapshot(number, visma_id, values=sums.fields, blocks=block)  # type: ignore[arg-type]

    @staticmethod
    def _read(snapshot: Snapshot) -> Any:
        return invoice_in(snapshot, snapshot.values)  # type: ignore[arg-type]


def _naming(invoices: list[Any], number: str) -> list[Any]:
    return [each for each in invoices if each.share(number) is not None]


def expected(of: Mapping[str, Any], invoices: Sequence[Mapping[str, Any]]) -> tuple[float, float]:
    """Invoiced and remaining, from the records."""
    total = Fraction(0)
    for each in invoices:
        if each["status"] in ("Hold", "Voided") or each["documentType"] == "Prepayment":
            continue
        lines = [line for line in each["invoiceLines"] if line["poNumber"] == of["orderNbr"]]
        lines = [line for line in lines if line["cost"] is not None or line["costInCurrency"] is not None]
        sign = -1 if each["documentType"] == "DebitAdj" else 1
        same = each["currencyId"] == of["currency"]
        amounts = [line["costInCurrency" if same else "cost"] for line in lines]
        if None in amounts:
            continue
        if same:
            total += sign * sum(map(Fraction, amounts))
        elif of["lineTotal"] and of["lineTotalInBaseCurrency"]:
            total += (
                sign * sum(map(Fraction, amounts)) * Fraction(of["lineTotal"]) / Fraction(of["lineTotalInBaseCurrency"])
            )
    cents, rest = divmod(abs(total) * 100, 1)
    rounded = (cents + (rest * 2 >= 1)) * (1 if total >= 0 else -1)
    invoiced = float(Decimal(int(rounded)).scaleb(-2))
    return invoiced, max(0.0, round(400.0 - invoiced, 2))


missing = st.sampled_from([frozenset(), frozenset({OWN}), frozenset({IN_BASE})])
# No amount of zero: beside another amount it would be an empty one.
amounts = st.none() | st.integers(1, 300)
lines = st.lists(st.tuples(st.sampled_from(NUMBERS), amounts, missing), max_size=3)
invoices = st.builds(
    invoice,
    st.integers(1, 3),
    st.sampled_from(sorted(RATES)),
    st.sampled_from(["Invoice", "DebitAdj", "Prepayment"]),
    st.sampled_from(["Open", "Closed", "Hold", "Voided"]),
    lines,
)
orders = st.builds(
    order, st.sampled_from(NUMBERS), st.sampled_from(sorted(RATES)), st.sampled_from(["both", "none", "zeros"])
)
records = st.lists(
    st.tuples(st.just("purchase_orders"), orders) | st.tuples(st.just("supplier_invoices"), invoices), max_size=8
)


@unhurried
@given(records)
@example(
    [
        ("purchase_orders", order("500001", "EUR", "none")),
        ("supplier_invoices", invoice(1, "NOK", "Invoice", "Open", [("500001", 230, frozenset())])),
    ]
)
@example(
    [
        ("purchase_orders", order("500001", "USD", "both")),
        ("supplier_invoices", invoice(1, "EUR", "Invoice", "Open", [("500001", 100, frozenset({IN_BASE}))])),
        ("supplier_invoices", invoice(2, "USD", "Invoice", "Open", [("500001", 7, frozenset())])),
    ]
)
def test_the_tasks_show_the_sum_of_the_last_records(arriving: list[tuple[str, dict[str, Any]]]) -> None:
    tasks = Tasks()
    last: dict[tuple[Any, ...], dict[str, Any]] = {}
    for stream, record in arriving:
        tasks.take(stream, record)
        key = record.get("orderNbr"), record.get("documentType"), record.get("referenceNumber")
        last[key] = record
    came = [each for each in last.values() if "orderNbr" not in each]
    for number, task in tasks.orders.items():
        wanted = expected(last[number, None, None], came)
        assert (task.values["Visma invoiced"], task.values["Visma remaining"]) == wanted


@unhurried
@given(records)
def test_the_same_again_changes_no_task(arriving: list[tuple[str, dict[str, Any]]]) -> None:
    """The last record of each document, so that no older version comes back."""
    tasks = Tasks()
    last = {
        (each.get("orderNbr"), each.get("documentType"), each.get("referenceNumber")): (stream, each)
        for stream, each in arriving
    }
    for stream, record in last.values():
        tasks.take(stream, record)
    before = dict(tasks.orders), dict(tasks.invoices)
    for stream, record in last.values():
        tasks.take(stream, record)
    assert (tasks.orders, tasks.invoices) == before


@pytest.mark.parametrize("currency", sorted(RATES))
def test_a_credit_note_undoes_an_invoice_and_a_moved_invoice_moves_its_amount(currency: str) -> None:
    tasks = Tasks()
    for number in NUMBERS:
        tasks.take("purchase_orders", order(number, "EUR", "both"))

    def shown() -> list[Any]:
        return [tasks.orders[number].values["Visma invoiced"] for number in NUMBERS]

    def bill(*of: str, kind: str = "Invoice") -> None:
        record = invoice(1, currency, kind, "Open", [(each, 99, frozenset()) for each in of])
        tasks.take("supplier_invoices", record)

    # 99 NOK are 9 EUR, 99 USD are 891 NOK and 81 EUR.
    amount = {"NOK": 9.0, "EUR": 99.0, "USD": 81.0}[currency]
    bill("500001", "500001")
    assert shown() == [2 * amount, 0.0]
    bill("500001", "500002")
    assert shown() == [amount, amount]
    bill("500002")
    assert shown() == [0.0, amount]
    bill("500002", kind="DebitAdj")
    assert shown() == [0.0, 0.0]
