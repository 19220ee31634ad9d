"""Supplier invoices by the million, for benchmarks: made from one template when a page asks for them, about 3 KB each."""

from __future__ import annotations

from datetime import datetime, timedelta

from integration_tests.sandbox.visma.company import seed
from integration_tests.sandbox.visma.entities import SUPPLIER_INVOICE
from integration_tests.sandbox.visma.errors import not_found
from integration_tests.sandbox.visma.listing import Query, date_filter, shaped
from integration_tests.sandbox.visma.settings import Settings
from integration_tests.sandbox.visma.stamps import render
from integration_tests.sandbox.visma.store import Record
from integration_tests.sandbox.visma.wire import to_json

_FIRST = datetime(2020, 1, 1, 7)
_STEP = timedelta(seconds=30)
_FIRST_NUMBER = 3_000_000


class SyntheticInvoices:
    """``count`` invoices; number and stamp rise together, 30 seconds apart. Filters other than lastModifiedDateTime have no effect."""

    def __init__(self, count: int) -> None:
        self.count = count
        invoices = seed().records["supplierInvoice"]
        self._template = next(invoice for invoice in invoices if _plain(invoice))
        self._patterns: dict[tuple[str, ...], bytes] = {}

    def select(self, query: Query, settings: Settings) -> _Slice:
        """The invoices a list request asks for."""
        low, high = 0, self.count
        wanted = date_filter(query, "lastModifiedDateTime", settings)
        if wanted is not None:
            edge, compare = wanted
            # Stamps rise with the position: the matching ones are one run, from the edge up or down.
            near = min(self.count, max(0, int((edge - _FIRST) / _STEP)))
            upward = compare(edge + timedelta(days=1), edge)
            while near > 0 and self._moment(near - 1) >= edge:
                near -= 1
            while near < self.count and (
                self._moment(near) < edge or (self._moment(near) == edge and compare(edge, edge) is not upward)
            ):
                near += 1
            low, high = (near, self.count) if upward else (0, near)
        return _Slice(self, low, high)

    def detail(self, number: str) -> bytes:
        """One invoice by its number. Raises RefusedError 404."""
        if not number.isdigit() or not _FIRST_NUMBER <= int(number) < _FIRST_NUMBER + self.count:
            raise not_found()
        hidden = tuple(path for flag in SUPPLIER_INVOICE.detail_expands for path in SUPPLIER_INVOICE.expands[flag])
        return self.form(int(number) - _FIRST_NUMBER, hidden, ())

    def form(self, position: int, hidden: tuple[str, ...], blank: tuple[str, ...]) -> bytes:
        """The invoice at a position, as JSON."""
        if hidden not in self._patterns:
            self._patterns[hidden] = self._pattern(hidden, blank)
        values = {
            b"number": _FIRST_NUMBER + position,
            b"stamp": render(self._moment(position)).encode(),
            b"amount": 100 + position * 7919 % 250_000,
        }
        return self._patterns[hidden] % values

    @staticmethod
    def _moment(position: int) -> datetime:
        return _FIRST + position * _STEP

    def _pattern(self, hidden: tuple[str, ...], blank: tuple[str, ...]) -> bytes:
        """The template's JSON with places to fill in for what differs between invoices."""
        marks = {"referenceNumber": "@number", "lastModifiedDateTime": "@stamp", "createdDateTime": "@stamp"}
        marked = self._template | marks | dict.fromkeys(("amount", "balance", "balanceInCurrency"), "@amount")
        text = to_json(shaped(marked, hidden, blank)).replace(b"%", b"%%")
        text = text.replace(b"@number", b"%(number)d").replace(b"@stamp", b"%(stamp)b")
        return text.replace(b'"@amount"', b"%(amount)d.2500")


def _plain(invoice: Record) -> bool:
    """Whether it is an invoice in the company's currency with one line that has a quantity."""
    lines = invoice["invoiceLines"]
    kind = (invoice["documentType"], invoice["currencyId"])
    return kind == ("Invoice", "NOK") and len(lines) == 1 and bool(lines[0]["quantity"])


class _Slice:
    """A run of them, as a list request sees it."""

    def __init__(self, invoices: SyntheticInvoices, low: int, high: int) -> None:
        self._invoices, self._low, self._high = invoices, low, high

    def __len__(self) -> int:
        return self._high - self._low

    def forms(self, start: int, stop: int, hidden: tuple[str, ...], blank: tuple[str, ...]) -> list[bytes]:
        positions = range(self._low + start, min(self._low + stop, self._high))
        return [self._invoices.form(position, hidden, blank) for position in positions]
