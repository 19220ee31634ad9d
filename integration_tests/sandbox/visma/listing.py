"""The answer to a list request: filtering, paging, and the page as JSON with ``metadata`` in every record."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from integration_tests.sandbox.visma import stamps
from integration_tests.sandbox.visma.entity import Entity
from integration_tests.sandbox.visma.errors import RefusedError, refusal
from integration_tests.sandbox.visma.filters import boolean, value_at
from integration_tests.sandbox.visma.oddities import unsettled
from integration_tests.sandbox.visma.settings import Settings
from integration_tests.sandbox.visma.store import Record, Row, Table

Query = Mapping[str, str]
ORDER_REFERENCES = tuple(
    f"invoiceLines.{name}" for name in ("poNumber", "poLineNr", "poReceiptNbr", "poReceiptLineNbr")
)
# One for each pass over a list, with the setting `order` `by_pass`.
PASSES: list[int] = []
# Budget rows show no stamp; this is when all of them were last changed.
LAST_BUDGET_CHANGE = datetime(2026, 10, 1)
CONDITIONS = (">", "<", ">=", "<=")


class Rows(Protocol):
    """The source of a page: rows of a table, or rows made on demand."""

    def __len__(self) -> int: ...

    def forms(self, start: int, stop: int, hidden: tuple[str, ...], blank: tuple[str, ...]) -> list[bytes]:
        """The records at these positions as JSON objects."""
        ...


class TableRows:
    """Rows selected from a table."""

    def __init__(self, rows: Sequence[Row], page: str = "") -> None:
        self._rows = unsettled(rows, page) if page else rows

    def __len__(self) -> int:
        return len(self._rows)

    def forms(self, start: int, stop: int, hidden: tuple[str, ...], blank: tuple[str, ...]) -> list[bytes]:
        return [
            row.form((hidden, blank), lambda record: shaped(record, hidden, blank)) for row in self._rows[start:stop]
        ]


def shaped(record: Record, hidden: Sequence[str], blank: Sequence[str] = ()) -> Record:
    """The record without the hidden paths (``field`` or ``lines.field``) and with empty objects for the blank ones."""
    record = dict(record)
    for path in hidden:
        name, _, inner = path.partition(".")
        if not inner:
            record.pop(name, None)
        elif isinstance(record.get(name), list):
            record[name] = [{k: v for k, v in line.items() if k != inner} for line in record[name]]
    for name in blank:
        if name in record:
            record[name] = {}
    return record


def hidden_fields(entity: Entity, query: Query, flags: Sequence[str]) -> tuple[str, ...]:
    """The fields that none of the request's flags asks for."""
    return tuple(
        path for flag in flags if not (flag in query and boolean(flag, query[flag])) for path in entity.expands[flag]
    )


def date_filter(
    query: Query, name: str, settings: Settings
) -> tuple[datetime, Callable[[datetime, datetime], bool]] | None:
    """A date and its comparison; None if the date or its condition is missing, because then it has no effect.

    Raises RefusedError for a format or condition that is not documented.
    """
    text, condition = query.get(name), query.get(f"{name}Condition")
    if not text or not condition:
        return None
    if condition not in CONDITIONS:
        raise refusal(400, f"The value '{condition}' is not valid for {name}Condition. Use one of > < >= <=.")
    try:
        edge = moment(name, text)
    except RefusedError:
        if settings.bad_dates == "ignored":
            return None
        raise
    return edge, _comparison(condition, settings.edge == "inclusive")


def moment(name: str, text: str) -> datetime:
    """The moment in a date parameter. Raises RefusedError for a format that is not documented."""
    try:
        return stamps.parse_filter(text)
    except ValueError:
        raise refusal(
            400,
            f"The value '{text}' is not valid for {name}. Accepted formats: yyyy-MM-dd, yyyy-MM-dd HH:mm:ss, "
            "yyyy-MM-dd HH:mm:ss.FFF, yyyy-MM-ddTHH:mm:ss, yyyy-MM-ddTHH:mm:ss.FFF",
        ) from None


def _comparison(condition: str, inclusive: bool) -> Callable[[datetime, datetime], bool]:
    if condition == ">=" or (condition == ">" and inclusive):
        return lambda value, edge: value >= edge
    if condition == "<=" or (condition == "<" and inclusive):
        return lambda value, edge: value <= edge
    if condition == ">":
        return lambda value, edge: value > edge
    return lambda value, edge: value < edge


def select(entity: Entity, table: Table, query: Query, settings: Settings) -> TableRows:
    """The rows that a list request asks for, in list order. Parameters that the endpoint does not know have no effect."""
    rows = list(table)
    for name, matches in entity.filters.items():
        if query.get(name):
            rows = [row for row in rows if matches(row.record, query[name])]
    for name, path in entity.dates.items():
        wanted = date_filter(query, name, settings)
        if wanted is None:
            continue
        edge, compare = wanted
        if path == "lastModifiedDateTime":
            if settings.filter_precision == "seconds":
                edge = edge.replace(microsecond=0)
                rows = [
                    row for row in rows if row.modified is None or compare(row.modified.replace(microsecond=0), edge)
                ]
                continue
            # A row with an unreadable stamp (control requests may set one) is never filtered out.
            rows = [row for row in rows if row.modified is None or compare(row.modified, edge)]
        else:
            dated = ((row, stamps.parse(value_at(row.record, path))) for row in rows)
            rows = [row for row, date in dated if date is not None and compare(date, edge)]
    if entity.name == "projectbudget" and settings.budget_dates == "filtered":
        wanted = date_filter(query, "lastModifiedDateTime", settings)
        rows = rows if wanted is None or wanted[1](LAST_BUDGET_CHANGE, wanted[0]) else []
    if settings.order == "by_pass":
        if query.get("pageNumber") == "1":
            PASSES.append(len(PASSES))
        random.Random(len(PASSES)).shuffle(rows)
    unsettled_page = f"{query.get('pageNumber')} {query.get('pageSize')}" if settings.order == "by_page" else ""
    return TableRows(rows, unsettled_page)


def page_bounds(entity: Entity, query: Query, settings: Settings) -> tuple[int, int | None, int]:
    """First and last position of the page (None: to the end) and the largest page size, from the request.

    Raises RefusedError for page numbers and sizes that are no positive integers.
    """
    if entity.page_cap is None:
        return 0, None, 0
    cap = settings.page_caps.get(entity.name, entity.page_cap)
    if "pageNumber" in query or "pageSize" in query:
        number = _positive(query, "pageNumber", 1) if settings.page_number == "kept" else 1
        size = min(_positive(query, "pageSize", settings.default_page_size), cap)
        return (number - 1) * size, number * size, cap
    # Deprecated, and without effect together with page parameters.
    skip = _positive(query, "skipRecords", 0)
    size = min(_positive(query, "numberToRead", settings.default_page_size), cap)
    return skip, skip + size, cap


def _positive(query: Query, name: str, default: int) -> int:
    text = query.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or (int(text) == 0 and name != "skipRecords"):
        raise refusal(400, f"The value '{text}' is not valid for {name}.")
    return int(text)


def page(entity: Entity, rows: Rows, query: Query, settings: Settings) -> bytes:
    """The answer to a list request; ``[]`` past the end."""
    start, stop, cap = page_bounds(entity, query, settings)
    total = len(rows)
    hidden = hidden_fields(entity, query, tuple(entity.expands))
    if entity.name == "supplierInvoice" and settings.orders_on_lists == "hidden":
        hidden += ORDER_REFERENCES
    forms = rows.forms(start, total if stop is None else stop, hidden, entity.blank_in_list)
    return with_metadata(forms, total, cap or total, shown=entity.metadata and settings.metadata)


def with_metadata(forms: Sequence[bytes], total: int, cap: int, *, shown: bool) -> bytes:
    """JSON objects as an array, each with its ``metadata`` if it is shown."""
    if not shown:
        return b"[%s]" % b",".join(forms)
    tail = b',"metadata":{"totalCount":%d,"maxPageSize":%d}}' % (total, cap)
    return b"[%s]" % b",".join(form[:-1] + tail for form in forms)


def detail(entity: Entity, row: Row, query: Query) -> Record:
    """The record as the by-id request shows it."""
    return shaped(copy.copy(row.record), hidden_fields(entity, query, entity.detail_expands))
