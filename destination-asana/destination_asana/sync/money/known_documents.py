"""Orders by their number, and the invoices that name them: from the tasks in Asana and from what this sync has brought."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable

from destination_asana.board import OrderTrail
from destination_asana.board.fields import CustomFields
from destination_asana.documents import OrderMoney, company_of, identity
from destination_asana.planning import Snapshot
from destination_asana.planning.money import Invoice, invoice_in


class KnownDocuments:
    """Knows what orders are added up from. Amounts are stored nowhere but in Asana, so a lost machine loses nothing.
    Thread-safe."""

    def __init__(self, fields: CustomFields, trail: OrderTrail) -> None:
        self._fields = fields
        self._trail = trail
        self._lock = threading.Lock()
        self._brought: dict[str, Invoice] = {}
        self._orders: dict[str, OrderMoney] = {}
        self._base_currencies: dict[str, set[str]] = {}

    def expect(self, numbers: Iterable[str]) -> None:
        """Looks up together what each of these numbers would need."""
        self._trail.expect(numbers)

    def bring(self, invoice: Invoice) -> None:
        """Registers what this sync writes, or is about to write, about an invoice. It takes precedence over listings and
        searches."""
        with self._lock:
            self._brought[identity(invoice.visma_id)] = invoice
        if any(share.amount and share.amount == share.in_base for share in invoice.shares.values()):
            self.note_base_currency(company_of(invoice.visma_id), invoice.currency)

    def bring_order(self, visma_id: str, money: OrderMoney) -> None:
        """Registers the amounts of an order whose record this sync has written."""
        with self._lock:
            self._orders[identity(visma_id)] = money

    def order(self, visma_id: str) -> OrderMoney | None:
        """The amounts registered so."""
        with self._lock:
            return self._orders.get(identity(visma_id))

    def forget(self, visma_id: str) -> None:
        """Withdraws an invoice that could not be written."""
        with self._lock:
            self._brought.pop(identity(visma_id), None)

    def note_base_currency(self, company: str, currency: str | None) -> None:
        """Registers that a record has the same amount in this currency and in the company's."""
        if currency is not None:
            with self._lock:
                self._base_currencies.setdefault(company.casefold(), set()).add(currency)

    def base_currencies(self, company: str) -> Collection[str]:
        """The currencies registered so: usually the company's alone, or none yet."""
        with self._lock:
            return frozenset(self._base_currencies.get(company.casefold(), ()))

    def orders(self, company: str, number: str) -> list[Snapshot]:
        """The orders with this number, at most one of each type."""
        return self._trail.orders(company, number)

    def orders_listing(self, visma_id: str) -> Collection[str]:
        """The numbers of the orders whose tasks list an invoice, as far as that is known without asking."""
        return self._trail.orders_listing(visma_id)

    def invoices(self, company: str, number: str) -> list[Invoice]:
        """The invoices that name this number."""
        found = {identity(each.visma_id): self.shown(each) for each in self._trail.invoices(company, number)}
        with self._lock:
            brought = dict(self._brought)
        found |= {
            key: each for key, each in brought.items() if company_of(each.visma_id).casefold() == company.casefold()
        }
        return [each for each in found.values() if each.share(number) is not None]

    def shown(self, snapshot: Snapshot) -> Invoice:
        """The order references on the task of an invoice."""
        return invoice_in(snapshot, self._fields.values.present(snapshot.values))
