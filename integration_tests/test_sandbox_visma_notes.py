"""The one write the sandbox Visma takes: a note, by PUT, under the ETag's guard."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from integration_tests.sandbox.harness import VismaSandbox
from integration_tests.sandbox.visma.client import connect
from integration_tests.sandbox.visma.settings import READ, UPDATE

pytest_plugins = ["integration_tests.sandbox.visma.testing"]

INVOICE = "/v1/supplierInvoice/Invoice/200002"


@pytest.fixture
def writer(visma: VismaSandbox) -> Iterator[httpx.Client]:
    """A client that may update."""
    with connect(visma, scope=f"{READ} {UPDATE}") as client:
        yield client


@pytest.mark.parametrize(
    ("path", "entity", "key"),
    [
        ("/v1/supplierInvoice/200002", "supplierInvoice", "Invoice/200002"),
        (INVOICE, "supplierInvoice", "Invoice/200002"),
        ("/v1/supplierInvoice/DebitAdj/200004", "supplierInvoice", "DebitAdj/200004"),
        ("/v1/purchaseorder/500001", "purchaseorder", "RegularOrder/500001"),
    ],
)
def test_note_is_replaced_and_nothing_else(
    visma: VismaSandbox, writer: httpx.Client, path: str, entity: str, key: str
) -> None:
    before = visma.document(entity, key)
    etag = writer.get(path).headers["ETag"]
    answer = writer.put(path, json={"note": {"value": "Fullført & <sett>"}}, headers={"If-Match": etag})
    assert (answer.status_code, answer.content) == (204, b"")
    after = visma.document(entity, key)
    assert after["note"] == "Fullført & <sett>"
    assert answer.headers["ETag"] == f'"{after["timeStamp"]}"' != etag
    assert after["lastModifiedDateTime"] > before["lastModifiedDateTime"]
    moved = {"note", "timeStamp", "lastModifiedDateTime"}
    assert {k: v for k, v in after.items() if k not in moved} == {k: v for k, v in before.items() if k not in moved}


def test_stale_etag_is_412(visma: VismaSandbox, writer: httpx.Client) -> None:
    etag = writer.get(INVOICE).headers["ETag"]
    visma.change("supplierInvoice", "Invoice/200002", {"note": "someone was faster"})
    for stale in (etag, etag.strip('"')):
        assert writer.put(INVOICE, json={"note": {"value": "x"}}, headers={"If-Match": stale}).status_code == 412
    assert visma.document("supplierInvoice", "Invoice/200002")["note"] == "someone was faster"
    assert writer.put(INVOICE, json={"note": {"value": "y"}}).status_code == 204, "If-Match is optional"


def test_reading_scope_may_not_write(api: httpx.Client) -> None:
    answer = api.put(INVOICE, json={"note": {"value": "x"}})
    assert answer.status_code == 403
    assert UPDATE in answer.json()["message"]


@pytest.mark.parametrize(
    "body",
    [
        {"note": "bare"},
        {"note": {"value": "x"}, "hold": {"value": True}},
        {"note": {"value": None}},
        {"description": {"value": "x"}},
        {},
        [],
    ],
)
def test_anything_but_a_note_is_refused_and_remembered(visma: VismaSandbox, writer: httpx.Client, body: object) -> None:
    before = visma.document("supplierInvoice", "Invoice/200002")
    assert writer.put(INVOICE, json=body).status_code == 400
    assert visma.document("supplierInvoice", "Invoice/200002") == before
    refused = visma.control("GET", "refused-writes")
    assert [(entry["path"], entry["status"]) for entry in refused] == [(INVOICE, 400)]


def test_body_must_be_json(writer: httpx.Client) -> None:
    assert writer.put(INVOICE, content=b'{"note": {"value": "x"}}').status_code == 415
    assert writer.put(INVOICE, content=b"{", headers={"Content-Type": "application/json"}).status_code == 400


def test_locked_and_released_documents_refuse(visma: VismaSandbox, writer: httpx.Client) -> None:
    visma.change("supplierInvoice", "Invoice/200002", locked=True)
    refused = writer.put(INVOICE, json={"note": {"value": "x"}})
    assert refused.status_code == 400
    assert refused.json()["message"].startswith("VismaId: ")
    visma.change("supplierInvoice", "Invoice/200002", {"status": "Hold"}, locked=False)
    visma.settings(note_policy="refuse_released", note_max_length=3)
    assert writer.put(INVOICE, json={"note": {"value": "yes"}}).status_code == 204
    assert writer.put(INVOICE, json={"note": {"value": "no, too long"}}).status_code == 400
    visma.change("supplierInvoice", "Invoice/200002", {"status": "Open"})
    assert writer.put(INVOICE, json={"note": {"value": "no"}}).status_code == 400


def test_lost_answer_after_the_write(visma: VismaSandbox, writer: httpx.Client) -> None:
    visma.fault(kind="drop", method="PUT", applied=True)
    with pytest.raises(httpx.RemoteProtocolError):
        writer.put(INVOICE, json={"note": {"value": "written"}})
    assert visma.document("supplierInvoice", "Invoice/200002")["note"] == "written"
