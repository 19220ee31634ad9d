"""Bodies seen on the real Visma.net: the source reads them, our schemas fit them, the destination writes them, errors say them."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from jsonschema import Draft7Validator
from source_visma.components.access_token import shared_token

from . import wire
from .destination_support import Destination, lines_of
from .sandbox.harness import VismaSandbox, start
from .source_runs import Run, read

MANIFEST = Path(__file__).resolve().parents[1] / "source-visma" / "source_visma" / "manifest.yaml"
PATHS = {
    "purchase_orders": "/v1/purchaseorder",
    "supplier_invoices": "/v1/supplierInvoice",
    "customer_invoices": "/v1/customerinvoice",
    "customer_credit_notes": "/v1/customerCreditNote",
}
READ = {
    "purchaseorder_list_2026_trimmed.json",
    "supplierinvoice_post_answer_2020_part.json",
    "customerdocument_list_2026_testdata.json",
    "customerinvoice_list_2026_testdata.json",
}
# What is no record of one of these streams, or cannot be one, and why.
NOT_READ = {
    "purchasereceipt_record_2024.json": "a receipt: no document of its own",
    "purchasereceipt_list_2026_trimmed.json": "a receipt without its type, which is a part of its key",
    "customerpayment_list_void_2023.json": "a customer's payment: no stream",
    "supplierinvoice_post_request_2020.json": "what a client sent, not what Visma answered",
    "event_subscription_2021.json": "endpoints that are gone",
    "metadata_2020.json": "only the paging data of a record",
    "errors.json": "refusals",
    "token_answers.json": "answers of the token service",
}

pytestmark = pytest.mark.skipif(not wire.available(), reason=wire.MISSING)


def streams_in(name: str) -> dict[str, list[str]]:
    """The records of a body by stream. Parts of the key that the author of a trimmed body cut away are put in front."""
    records = wire.records(f"visma/{name}")
    if name.startswith("purchaseorder"):
        return {"purchase_orders": [wire.completed(record, orderType="RegularOrder") for record in records]}
    if name.startswith("supplierinvoice"):
        # Of this one only the lines could be read.
        header = {
            "documentType": "DebitAdj",
            "referenceNumber": "290001",
            "currencyId": "NOK",
            **dict.fromkeys(("amount", "balance", "balanceInCurrency"), 1200.0),
            **dict.fromkeys(("detailTotal", "detailTotalInCurrency"), 1000.0),
            "supplier": {"internalId": 7, "number": "49990", "name": "Havnevesenet"},
        }
        return {"supplier_invoices": [wire.completed(record, **header) for record in records]}
    if name.startswith("customerinvoice"):
        # The numbers are invented, and those of the other customer documents are the same.
        return {"customer_invoices": [record.replace('"123104"', '"123204"') for record in records]}
    found: dict[str, list[str]] = {"customer_invoices": [], "customer_credit_notes": []}
    for record in records:
        invoice = json.loads(record)["documentType"] == "Invoice"
        found["customer_invoices" if invoice else "customer_credit_notes"].append(record)
    return found


@pytest.fixture(scope="module")
def visma() -> Iterator[VismaSandbox]:
    """A company without data: what it shows is what is played."""
    with start("visma", "--empty") as server:
        yield server


@pytest.fixture(scope="module")
def sent() -> dict[str, list[str]]:
    """All records that a stream of ours can read."""
    found: dict[str, list[str]] = {stream: [] for stream in PATHS}
    for name in sorted(READ & set(wire.names("visma"))):
        for stream, records in streams_in(name).items():
            found[stream] += records
    return found


@pytest.fixture(scope="module")
def run(visma: VismaSandbox, sent: dict[str, list[str]]) -> Run:
    """What the source makes of them."""
    bodies = {PATHS[stream]: f"[{','.join(records)}]" for stream, records in sent.items()}
    with wire.Player(visma.url, wire.played(bodies)) as player:
        return read(settings(visma, player.url), *PATHS)


def settings(visma: VismaSandbox, url: str) -> dict[str, Any]:
    return {**visma.config, "api_url": url, "token_url": f"{url}/connect/token"}


@pytest.mark.parametrize("name", wire.names("visma"))
def test_each_body_has_a_reader(name: str) -> None:
    if name in NOT_READ:
        pytest.skip(f"{name}: {NOT_READ[name]}")
    assert name in READ, "nothing here says what reads it"


def test_each_is_read_and_fits_the_schema(run: Run, sent: dict[str, list[str]]) -> None:
    assert run.code == 0, run.output
    schemas = yaml.safe_load(MANIFEST.read_text("utf-8"))["schemas"]
    for stream, records in sent.items():
        came = run.records(stream)
        assert len(came) == len(records)
        validator = Draft7Validator(schemas[stream])
        assert [error.message for record in came for error in validator.iter_errors(record)] == []
        assert {field for record in came for field in record} <= set(schemas[stream]["properties"])


def test_each_is_written(run: Run, destination: Destination) -> None:
    records = [message for message in run.messages if message["type"] == "RECORD"]
    destination.write(*records)
    assert len(destination.tasks) == len(records)
    assert destination.attention == []
    # Orders with stamps of two and three decimals, whole quantities, lines that begin at 6.
    orders = {
        number: destination.task(f"PurchaseOrderId:4100251/RegularOrder/{number}")["completed"]
        for number in ("500254", "500259", "500017", "500148", "500000", "500235")
    }
    assert orders == {
        "500254": False,
        "500259": False,
        "500017": True,
        "500148": True,
        "500000": True,
        "500235": False,
    }
    note = destination.task("SupplierInvoiceId:4100251/DebitAdj/290001")
    assert note["name"] == "Credit note 290001 · Havnevesenet"
    assert (note["fields"]["Visma amount"], note["fields"]["Visma balance"]) == (-1200, -1200)
    # No quantity, no unit cost, no description: its account's, and its amount.
    assert lines_of(note) == ["1. Innkj. varer for videresalg — -1000.00 NOK"]
    invoice = destination.task("CustomerInvoiceId:4100251/Invoice/123105")
    assert invoice["name"] == "Sales invoice 123105 · Duna Kereskedelem Kft"
    credit = destination.task("CustomerInvoiceId:4100251/CreditNote/123106")
    assert credit["name"] == "Sales credit note 123106 · Fjordrådet"
    assert (credit["fields"]["Visma amount"], credit["fields"]["Visma currency"]) == (-9257.5, "DKK")


def test_stamps_and_lines(run: Run) -> None:
    numbers = ["500254", "500259", "500017", "500148", "500000", "500235"]
    assert [record["orderNbr"] for record in run.records("purchase_orders")] == numbers
    assert run.states("purchase_orders")[-1]["lastModifiedDateTime"] == "2026-05-08T10:59:28.613"
    ((line,),) = [record["invoiceLines"] for record in run.records("supplier_invoices")]
    assert (line["quantity"], line["costInCurrency"], line["transactionDescription"]) == (0, 1000, "")
    assert [segment["segmentValue"] for segment in line["subaccount"]["segments"]] == ["100", "3000"]


def test_wrapped_scalars(run: Run) -> None:
    """Some scalars stand in an object with the one key `value`, the number of the document among them."""
    (wrapped,) = [invoice for invoice in run.records("customer_invoices") if invoice["referenceNumber"] == "123105"]
    assert wrapped["customer"] == {"number": "10691", "name": "Duna Kereskedelem Kft"}
    assert (wrapped["currencyId"], wrapped["balanceInCurrency"], wrapped["status"]) == ("SEK", 4999, "Open")


def test_paging_data(visma: VismaSandbox) -> None:
    """The list is as long as the metadata says, and the metadata is left out of the record."""
    data = wire.content("visma/metadata_2020.json")["metadata"]
    row = {"referenceNumber": "1", "documentType": "Invoice", "metadata": data | {"totalCount": 1}}
    calls: list[str] = []

    def edit(method: str, path: str, query: dict[str, str], status: int, body: bytes) -> tuple[int, bytes] | None:
        if path != PATHS["customer_invoices"]:
            return None
        calls.append(query["pageNumber"])
        return 200, json.dumps([row]).encode()

    with wire.Player(visma.url, edit) as player:
        run = read(settings(visma, player.url), "customer_invoices")
    assert run.records("customer_invoices") == [
        {"company_id": "4100251", "documentType": "Invoice", "referenceNumber": "1"}
    ]
    assert calls == ["1"]


def test_what_visma_says_of_a_refusal_is_told(visma: VismaSandbox) -> None:
    """In one line, whatever line breaks stood in it. What may pass is asked for again, and told on the log."""
    seen = wire.content("visma/errors.json")
    paths = ["account", "supplier", "customer", "subaccount", "purchaseorder", "supplierInvoice"]
    streams = ["accounts", "suppliers", "customers", "subaccounts", "purchase_orders", "supplier_invoices"]
    answers = {
        f"/v1/{path}": (error["status"] or 400, json.dumps(error["body"]).encode())
        for path, error in zip(paths, seen, strict=False)
    }

    def edit(method: str, path: str, query: dict[str, str], status: int, body: bytes) -> tuple[int, bytes] | None:
        passing = answers.get(path, (0, b""))[0] in (429, 500)
        return answers.pop(path, None) if passing else answers.get(path)

    with wire.Player(visma.url, edit) as player:
        run = read(settings(visma, player.url), *streams)
        alone = read(settings(visma, player.url), "suppliers")
    failed = {stream: errors[-1]["message"] for stream in streams if (errors := run.failures(stream))}
    # A licence that is missing is about its own stream where others can be read, and fails it where it is alone.
    assert set(failed) == {"accounts", "customers", "subaccounts"}
    assert any("suppliers" in line and "No license for this company." in line for line in run.logs.splitlines())
    failed["suppliers"] = alone.failures("suppliers")[-1]["message"]
    assert "12002" in failed["accounts"]
    assert "company_id" in failed["accounts"]
    assert "No license for this company." in failed["suppliers"]
    assert "company ID" in failed["suppliers"]
    assert (
        "Error inserting the customer. Error: Inserting 'Customer' record raised at least one error. Please review the "
        "errors. Error: Terms 'TT' cannot be found in the system."
    ) in failed["customers"]
    assert "You cannot create timecards for the selected user. Please review the company tree." in failed["subaccounts"]
    assert not any(end in message for message in failed.values() for end in "\r\n")
    log = [message["message"] for message in run.of_type("LOG")]
    assert any(
        "500 Error creating purchase receipt from purchase order. Object reference not set to an instance of an object."
        in m
        for m in log
    )
    assert any("429 Same request made too many times" in message for message in log)


TOKENS = {
    1: ["Visma Connect does not know this client ID and client secret", "401 invalid_client"],
    2: ["The application is not granted for this tenant", "400 invalid_tenant"],
    3: ["Visma Connect", "gives no access token"],
}


def test_answers_of_the_token_service(visma: VismaSandbox) -> None:
    """What each of them means is in the message; the token of a good one is used as it is."""
    answers = wire.content("visma/token_answers.json")
    told = {}
    for number in (0, *TOKENS):
        play = (answers[number]["status"], json.dumps(answers[number]["body"]).encode())

        def edit(method: str, path: str, *rest: Any, play: tuple[int, bytes] = play) -> tuple[int, bytes] | None:
            return play if path == "/connect/token" else None

        with wire.Player(visma.url, edit) as player:
            form = ("a scope", "a client", "a secret", "a tenant")
            # What may pass is asked for again as long as there is time.
            deadline = time.monotonic() + (1 if number == 3 else 240)
            try:
                token = shared_token(f"{player.url}/connect/token", *form).token(deadline=deadline)
            except AirbyteTracedException as problem:
                told[number] = problem.message
            else:
                assert token == answers[number]["body"]["access_token"]
    assert set(told) == set(TOKENS)
    assert all(words in told[number] for number, expected in TOKENS.items() for words in expected), told
