"""The fixed credentials, and the settings that control requests may change while the sandbox runs."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any

CLIENT_ID = "sandbox-client"
CLIENT_SECRET = "sandbox-visma-secret"
TENANT_ID = "5f0e7a52-6a0b-4c3e-9a53-1d2f7c9b4e10"
COMPANY_ID = "4100251"

READ = "vismanet_erp_service_api:read"
UPDATE = "vismanet_erp_service_api:update"
ALL_SCOPES = (READ, "vismanet_erp_service_api:create", UPDATE, "vismanet_erp_service_api:delete")

COMPANY_MODES = ("empty", "no_license", "forbidden", "ignored")
GRANT_MODES = ("granted", "invalid_tenant", "unauthorized", "forbidden")
EDGES = ("inclusive", "exclusive")
NOTHINGS = ("list", "null", "no_content", "not_found", "bad_request", "error")
ORDERS = ("settled", "by_page", "by_pass")
PAGE_NUMBERS = ("kept", "ignored")
RETRY_AFTERS = ("seconds", "date")
NOTE_POLICIES = ("accept", "refuse_released", "refuse_all")
NOTES_BY_NUMBER = ("shown", "absent", "null")
FILTER_PRECISIONS = ("milliseconds", "seconds")
ORDERS_ON_LISTS = ("shown", "hidden")
ORDERS_BY_NUMBER = ("usual", "other")
BUDGET_DATES = ("ignored", "filtered")
PROJECT_TASKS = ("listed", "refused")
JOURNAL_DATES = ("alone", "with_period")
JOURNAL_PAGES = ("lines", "batches")
EMPLOYEES_BY = ("number", "id", "both")
PATH_CASES = ("strict", "any")
BAD_DATES = ("refused", "ignored")
BLOBS = ("found", "unknown")


@dataclass
class Settings:
    """Settings of a running sandbox. Durations are seconds.

    page_caps: largest page per list path (``{"supplierInvoice": 200}``); asking for more is silently limited.
    default_page_size: rows of a page when the request names no ``pageSize``.
    latency, latencies: waiting time before every API answer, and exceptions from it by path beginning.
    edge: whether ``>`` and ``<`` of the date filters include the very stamp that was sent (the documentation says both).
    order: whether rows of equal stamps come in another order on each page, so that pages repeat and leave out rows, or in
        another order each time that page 1 is requested.
    page_number: whether lists look at it; ``ignored``: always page 1.
    nothing: how a page without rows looks: ``[]``, ``null``, 204; 404, 400 or 500 for any but the first.
    concurrent_calls: so many at once, 429 without a time to wait beyond; 0 for any number.
    retry_after: whether the header names seconds or a date.
    company_mode: what a missing or foreign ``ipp-company-id`` brings: empty lists, 400 IPPException 12027, or 403; ``ignored``: the
        company's data, because the token names the company.
    grant: how the service answers when the tenant has not granted the application ("granted" when it has).
    allowed_scopes: scopes the client may ask for.
    token_lifetime: ``expires_in`` of new tokens.
    token_refusals: how many calls with a new token are refused before it is taken.
    rate_limit, rate_window: calls per company and client in one fixed window.
    failing_limit, failing_window: how often one failing request may be repeated before it is answered 429.
    repeat_limit, repeat_window: the same for any request; 0 turns it off.
    strict_accept: refuse API calls that do not ask for ``application/json``.
    compress: gzip answers when the client accepts it.
    record_bodies: keep bodies and answers of API calls in the request log; never those of the token endpoint.
    note_policy: which documents take a note by PUT.
    note_max_length: longest note that is taken; 0 for no limit.
    note_by_number: how the by-id request shows an invoice's note; it knows no ``expandNote``.
    filter_precision: what the filters of stamps compare.
    orders_on_lists: whether lists of supplier invoices show ``poNumber`` and what belongs to it.
    wrapped_values: whether by-number requests wrap texts as ``{"value": …}``.
    order_by_number: which order a number means that types share.
    budget_dates: whether the list of budget rows looks at a date.
    project_tasks: whether project tasks are listed without a project.
    journal_dates: whether journal transactions can be listed without a period.
    journal_pages: what a page of journal transactions counts.
    metadata: whether records of lists carry ``metadata``.
    employees_by: which number finds an employee.
    path_case: whether the case of a list's path matters.
    bad_dates: whether a date filter that is no date is refused or has no effect.
    rate_headers: whether answers carry the headers of the rate limit.
    blobs: whether an attachment's id finds the description of its file.
    utc_stamps: whether branches carry stamps in UTC, where all other lists carry local time.
    """

    page_caps: dict[str, int] = field(default_factory=dict)
    default_page_size: int = 50
    latency: float = 0.0
    latencies: dict[str, float] = field(default_factory=dict)
    edge: str = "inclusive"
    order: str = "settled"
    page_number: str = "kept"
    nothing: str = "list"
    concurrent_calls: int = 0
    retry_after: str = "seconds"
    company_mode: str = "empty"
    grant: str = "granted"
    allowed_scopes: list[str] = field(default_factory=lambda: [READ, UPDATE])
    token_lifetime: int = 3600
    token_refusals: int = 0
    rate_limit: int = 15000
    rate_window: float = 3600.0
    failing_limit: int = 2
    failing_window: float = 300.0
    repeat_limit: int = 0
    repeat_window: float = 60.0
    strict_accept: bool = True
    compress: bool = False
    record_bodies: bool = False
    note_policy: str = "accept"
    note_max_length: int = 0
    note_by_number: str = "shown"
    filter_precision: str = "milliseconds"
    orders_on_lists: str = "shown"
    wrapped_values: bool = False
    order_by_number: str = "usual"
    budget_dates: str = "ignored"
    project_tasks: str = "listed"
    journal_dates: str = "alone"
    journal_pages: str = "lines"
    metadata: bool = True
    employees_by: str = "number"
    path_case: str = "strict"
    bad_dates: str = "refused"
    rate_headers: bool = True
    blobs: str = "unknown"
    utc_stamps: bool = True

    def change(self, values: dict[str, Any]) -> None:
        """Sets the named values; dictionaries are merged. Raises ValueError for an unknown name or value."""
        known = {f.name for f in fields(self)}
        for name, value in values.items():
            if name not in known:
                raise ValueError(f"unknown setting {name!r}; known: {', '.join(sorted(known))}")
            current = getattr(self, name)
            _check_kind(name, current, value)
            choices = {
                "edge": EDGES,
                "order": ORDERS,
                "page_number": PAGE_NUMBERS,
                "nothing": NOTHINGS,
                "retry_after": RETRY_AFTERS,
                "company_mode": COMPANY_MODES,
                "grant": GRANT_MODES,
                "note_policy": NOTE_POLICIES,
                "note_by_number": NOTES_BY_NUMBER,
                "filter_precision": FILTER_PRECISIONS,
                "orders_on_lists": ORDERS_ON_LISTS,
                "order_by_number": ORDERS_BY_NUMBER,
                "budget_dates": BUDGET_DATES,
                "project_tasks": PROJECT_TASKS,
                "journal_dates": JOURNAL_DATES,
                "journal_pages": JOURNAL_PAGES,
                "employees_by": EMPLOYEES_BY,
                "path_case": PATH_CASES,
                "bad_dates": BAD_DATES,
                "blobs": BLOBS,
            }
            if name in choices and value not in choices[name]:
                raise ValueError(f"setting {name!r} is one of {', '.join(choices[name])}, not {value!r}")
            if isinstance(current, dict):
                current.update(value)
            else:
                setattr(self, name, value)

    def as_dict(self) -> dict[str, Any]:
        """All settings, as JSON."""
        return asdict(self)


def _check_kind(name: str, current: object, value: object) -> None:
    numeric = isinstance(current, (int, float)) and not isinstance(current, bool)
    wanted = (int, float) if isinstance(current, float) else type(current)
    if not isinstance(value, wanted) or (numeric and isinstance(value, bool)):
        raise ValueError(f"setting {name!r} wants {type(current).__name__}, not {value!r}")
