"""A note is written whole, without a loss to anybody, or its line is refused with the reason, or it waits."""

import json
import threading
from typing import Any

import pytest
from webhook_listener import write_back
from webhook_listener.config import Visma as Settings
from webhook_listener.database import Database
from webhook_listener.events import Act, Entry
from webhook_listener.log import Log
from webhook_listener.metrics import Metrics
from webhook_listener.visma import Visma
from webhook_listener.write_back import WriteBack

INVOICE = "SupplierInvoiceId:4100251/Invoice/200123"
PATH, LIST = "/v1/supplierInvoice/Invoice/200123", "GET /v1/supplierInvoice"
LINE = "Asana · 2026-11-26 11:58 UTC · completed by Kari Nordmann"
AS_READ: dict[str, Any] = {
    "documentType": "Invoice",
    "referenceNumber": "200123",
    "note": "Call first",
    "timeStamp": "t1",
    "lastModifiedDateTime": "2026-11-26T12:00:00",
}
READ, WRITE = f"GET {PATH}", f"PUT {PATH}"


@pytest.fixture
def writer(
    services: Any, database: Database, clock: Any, metrics: Metrics, monkeypatch: pytest.MonkeyPatch
) -> WriteBack:
    monkeypatch.setattr(write_back, "CONFLICT_PAUSES", (0.0, 0.001))
    services.answers["POST /connect/token"] = (200, {"access_token": "visma-access-token", "expires_in": 3600})
    services.answers[READ] = (200, AS_READ)
    services.answers[WRITE] = 204
    settings = Settings(
        client_id="c",
        client_secret="visma-secret",
        tenant_id="t",
        company_id="4100251",
        webhook_secrets=(),
        api_url="https://api.finance.visma.net",
        token_url="https://connect.visma.com/connect/token",
    )
    return WriteBack(
        database=database,
        visma=Visma(settings, may_write=True),
        company_id="4100251",
        clock=clock,
        metrics=metrics,
        stopping=threading.Event(),
    )


@pytest.fixture
def wait_for(database: Database, clock: Any) -> Any:
    def add(visma_id: str = INVOICE) -> None:
        entry = Entry(Act.COMPLETED, "2026-11-26T11:58:00Z", "Kari Nordmann", "9")
        with database.transaction() as connection:
            Log(database, clock, {"completed"}).add(connection, event=None, task="1", visma_id=visma_id, entry=entry)

    return add


def outcomes(database: Database) -> list[str]:
    return [row["detail"] for row in database.all("SELECT detail FROM log WHERE who = 'webhook-listener'")]


def test_a_line_is_written_below_what_people_wrote(
    writer: WriteBack, services: Any, database: Database, wait_for: Any
) -> None:
    wait_for()
    assert writer.step() == 0
    assert json.loads(services.bodies[-1]) == {"note": {"value": f"Call first\n--- Asana ---\n{LINE}"}}
    assert outcomes(database) == [LINE]
    assert writer.step() == 30.0


def test_a_line_that_a_lost_answer_wrote_is_not_written_twice(
    writer: WriteBack, services: Any, database: Database, wait_for: Any
) -> None:
    services.answers[READ] = (200, {**AS_READ, "note": f"Call first\n--- Asana ---\n{LINE}"})
    wait_for()
    writer.step()
    assert outcomes(database) == [LINE]
    assert WRITE not in services.asked


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({WRITE: 412}, "the document was changed by somebody else again and again while its note was written (412)"),
        (
            {WRITE: [412, 429]},
            "the document was changed by somebody else again and again while its note was written (412)",
        ),
        ({WRITE: (400, {"message": "The period is closed."})}, "Visma said “The period is closed.” (400)"),
        ({READ: (404, {"message": "Not found"})}, "Visma said “Not found” (404)"),
        (
            {READ: (200, {**AS_READ, "documentType": "DebitAdj"})},
            "Visma answered with another document under that number",
        ),
        (
            {READ: (200, {**AS_READ, "timeStamp": None})},
            "Visma gave no ETag, and without one somebody's text could be lost",
        ),
        ({READ: (200, {**AS_READ, "note": "x" * 3990})}, "the note is full (3990 characters)"),
    ],
)
def test_a_line_that_cannot_be_written_is_refused_with_the_reason(
    writer: WriteBack, services: Any, database: Database, wait_for: Any, answers: dict[str, Any], reason: str
) -> None:
    services.answers.update(answers)
    wait_for()
    assert writer.step() == 0
    assert outcomes(database) == [f"{LINE} — {reason}"]


def test_a_document_of_another_company_is_refused(writer: WriteBack, database: Database, wait_for: Any) -> None:
    wait_for("SupplierInvoiceId:1/Invoice/200123")
    writer.step()
    assert outcomes(database) == [f"{LINE} — it is not a document of the company 4100251"]


@pytest.mark.parametrize(
    "answers",
    [
        {READ: 503},
        {READ: 403},
        {WRITE: 500},
        {WRITE: (429, None, {"Retry-After": "7"})},
        {"POST /connect/token": (400, {"error": "invalid_client"})},
        {READ: (200, {**AS_READ, "note": None}), LIST: (200, [])},
        {READ: (200, {**AS_READ, "note": None}), LIST: (200, "no list")},
    ],
)
def test_what_may_pass_waits_and_is_given_up_after_a_day(
    writer: WriteBack,
    services: Any,
    database: Database,
    wait_for: Any,
    clock: Any,
    monkeypatch: pytest.MonkeyPatch,
    answers: dict[str, Any],
) -> None:
    services.answers.update(answers)
    wait_for()
    writer.step()
    assert outcomes(database) == []
    assert writer.step() > 0
    asked = len(services.asked)
    monkeypatch.setattr(writer._rest, "_until", 0.0)
    assert writer.step() > 0
    assert len(services.asked) == asked, "the line itself is not due yet"
    clock.now += 86_401
    writer.step()
    assert len(outcomes(database)) == 1
    assert outcomes(database)[0].startswith(f"{LINE} — after a day of tries: ")


def test_an_invoice_that_shows_no_note_by_number_shows_it_in_the_list(
    writer: WriteBack, services: Any, wait_for: Any
) -> None:
    """On a page that also has other invoices, and older states of this one."""
    services.answers[READ] = (200, {name: value for name, value in AS_READ.items() if name != "note"})
    others = [{**AS_READ, "referenceNumber": "200124", "note": "Other"}, {**AS_READ, "timeStamp": "t0", "note": "Old"}]
    services.answers[LIST] = [(200, others), (200, [AS_READ])]
    wait_for()
    writer.step()
    assert json.loads(services.bodies[-1]) == {"note": {"value": f"Call first\n--- Asana ---\n{LINE}"}}
