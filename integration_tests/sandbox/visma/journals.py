"""Journal transactions: batches that are paged by line, so that one batch may be split over several pages."""

from __future__ import annotations

import re

from integration_tests.sandbox.visma.entities import JOURNAL_TRANSACTION
from integration_tests.sandbox.visma.errors import refusal
from integration_tests.sandbox.visma.listing import Query, hidden_fields, moment, page_bounds, shaped, with_metadata
from integration_tests.sandbox.visma.settings import Settings
from integration_tests.sandbox.visma.store import Row, Table
from integration_tests.sandbox.visma.wire import to_json

LINES = "journalTransactionLines"


def journal_page(table: Table, query: Query, settings: Settings) -> bytes:
    """The answer to a list request. ``pageSize`` and ``totalCount`` count lines, not batches.

    Raises RefusedError if neither a period nor a date limits the request.
    """
    rows = _select(table, query, settings)
    start, stop, cap = page_bounds(JOURNAL_TRANSACTION, query, settings)
    hidden = hidden_fields(JOURNAL_TRANSACTION, query, ("expandAttachments",))
    if settings.journal_pages == "batches":
        whole = [row.form(hidden, lambda record: shaped(record, hidden)) for row in rows[start:stop]]
        return with_metadata(whole, len(rows), cap, shown=settings.metadata)
    forms = []
    position = 0
    for row in rows:
        lines = row.record[LINES]
        first, last = max(start - position, 0), min(len(lines), (stop or 0) - position)
        position += len(lines)
        if first >= last:
            continue
        if (first, last) == (0, len(lines)):
            forms.append(row.form(hidden, lambda record: shaped(record, hidden)))
        else:
            forms.append(to_json(shaped({**row.record, LINES: lines[first:last]}, hidden)))
    return with_metadata(forms, position, cap, shown=settings.metadata)


def _select(table: Table, query: Query, settings: Settings) -> list[Row]:
    period, since = query.get("periodId"), query.get("lastModifiedDateTime")
    if not period and (not since or settings.journal_dates == "with_period"):
        raise refusal(400, "PeriodId is mandatory if LastModifiedDateTime is not provided.")
    if period and not re.fullmatch(r"\d{4}(0[1-9]|1[0-3])", period):
        raise refusal(400, f"The value '{period}' is not valid for periodId. Format: YYYYPP.")
    # This date has no condition: it means everything modified since then.
    rows = table.since(moment("lastModifiedDateTime", since)) if since else list(table)
    if period:
        rows = [row for row in rows if row.record["financialPeriod"] == period]
    for name, matches in JOURNAL_TRANSACTION.filters.items():
        if query.get(name):
            rows = [row for row in rows if matches(row.record, query[name])]
    return rows
