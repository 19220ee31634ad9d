"""Sums of orders, against a register of a few tasks in memory: what is added up, when, and what is left alone."""

import logging
import threading
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from destination_asana.documents.order_money import OrderMoney
from destination_asana.documents.order_references import Share
from destination_asana.documents.translation import translate
from destination_asana.planning.money.commitments import Invoice
from destination_asana.planning.money.order_sums import added_up
from destination_asana.planning.snapshot import Snapshot
from destination_asana.sync.money import (
    CountingOrders,
    InvoiceSide,
    KnownDocuments,
    LateOrders,
    MoneyTrail,
    MoneyWarnings,
    OrderChanges,
    OrderSide,
    OrderSums,
    OrderTasks,
)
from destination_asana.sync.pool import KeyedPool
from destination_asana.sync.work import Work
from destination_asana.writing.outcome import Outcome
from destination_asana.writing.tasks.mending import VanishedError

COMPANY, NUMBER = "4100251", "500001"
BLOCK = "Invoices of this order"
REGULAR, DROP_SHIP = (f"PurchaseOrderId:{COMPANY}/{kind}/{NUMBER}" for kind in ("RegularOrder", "DropShip"))


def order(visma_id: str = REGULAR, committed: float = 1000.0, totals: Any = (Decimal(1), Decimal(1))) -> Snapshot:
    """The task of an order whose record has come, without invoices so far."""
    found = added_up(visma_id, OrderMoney("NOK", Decimal(committed), Decimal(0), *totals), [], ambiguous=False)
    values = {"Visma committed": committed, "Visma received": 0.0, "Visma currency": "NOK"}
    return Snapshot(visma_id, visma_id, values=values, blocks={BLOCK: list(found.block.rows)})


def invoice(
    number: str, amount: str, *, kind: str = "Invoice", currency: str = "NOK", status: str = "Open"
) -> Snapshot:
    visma_id = f"SupplierInvoiceId:{COMPANY}/{kind}/{number}"
    values = {"Visma purchase orders": f"{NUMBER}: {amount}", "Visma currency": currency, "Visma status": status}
    return Snapshot(visma_id, visma_id, values=values)


class Register:
    """The register project, its fields, the index and the look-up of orders in one; a field's value is in Asana as it is here."""

    def __init__(self, *tasks: Snapshot) -> None:
        self.held = {task.visma_id: task for task in tasks}
        # What listings and searches still say, where that is older.
        self.listed: dict[str, Snapshot] = {}
        self.written: list[str] = []
        self.dropped: list[str] = []
        self.reported: list[str] = []
        self.vanished = False
        self.is_open = False
        self.index = SimpleNamespace(
            confirm=lambda task: self.held.get(task.visma_id), drop=self.dropped.append, known=self.held.get
        )
        self.fields, self.project_gid = self, "1"
        self.tasks = SimpleNamespace(apply=self.apply)
        self.left_out: set[str] = set()
        self.values = SimpleNamespace(present=lambda values: values, wanted=self.settle)
        self.catalog = SimpleNamespace(get=lambda name: object(), prepare=lambda project_gid: None)

    def open(self, count: int) -> None:
        self.is_open = True

    def settle(self, wanted: dict[str, Any], company: str, values: Any) -> dict[str, Any]:
        return {name: value for name, value in wanted.items() if name not in self.left_out}

    def orders(self, company: str, number: str) -> list[Snapshot]:
        return [
            self.listed.get(each.visma_id, each) for each in self.held.values() if each.visma_id in (REGULAR, DROP_SHIP)
        ]

    def invoices(self, company: str, number: str) -> list[Snapshot]:
        return [each for each in self.held.values() if each.visma_id.startswith("SupplierInvoiceId")]

    def apply(self, change: Any) -> Outcome:
        if self.vanished:
            raise VanishedError("task", "is gone")
        before = self.held[change.visma_id]
        values = {**before.values, **{name: after for name, (_, after) in change.fields.items()}}
        blocks = {**before.blocks, **{block.kind.header: list(block.rows) for block in change.blocks}}
        self.held[change.visma_id] = replace(before, values=values, blocks=blocks)
        self.written.append(change.visma_id)
        return Outcome.of(change, self.held[change.visma_id])

    def changed(self, visma_id: str, outcome: Outcome, *, new: bool) -> None:
        self.reported.append(visma_id)

    def count(self, visma_id: str, action: str) -> None:
        self.reported.append(str(action))

    def numbers(self, visma_id: str = REGULAR) -> tuple[Any, Any]:
        values = self.held[visma_id].values
        return values.get("Visma invoiced"), values.get("Visma remaining")

    def total(self, visma_id: str = REGULAR) -> str:
        """The last row of the block, without what shows that nobody has edited it."""
        return self.held[visma_id].blocks[BLOCK][-1].rpartition(" · ")[0]

    def rows(self, visma_id: str = REGULAR) -> list[str]:
        return [row for row in self.held[visma_id].blocks.get(BLOCK, []) if not row.startswith("Total: ")]


class Orders:
    """What writes orders, with what it knows of invoices."""

    def __init__(self, register: Register) -> None:
        self.known = KnownDocuments(register, register)  # type: ignore[arg-type]
        changes = OrderChanges(register, OrderSums(self.known, CountingOrders(register, self.known), MoneyWarnings()))  # type: ignore[arg-type]
        self._tasks = OrderTasks([register], self.known, changes, register)  # type: ignore[arg-type,list-item]

    def write(self) -> None:
        self._tasks.write(COMPANY, NUMBER)


def brought(number: str, amount: str, company: str = COMPANY) -> Invoice:
    return Invoice(f"SupplierInvoiceId:{company}/Invoice/{number}", "NOK", True, {NUMBER: Share(Decimal(amount))})


def test_the_invoices_of_an_order_are_added_up() -> None:
    register = Register(order(), invoice("1", "400.00"), invoice("2", "-100.00", kind="DebitAdj"))
    Orders(register).write()
    assert register.numbers() == (300.0, 700.0)
    assert register.rows() == ["Credit note 2: -100.00 NOK", "Invoice 1: 400.00 NOK"]
    assert register.reported == [REGULAR, "updated"]


@pytest.mark.parametrize("status", ["Hold", "Balanced", "Voided", "Rejected", "Pending Approval", "Scheduled"])
def test_drafts_and_voids_are_listed_and_not_counted(status: str) -> None:
    register = Register(order(), invoice("1", "400.00", status=status), invoice("2", "50.00", kind="Prepayment"))
    Orders(register).write()
    assert register.numbers() == (0.0, 1000.0)
    assert register.rows() == ["Invoice 1: 400.00 NOK (not counted)", "Prepayment 2: 50.00 NOK (not counted)"]


def test_what_this_sync_brings_counts_before_what_is_listed() -> None:
    register = Register(order(), invoice("1", "400.00"))
    orders = Orders(register)
    orders.known.bring(brought("1", "1250.00"))
    orders.known.bring(brought("3", "5.00", company="another"))
    orders.write()
    assert register.numbers() == (1250.0, 0.0), "over-invoicing leaves nothing, and nothing below zero"
    orders.known.forget("supplierinvoiceid:4100251/INVOICE/1")
    orders.write()
    assert register.numbers() == (400.0, 600.0)


def test_an_order_that_is_not_in_asana_is_nobodys_error() -> None:
    register = Register(invoice("1", "400.00"))
    Orders(register).write()
    assert register.written == []


def test_a_number_of_two_orders_counts_for_none_and_is_named_once(caplog: pytest.LogCaptureFixture) -> None:
    register = Register(order(), order(DROP_SHIP, 500.0), invoice("1", "400.00"))
    orders = Orders(register)
    with caplog.at_level(logging.WARNING, "airbyte"):
        for _ in range(2):
            orders.write()
    assert (register.numbers(), register.numbers(DROP_SHIP)) == ((0.0, 1000.0), (0.0, 500.0))
    assert [
        NUMBER in words and "belongs to a regular order and to a drop-ship order" in words for words in caplog.messages
    ] == [True]
    assert register.rows()[-1] == "Several orders have this number, so none of these is counted for any of them"


@pytest.mark.parametrize("totals", [(Decimal(1), Decimal(1)), (None, None)])
def test_an_invoice_that_cannot_be_converted_is_left_out_and_named_once(
    caplog: pytest.LogCaptureFixture, totals: Any
) -> None:
    register = Register(
        order(totals=totals), invoice("1", "400.00", currency="EUR"), invoice("2", "30.00"), invoice("3", "1.00")
    )
    orders = Orders(register)
    with caplog.at_level(logging.WARNING, "airbyte"):
        for _ in range(2):
            orders.write()
    assert register.numbers() == (31.0, 969.0)
    (words,) = caplog.messages
    assert f"SupplierInvoiceId:{COMPANY}/Invoice/1" in words
    assert "Invoice/2" not in words
    another = invoice("4", "5.00", currency="EUR")
    register.held[another.visma_id] = another
    with caplog.at_level(logging.WARNING, "airbyte"):
        orders.write()
    assert [f"{COMPANY}/Invoice/4" in text for text in caplog.messages] == [False, True], "each one once"


def test_an_order_of_an_earlier_release_gets_no_remaining(caplog: pytest.LogCaptureFixture) -> None:
    register = Register(Snapshot(REGULAR, REGULAR, values={"Visma currency": "NOK"}), invoice("1", "400.00"))
    Orders(register).write()
    assert register.numbers() == (400.0, None)
    assert register.rows() == ["Invoice 1: 400.00 NOK"]
    assert not caplog.messages


ALL = ("committed", "received", "invoiced", "remaining")


@pytest.mark.parametrize(
    "left_out",
    [{f"Visma {name}" for place, name in enumerate(ALL) if bits & 1 << place} for bits in range(16)],
    ids=lambda left_out: "+".join(sorted(each.removeprefix("Visma ") for each in left_out)) or "none",
)
def test_numbers_do_not_depend_on_the_fields_that_there_are(left_out: set[str]) -> None:
    task = replace(order(), values={"Visma currency": "NOK"})
    register = Register(task, invoice("1", "60.00"))
    register.left_out = left_out
    Orders(register).write()
    expected = {"Visma committed": 1000.0, "Visma received": 0.0, "Visma invoiced": 60.0, "Visma remaining": 940.0}
    values = {name: value for name, value in register.held[REGULAR].values.items() if name != "Visma currency"}
    assert values == {name: value for name, value in expected.items() if name not in left_out}
    assert register.total() == "Total: committed 1000.00 NOK, received 0.00, invoiced 60.00, in the company's currency"


def test_what_people_type_into_the_fields_does_not_count() -> None:
    task = order()
    typed = {"Visma committed": 5.0, "Visma received": 7.0, "Visma invoiced": 999.0, "Visma remaining": 1.0}
    register = Register(replace(task, values={**task.values, **typed, "Visma currency": "SEK"}), invoice("1", "60.00"))
    Orders(register).write()
    assert register.numbers() == (60.0, 940.0)
    assert register.held[REGULAR].values["Visma committed"] == 1000.0
    assert register.held[REGULAR].values["Visma received"] == 0.0


def test_an_edited_memory_beside_a_left_out_field_empties_the_remaining(caplog: pytest.LogCaptureFixture) -> None:
    values = {"Visma currency": "NOK", "Visma invoiced": 10.0, "Visma remaining": 990.0}
    register = Register(Snapshot(REGULAR, REGULAR, values=values), invoice("1", "60.00"))
    register.left_out = {"Visma committed"}
    with caplog.at_level(logging.WARNING, "airbyte"):
        Orders(register).write()
    assert register.numbers() == (60.0, None)
    assert "`Visma remaining` is emptied" in caplog.messages[0]


def test_right_numbers_are_not_written_again() -> None:
    register = Register(order(), invoice("1", "400.00"))
    orders = Orders(register)
    orders.write()
    orders.write()
    assert register.written == [REGULAR]


def test_a_listing_that_looks_right_is_held_against_the_task() -> None:
    register = Register(order(), invoice("1", "400.00"))
    orders = Orders(register)
    orders.write()
    register.listed[REGULAR] = register.held[REGULAR]
    register.held[REGULAR] = replace(
        register.held[REGULAR], values={**register.held[REGULAR].values, "Visma invoiced": 1.0}
    )
    orders.write()
    assert register.numbers() == (400.0, 600.0)


def test_a_task_that_somebody_deleted_is_forgotten() -> None:
    register = Register(order(), invoice("1", "400.00"))
    register.vanished = True
    Orders(register).write()
    assert register.dropped == [REGULAR]


# --- when --------------------------------------------------------------------------------------------------------------


class Sums:
    """Notes what is asked of it; `shown` is what every task says of orders."""

    def __init__(self, **shown: str) -> None:
        self.calls: list[Any] = []
        self.listing: set[str] = set()
        self._shown = {name.removeprefix("n"): Share(Decimal(amount)) for name, amount in shown.items()}

    def open(self, orders: int) -> None:
        self.calls.append(("open", orders))

    def expect(self, numbers: Iterable[str]) -> None:
        """Asks for several orders at once; what is written does not depend on it."""

    def bring(self, invoice: Invoice) -> None:
        self.calls.append(("bring", invoice.visma_id.rpartition("/")[2], invoice.counts))

    def forget(self, visma_id: str) -> None:
        self.calls.append(("forget", visma_id.rpartition("/")[2]))

    def write(self, company: str, number: str) -> None:
        self.calls.append(("write", number))

    def orders_listing(self, visma_id: str) -> set[str]:
        return self.listing

    def shown(self, snapshot: Snapshot) -> Invoice:
        return Invoice(snapshot.visma_id, "NOK", True, self._shown)


class Sync:
    """A trail with its work, and the records that were reported."""

    def __init__(self, sums: Sums) -> None:
        self.sums = sums
        self.reported: list[Any] = []
        self.stopping = threading.Event()
        late = LateOrders(
            sums,  # type: ignore[arg-type]
            sums,  # type: ignore[arg-type]
            SimpleNamespace(done=self.reported.append),  # type: ignore[arg-type]
            Work(KeyedPool(2), self.stopping),
            lambda: None,
        )
        counting = SimpleNamespace(forget=lambda visma_id: None)
        self.trail = MoneyTrail(
            sums,  # type: ignore[arg-type]
            OrderSide(sums, counting, sums, sums, late),  # type: ignore[arg-type]
            InvoiceSide(sums, sums, late),  # type: ignore[arg-type]
            late,
            lambda orders: None,
        )


@pytest.fixture
def document(make_invoice: Any) -> Any:
    lines = [{"lineNumber": n, "poNumber": str(500000 + n), "costInCurrency": 10.0 * n} for n in (1, 2)]
    return translate("supplier_invoices", make_invoice(invoiceLines=lines))


def test_a_record_is_reported_once_its_orders_are_added_up(document: Any) -> None:
    sync = Sync(Sums())
    sync.trail.expect(document)
    for record in ("a", "b"):
        sync.trail.after(document, None)
        sync.trail.done(record)  # type: ignore[arg-type]
    assert sync.reported == []
    sync.trail.flush()
    assert sync.reported == ["a", "b"]
    assert sync.sums.calls[:3] == [("bring", "200123", True), ("bring", "200123", True), ("open", 2)]
    assert sorted(sync.sums.calls[3:]) == [("write", "500001"), ("write", "500002")], "each order once"
    sync.trail.flush()
    assert len(sync.sums.calls) == 5


def test_a_record_that_touches_no_order_is_reported_at_once(make_invoice: Any) -> None:
    sync = Sync(Sums())
    sync.trail.after(translate("supplier_invoices", make_invoice()), None)
    sync.trail.done("a")  # type: ignore[arg-type]
    assert sync.reported == ["a"]


def test_an_order_no_longer_named_is_added_up_before_its_last_trace_goes(document: Any) -> None:
    sync = Sync(Sums(n500001="10.00", n500009="7.00"))
    sync.trail.before(document, Snapshot("1", document.visma_id))
    assert sync.sums.calls == [("open", 1), ("bring", "200123", True), ("write", "500009")]
    sync.trail.expect(document)
    sync.trail.flush()
    assert sync.sums.calls[-1] == ("write", "500009"), "and once more when all have come"


def test_a_new_document_drops_no_order(document: Any) -> None:
    sync = Sync(Sums(n500009="7.00"))
    sync.trail.before(document, None)
    assert sync.sums.calls == []


def test_a_document_without_a_task_drops_the_orders_whose_tasks_list_it(document: Any) -> None:
    """People have deleted its task."""
    sync = Sync(Sums())
    sync.sums.listing = {"500009"}
    sync.trail.before(document, None)
    sync.trail.expect(document)
    sync.trail.flush()
    assert sync.sums.calls == [("open", 1), ("write", "500009")]


def test_a_document_that_failed_counts_for_nothing(document: Any) -> None:
    sync = Sync(Sums())
    sync.trail.failed(document)
    assert sync.sums.calls == [("forget", "200123")]


def test_a_document_gone_from_visma_takes_its_amounts_along() -> None:
    sync = Sync(Sums(n500001="10.00"))
    sync.trail.before_gone(Snapshot("1", f"SupplierInvoiceId:{COMPANY}/Invoice/9"))
    assert sync.sums.calls == [("open", 1), ("bring", "9", False), ("write", "500001")]


def test_after_a_signal_nothing_is_reported(document: Any) -> None:
    sync = Sync(Sums())
    sync.trail.expect(document)
    sync.trail.after(document, None)
    sync.trail.done("a")  # type: ignore[arg-type]
    sync.stopping.set()
    sync.trail.flush()
    assert sync.reported == []
