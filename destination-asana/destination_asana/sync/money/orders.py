"""Keeps the numbers of orders right: what was invoiced for them, and what is left."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping

from destination_asana.board.fields.values import CustomFields
from destination_asana.board.order_trail import OrderTrail, compared
from destination_asana.documents import fields as names
from destination_asana.documents.document import Document
from destination_asana.documents.order_money import OrderMoney
from destination_asana.documents.visma_ids import company_of, identity, label_of, number_of
from destination_asana.planning import order_sums
from destination_asana.planning.blocks import Block, differing
from destination_asana.planning.changes import Change, same
from destination_asana.planning.commitments import Commitment, Invoice
from destination_asana.planning.snapshot import Snapshot
from destination_asana.sync.registers import Register
from destination_asana.sync.upsert.reports import Reports
from destination_asana.writing.mending import VanishedError

logger = logging.getLogger("airbyte")


class OrderSums:
    """Sums orders out of what Asana shows of their invoices, and of what this sync has brought of them.

    Amounts are kept nowhere else, so that a lost machine loses nothing. Thread-safe, as long as the tasks of one number
    are written by one thread.
    """

    def __init__(self, register: Register, fields: CustomFields, trail: OrderTrail, reports: Reports) -> None:
        self._register = register
        self._fields = fields
        self._trail = trail
        self._reports = reports
        self._opening = threading.Lock()
        self._lock = threading.Lock()
        # Orders are written by the workers of several invoices; those of one number one after the other.
        self._writing = [threading.Lock() for _ in range(64)]
        self._brought: dict[str, Invoice] = {}
        self._warned: set[str] = set()

    def open(self, orders: int) -> None:
        """Prepares for so many look-ups."""
        with self._opening:
            if not self._register.is_open:
                self._register.open(orders)

    def bring(self, invoice: Invoice) -> None:
        """Notes what this sync writes, or is about to write, of an invoice: it holds before what is listed or searched."""
        with self._lock:
            self._brought[identity(invoice.visma_id)] = invoice

    def forget(self, visma_id: str) -> None:
        """An invoice was not written after all."""
        with self._lock:
            self._brought.pop(identity(visma_id), None)

    def write(self, company: str, number: str) -> None:
        """Brings the numbers of the orders of a number up to date. Raises AsanaError, and RecordError for what Asana
        refuses."""
        with self._writing[hash((company.casefold(), compared(number))) % len(self._writing)]:
            orders = self._trail.orders(company, number)
            if not orders:
                return
            ambiguous = len(orders) > 1
            if ambiguous:
                self._warn_of_ambiguity(company, number)
            invoices = self._invoices(company, number)
            for order in orders:
                try:
                    self._write(number, order, invoices, ambiguous=ambiguous)
                except VanishedError:
                    self._register.index.drop(order.visma_id)

    def is_right(self, document: Document, current: Snapshot) -> bool:
        """Whether the task of an order shows its invoiced amount, and converts as the order's record says."""
        shown = self._fields.shown(current.values)
        return (
            names.INVOICED in shown
            and document.money is not None
            and not order_sums.totals_differ(document.money, current)
        )

    def as_shown(self, money: OrderMoney, current: Snapshot) -> tuple[Mapping[str, float], Block]:
        """The numbers that follow from the invoiced amount an order's task shows, and its block."""
        invoiced = self._fields.shown(current.values)[names.INVOICED]
        remaining = max(0.0, round(float(money.committed) - invoiced, 2))
        return {names.INVOICED: invoiced, names.REMAINING: remaining}, order_sums.block_with_totals(money, current)

    def summed(self, visma_id: str, money: OrderMoney) -> tuple[Mapping[str, float], Block, bool]:
        """The numbers of an order out of all its invoices, its block, and whether other orders have its number."""
        company, number = company_of(visma_id), number_of(visma_id)
        orders = self._trail.orders(company, number)
        ambiguous = any(identity(each.visma_id) != identity(visma_id) for each in orders)
        if ambiguous:
            self._warn_of_ambiguity(company, number)
        invoices = list(self._invoices(company, number).values())
        total = order_sums.sum_of(number, money, invoices, ambiguous=ambiguous)
        self._warn_of_unknown(visma_id, total)
        return order_sums.numbers(total), order_sums.block(number, money, invoices, ambiguous=ambiguous), ambiguous

    def shown(self, snapshot: Snapshot) -> Invoice:
        """What the task of an invoice remembers of orders."""
        return order_sums.shown_invoice(snapshot, self._fields.shown(snapshot.values))

    def _invoices(self, company: str, number: str) -> dict[str, Invoice]:
        found = {identity(each.visma_id): self.shown(each) for each in self._trail.invoices(company, number)}
        with self._lock:
            brought = dict(self._brought)
        found |= {
            key: each for key, each in brought.items() if company_of(each.visma_id).casefold() == company.casefold()
        }
        return {key: each for key, each in found.items() if each.share(number) is not None}

    def _write(self, number: str, order: Snapshot, invoices: Mapping[str, Invoice], *, ambiguous: bool) -> None:
        change = self._change(number, order, invoices, ambiguous=ambiguous)
        if change is not None and change.empty:
            # What search alone has told may be old: the numbers are compared with the task itself.
            now = self._register.index.confirm(order)
            change = self._change(number, now, invoices, ambiguous=ambiguous) if now not in (None, order) else None
        if change is None or change.empty:
            return
        outcome = self._register.tasks.apply(change)
        self._reports.changed(order.visma_id, outcome, new=False)
        self._reports.count(outcome.action)

    def _change(
        self, number: str, order: Snapshot, invoices: Mapping[str, Invoice], *, ambiguous: bool
    ) -> Change | None:
        """What makes an order's task show its numbers; None where they cannot be known."""
        shown = self._fields.shown(order.values)
        money = order_sums.shown_money(order, shown)
        total = order_sums.sum_of(number, money, list(invoices.values()), ambiguous=ambiguous)
        if total.unknown:
            self._warn_of_unknown(order.visma_id, total)
            return None
        wanted = order_sums.numbers(total)
        if names.COMMITTED not in shown:
            # An order of an earlier release: what it commits to comes with its record.
            del wanted[names.REMAINING]
        fields = {
            name: (shown.get(name), value)
            for name, value in self._fields.settle(wanted, company_of(order.visma_id), order.values).items()
            if self._fields.get(name) is not None and not same(shown.get(name), value)
        }
        block = order_sums.block(number, money, invoices.values(), ambiguous=ambiguous)
        return Change(
            order.visma_id, label_of(order.visma_id), order, fields=fields, blocks=differing([block], order.blocks)
        )

    def _warn_of_ambiguity(self, company: str, number: str) -> None:
        if self._first_time(f"{company}/{compared(number)}"):
            logger.warning(
                f"The order number {number} of company {company} belongs to a regular order and to a drop-ship order. Invoices "
                "name the number alone, so they count for neither. Look them up in Visma."
            )

    def _first_time(self, key: str) -> bool:
        with self._lock:
            known = key in self._warned
            self._warned.add(key)
        return not known

    def _warn_of_unknown(self, visma_id: str, total: Commitment) -> None:
        if total.unknown and self._first_time(visma_id):
            logger.warning(
                f"{visma_id}: documents in another currency cannot be converted, since it is not known what they, or the order, "
                f"are in the company's currency: {', '.join(total.unknown)}. They are not counted. The numbers are right again "
                "once the records of the order and of these documents have come."
            )
