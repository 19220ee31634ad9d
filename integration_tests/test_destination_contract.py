"""Every request of a whole life of documents against Asana's official document, and what Asana's guides ask beside it.

All other tests of the destination hold their requests against the document as well, when it is at hand.
"""

import pytest

from integration_tests import openapi
from integration_tests.destination_messages import account, catalog, invoice, line, order, segments, status
from integration_tests.destination_support import KARI
from integration_tests.waiting import until

CONFIG = {
    "section_by_status": True,
    "change_comments": True,
    "mark_missing": True,
    "on_record_error": "quarantine",
    "supplier_mapping": [{"supplier": "Nordic*", "assignee": KARI}],
}


def live(destination):
    """First load, changes of every kind, a wrong record and its mending, a document that no longer comes."""
    coded = line(account={"number": "6800", "description": "Office"}, sub=segments(("330", "Marketing")))
    overwrite = catalog("purchase_orders", "supplier_invoices", "accounts", mode="overwrite")
    destination.write(
        *(account(str(n), f"Account {n}", active=n != 3) for n in range(1, 5)),
        *(order(n, lines=[coded, line(2), line(3)], note="<Note> & æ") for n in range(1, 6)),
        *(invoice(n, dueDate=None if n % 2 else "2026-02-01T00:00:00") for n in range(1, 6)),
        invoice(6, amount="?"),
        configured=overwrite,
        **CONFIG,
    )
    destination.write(
        account("1", "Renamed"),
        account("2", "Account 2", active=False),
        *(order(n, status="Closed", note="Changed", lines=[line(4), line(1), line(3, "Edited")]) for n in range(1, 4)),
        *(invoice(n, documentType="DebitAdj") for n in range(1, 3)),
        *(invoice(n, dueDate="2026-03-01T00:00:00") for n in range(1, 7)),
        status("purchase_orders"),
        configured=overwrite,
        **CONFIG,
    )
    destination.check(supplier_mapping=CONFIG["supplier_mapping"])


def test_requests_and_answers_fit_the_official_document(destination):
    if not openapi.available():
        pytest.skip(f"{openapi.FOLDER} does not name the folder of the official documents")
    live(destination)
    document = openapi.asana()
    log = destination.requests()
    assert len({(entry["method"], entry.get("route")) for entry in log}) >= 20, (
        "the life is rich enough to mean something"
    )
    assert {text for entry in log for text in document.problems(entry)} == set()


def test_every_listing_asks_for_a_page_and_for_the_fields_it_reads(destination):
    """Without `limit` Asana cuts long lists silently or refuses them."""
    live(destination)
    for entry in destination.requests("GET"):
        data = entry["response"].get("data")
        if isinstance(data, list):
            # What completes typed words counts, where lists have pages.
            size = "count" if entry["path"].endswith("/typeahead") else "limit"
            assert 1 <= int(entry["query"][size]) <= 100, entry["path"]
        assert "opt_fields" in entry["query"] or isinstance(data, list), entry["path"]
        asked = (entry["query"].get("opt_fields") or "").split(",")
        assert ("custom_fields.date_value" in asked) == ("custom_fields.date_value.date" in asked), (
            "a bare object may come"
        )


def test_nothing_is_ever_deleted_and_only_documented_headers_are_sent(destination):
    live(destination)
    assert destination.requests("DELETE") == []
    assert not [path for path in destination.written if "remove" in path or path.endswith("/batch")]
    for entry in destination.requests():
        assert entry["request_headers"]["authorization"] == "Bearer …"


def test_never_more_in_flight_than_asana_allows(destination):
    destination.asana.settings(write_latency=0.15, read_latency=0.03)
    destination.asana.fault(action="delay", method="POST", path=r"^/tasks\?", times=None, seconds=3600)
    running = destination.start(*(order(n, lines=[line(1)]) for n in range(1, 41)))
    until(lambda: [entry["path"] for entry in destination.requests("POST")].count("/tasks") >= 12)
    destination.asana.control("DELETE", "faults")
    assert destination.finish(running).code == 0
    [usage] = destination.asana.stats()["tokens"].values()
    assert 12 <= usage["peak_in_flight"]["write"] <= 15, "close to it"
    assert usage["peak_in_flight"]["read"] <= 50
    assert usage["refused"]["in_flight"] == 0
