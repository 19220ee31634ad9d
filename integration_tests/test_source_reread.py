"""reread_days: documents that a payment or a receipt changed without moving their own stamp come all the same."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from . import openapi
from .sandbox.harness import VismaSandbox
from .source_runs import LISTS, Run, key_of, read

pytest_plugins = ["integration_tests.sandbox.visma.testing"]

# The document's own date, and the parameter that filters by it.
DATES = {
    "purchase_orders": ("date", "orderDate"),
    "supplier_invoices": ("date", "docDate"),
    "customer_invoices": ("documentDate", "documentDate"),
    "customer_credit_notes": ("documentDate", "documentDate"),
    "customer_debit_notes": ("documentDate", "documentDate"),
    "customer_overdue_charges": ("documentDate", "documentDate"),
}
INVOICES = "/v1/supplierInvoice"


def dated(days_ago: int) -> str:
    return f"{datetime.now(UTC) - timedelta(days=days_ago):%Y-%m-%dT00:00:00}"


def first(visma: VismaSandbox, stream: str, count: int) -> list[str]:
    """Keys of the list's first documents, as control requests take them."""
    entity = LISTS[stream][0]
    return ["/".join(map(str, key_of(stream, document))) for document in visma.documents(entity)[:count]]


def quietly(visma: VismaSandbox, stream: str, key: str, **values: Any) -> None:
    """Changes a document as a payment does that leaves its stamp as it is."""
    entity = LISTS[stream][0]
    stamp = visma.document(entity, key)["lastModifiedDateTime"]
    visma.change(entity, key, values, stamp=stamp)


def described(run: Run, stream: str) -> dict[str, str]:
    """What came of the documents these tests changed, by key; each once."""
    field = "invoiceText" if stream.startswith("customer") else "description"
    came = {"/".join(map(str, key_of(stream, record))): record[field] for record in run.records(stream)}
    assert len(came) == len(run.records(stream))
    return came


@pytest.fixture
def visma(visma_server: VismaSandbox) -> Iterator[VismaSandbox]:
    visma_server.reset()
    return visma_server


def test_what_is_dated_within_the_days_comes_again(visma: VismaSandbox) -> None:
    changed: dict[str, dict[str, str]] = {}
    for stream, (date, _) in DATES.items():
        text = "invoiceText" if stream.startswith("customer") else "description"
        recent, old, both = first(visma, stream, 3)
        for key, days in ((recent, 3), (old, 20), (both, 3)):
            quietly(visma, stream, key, **{date: dated(days)})
        changed[stream] = {"recent": recent, "old": old, "both": both, "text": text}
    before = read(visma, *DATES, reread_days=5)
    assert before.code == 0
    filters = {parameter for _, parameter in DATES.values()}
    assert not [e for e in visma.log() if filters & set(e["query"])], "everything is read: nothing comes again"
    for stream, parts in changed.items():
        quietly(visma, stream, parts["recent"], **{parts["text"]: "paid"})
        quietly(visma, stream, parts["old"], **{parts["text"]: "paid long after"})
        visma.change(LISTS[stream][0], parts["both"], {parts["text"]: "changed"})
    visma.clear_log()
    day = dated(5)[:10]
    again = read(visma, *DATES, state=before.state, reread_days=5, lookback_window_minutes=0)
    assert again.code == 0
    for stream, parts in changed.items():
        came = described(again, stream)
        assert came[parts["recent"]] == "paid"
        assert came[parts["both"]] == "changed"
        assert parts["old"] not in came
        asked = [e["query"] for e in visma.log(path=f"/v1/{LISTS[stream][0]}")]
        asked = [query for query in asked if DATES[stream][1] in query]
        assert [query["pageNumber"] for query in asked] == ["1"], "one call per page of that window"
        assert asked[0][DATES[stream][1]] in (day, dated(5)[:10])
        assert asked[0][f"{DATES[stream][1]}Condition"] == ">="
        stamp = visma.document(LISTS[stream][0], parts["both"])["lastModifiedDateTime"]
        assert again.states(stream)[-1]["lastModifiedDateTime"] == stamp
    if openapi.available():
        sent = [entry for entry in visma.log() if entry["path"].startswith("/v")]
        assert [problem for entry in sent for problem in openapi.visma().request_problems(entry)] == []
    visma.clear_log()
    plain = read(visma, *DATES, state=before.state, reread_days=None, lookback_window_minutes=0)
    for stream, parts in changed.items():
        came = described(plain, stream)
        assert came[parts["both"]] == "changed"
        assert parts["recent"] not in came
    assert not [e for e in visma.log() if filters & set(e["query"])]


def test_the_state_stays_where_the_changes_ended(visma: VismaSandbox) -> None:
    """What changes while documents are read again, and is not among them, comes with the next sync."""
    recent, old = first(visma, "supplier_invoices", 2)
    quietly(visma, "supplier_invoices", recent, date=dated(1))
    before = read(visma, "supplier_invoices")
    orders = [
        {"op": "change", "entity": "supplierInvoice", "key": key, "set": {"description": "now"}}
        for key in (old, recent)
    ]
    visma.after_requests(INVOICES, orders)
    again = read(visma, "supplier_invoices", state=before.state, reread_days=3, lookback_window_minutes=0)
    assert described(again, "supplier_invoices")[recent] == "now"
    assert old not in described(again, "supplier_invoices")
    assert again.states("supplier_invoices")[-1] == before.states("supplier_invoices")[-1]
    following = read(visma, "supplier_invoices", state=again.state, lookback_window_minutes=0)
    assert described(following, "supplier_invoices")[old] == "now"


def test_a_refusal_while_reading_again_costs_nothing_else(visma: VismaSandbox) -> None:
    recent, changed = first(visma, "supplier_invoices", 2)
    quietly(visma, "supplier_invoices", recent, date=dated(1))
    before = read(visma, "supplier_invoices")
    visma.change("supplierInvoice", changed, {"description": "changed"})
    visma.fault(
        status=400, path=INVOICES, query={"docDateCondition": ">="}, times=0, body={"message": "No such filter."}
    )
    again = read(visma, "supplier_invoices", state=before.state, reread_days=3, lookback_window_minutes=0)
    assert again.code != 0
    (failure,) = again.failures("supplier_invoices")
    assert "No such filter." in failure["message"]
    assert "reread_days" in failure["message"]
    assert described(again, "supplier_invoices")[changed] == "changed"
    stamp = visma.document("supplierInvoice", changed)["lastModifiedDateTime"]
    assert again.states("supplier_invoices")[-1]["lastModifiedDateTime"] == stamp


def test_what_the_start_date_leaves_out_stays_out(visma: VismaSandbox) -> None:
    early, late = first(visma, "purchase_orders", 2)
    for key, stamp in ((early, "2026-03-01T08:00:00"), (late, "2026-11-02T08:00:00")):
        visma.change("purchaseorder", key, {"date": dated(1), "description": key}, stamp=stamp)
    before = read(visma, "purchase_orders", start_date="2026-11-01")
    again = read(visma, "purchase_orders", state=before.state, start_date="2026-11-01", reread_days=3)
    assert late in described(again, "purchase_orders")
    assert early not in described(again, "purchase_orders")
