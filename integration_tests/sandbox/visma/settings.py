"""What a sandbox can be told: the fixed credentials, and the settings that control requests may change while it runs."""

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

COMPANY_MODES = ("empty", "no_license", "forbidden")
GRANT_MODES = ("granted", "invalid_tenant", "unauthorized", "forbidden")
EDGES = ("inclusive", "exclusive")
NOTHINGS = ("list", "null", "no_content", "not_found", "bad_request")
ORDERS = ("settled", "by_page")
PAGE_NUMBERS = ("kept", "ignored")
RETRY_AFTERS = ("seconds", "date")
NOTE_POLICIES = ("accept", "refuse_released", "refuse_all")
NOTES_BY_NUMBER = ("shown", "absent", "null")


@dataclass
class Settings:
    """Settings of a running sandbox. Durations are seconds.

    page_caps: largest page per list path (``{"supplierInvoice": 200}``); asking for more is silently limited.
    default_page_size: rows of a page when the request names no ``pageSize``.
    latency, latencies: waiting time before every API answer, and exceptions from it by path beginning.
    edge: whether ``>`` and ``<`` of the date filters include the very stamp that was sent (the documentation says both).
    order: whether rows of equal stamps come in another order on each page, so that pages repeat and leave out rows.
    page_number: whether lists look at it; ``ignored``: always page 1.
    nothing: how a page without rows looks: ``[]``, ``null``, 204; 404 or 400 for any but the first.
    concurrent_calls: so many at once, 429 without a time to wait beyond; 0 for any number.
    retry_after: whether the header names seconds or a date.
    company_mode: what a missing or foreign ``ipp-company-id`` brings: empty lists, 400 IPPException 12027, or 403.
    grant: how the service answers when the tenant has not granted the application ("granted" when it has).
    allowed_scopes: scopes the client may ask for.
    token_lifetime: ``expires_in`` of new tokens.
    token_delay: seconds until a new token is taken.
    rate_limit, rate_window: calls per company and client in one fixed window.
    failing_limit, failing_window: how often one failing request may be repeated before it is answered 429.
    repeat_limit, repeat_window: the same for any request; 0 turns it off.
    strict_accept: refuse API calls that do not ask for ``application/json``.
    compress: gzip answers when the client accepts it.
    record_bodies: keep bodies and answers of API calls in the request log; never those of the token endpoint.
    note_policy: which documents take a note by PUT.
    note_max_length: longest note that is taken; 0 for no limit.
    note_by_number: how the by-id request shows an invoice's note; it knows no ``expandNote``.
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
    token_delay: float = 0.0
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
    utc_stamps: bool = True

    def change(self, values: dict[str, Any]) -> None:
        """Takes over the named values; dictionaries are merged. Raises ValueError for a name or value it does not know."""
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
