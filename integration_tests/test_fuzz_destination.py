"""Damaged settings, catalogs and input of destination-asana: it ends in words, tells no secret and loses nothing."""

import contextlib
from pathlib import Path
from typing import Any

from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from destination_asana.config import Config, read_catalog, read_json, without_nulls
from destination_asana.documents import RecordError, translate
from destination_asana.protocol.messages import parse
from destination_asana.sync.routes import routes_of
from hypothesis import given
from hypothesis import strategies as st

from integration_tests import fuzzing
from integration_tests.destination_messages import catalog, invoice, line, order, record, state, status
from integration_tests.destination_support import Destination
from integration_tests.fuzzing import CANARY
from integration_tests.sandbox.harness import AsanaSandbox

STREAMS = ("purchase_orders", "supplier_invoices", "accounts", "dimension_values", "projects", "project_budgets")
MESSAGES = [
    record("accounts", {"company_id": "4100251", "accountID": 6800, "accountCD": "6800", "description": "Supplies", "active": True}),
    order(1),
    order(2, lines=[line(), line(2, "Chairs", 2, 800)], status="Closed"),
    state("purchase_orders", 1),
    invoice(200001, invoiceLines=[{"lineNumber": 1, "transactionDescription": "Toner", "quantity": 2.0, "unitCostInCurrency": 500.0,
                                   "costInCurrency": 1000.0, "poNumber": "000001", "poLineNr": 1, "account": {"number": "6800"},
                                   "subaccount": {"segments": [{"segmentId": 1, "segmentValue": "330"}]}}]),
    record("projects", {"company_id": "4100251", "internalID": 9, "projectID": "P1001", "description": "Website", "status": "Active",
                        "startDate": "2026-01-01T00:00:00", "endDate": "2026-06-30T00:00:00", "projectManager": {"name": "Kari"}}),
    status("purchase_orders"),
    {"type": "LOG", "log": {"level": "INFO", "message": "Reading suppliers"}},
    {"type": "TRACE", "trace": {"type": "ERROR", "emitted_at": 1.0, "error": {"message": "It broke", "failure_type": "system_error"}}},
    state("supplier_invoices", 2),
    order(3),
    state("purchase_orders", 3),
]  # fmt: skip
OPTIONS: dict[str, Any] = {
    "streams": [{"name": "projects", "write_as": {"type": "task"}, "line_items": "none"}],
    "line_items": "subtasks",
    "supplier_mapping": [{"supplier": "Nordic*", "assignee": "kari.nordmann@nordlys.example"}],
    "cost_center_segments": ["1"],
    "leave_out_fields": ["Visma due date"],
    "project_routes": [{"by": "supplier", "value": "Nordic*", "project_gid": "1200000000000200", "section": "New"}],
    "adopt": "off",
    "on_record_error": "quarantine",
    "heartbeat": {"assignee": "kari.nordmann@nordlys.example", "days": 2},
    "section_by_status": True,
    "change_comments": True,
    "dry_run": False,
}
# Files go only where the test says; the address is tried by tests of its own.
KEPT = frozenset({"audit_log_path", "quarantine_path", "report_path", "api_url"})


def as_lines(messages: list[Any]) -> st.SearchStrategy[bytes]:
    """The input, one of its messages damaged, in its values or in its bytes."""

    def with_one(number: int) -> st.SearchStrategy[bytes]:
        good = [fuzzing.written(message) for message in messages]
        return fuzzing.files(messages[number]).map(
            lambda bad: b"\n".join([*good[:number], bad, *good[number + 1 :]]) + b"\n"
        )

    return st.integers(0, len(messages) - 1).flatmap(with_one)


@st.composite
def inputs(draw: st.DrawFn, config: Any) -> tuple[str, bytes, bytes, bytes]:
    """What is damaged, and configuration, catalog and standard input."""
    which = draw(st.sampled_from(["config", "catalog", "input"]))
    whole = {"config": config, "catalog": catalog(*STREAMS)}
    parts = {name: fuzzing.written(value) for name, value in whole.items()}
    parts["input"] = b"".join(fuzzing.written(message) + b"\n" for message in MESSAGES)
    if which == "input":
        parts["input"] = draw(as_lines(MESSAGES))
    else:
        parts[which] = draw(fuzzing.files(whole[which], kept=KEPT))
    return which, parts["config"], parts["catalog"], parts["input"]


SETTINGS = {
    **OPTIONS,
    "credentials": {"auth_type": "personal_access_token", "personal_access_token": CANARY, "client_secret": CANARY},
    "workspace_gid": AsanaSandbox.WORKSPACE,
    "project_gid": AsanaSandbox.PROJECT,
    "api_url": "https://app.asana.com/api/1.0",
    "token_url": "https://app.asana.com/-/oauth_token",
    "audit_log_path": "audit.jsonl",
}


def test_fuzz_settings(tmp_path: Path) -> None:
    """Nothing is opened or asked here: settings and catalog are only read."""
    path = tmp_path / "file.json"

    @fuzzing.tries(50)
    @given(fuzzing.files(SETTINGS), fuzzing.files(catalog(*STREAMS)))
    def check(settings: bytes, configured: bytes) -> None:
        refusal = None
        try:
            path.write_bytes(settings)
            config = Config.parse(without_nulls(read_json(str(path), "--config")))
            path.write_bytes(configured)
            routes_of(config, read_catalog(str(path), "--catalog"))
        except AirbyteTracedException as error:
            refusal = error
        assert refusal is None or refusal.failure_type is FailureType.config_error
        assert CANARY not in str(refusal)

    check()


def test_fuzz_lines() -> None:
    """A line is a message or none; a record is a document or rejected."""
    records = [message for message in MESSAGES if message["type"] == "RECORD"]

    @fuzzing.tries(50)
    @given(st.one_of(*map(fuzzing.files, MESSAGES)), st.one_of(*(fuzzing.damaged(each, most=6) for each in records)))
    def check(text: bytes, damaged: Any) -> None:
        parse(text)
        message = parse(fuzzing.written(damaged))
        record = message.raw.get("record")
        if isinstance(record, dict) and isinstance(record.get("stream"), str):
            with contextlib.suppress(RecordError):
                assert translate(record["stream"], record.get("data")).name

    check()


def test_fuzz_inputs(destination: Destination, tmp_path: Path) -> None:
    canaries = {"auth_type": "personal_access_token", "personal_access_token": destination.asana.TOKEN,
                "client_secret": CANARY}  # fmt: skip
    files = {name: str(tmp_path / f"{name}.out") for name in ("audit_log_path", "quarantine_path", "report_path")}
    config = {**destination.config(), **OPTIONS, **files, "credentials": canaries}
    destination.secrets = [*destination.secrets, CANARY]

    @fuzzing.tries(8)
    @given(inputs(config))
    def check(drawn: tuple[str, bytes, bytes, bytes]) -> None:
        which, *contents = drawn
        destination.asana.reset(requests_per_minute=0, cost_per_minute=0)
        paths = [tmp_path / name for name in ("config.json", "catalog.json", "input.jsonl")]
        for path, content in zip(paths, contents, strict=True):
            path.write_bytes(content)
        arguments = ["write", "--config", str(paths[0]), "--catalog", str(paths[1])]
        run = destination.finish(destination.launch(arguments, str(paths[2])))
        assert run.code in (0, 1), run.output
        assert run.errors == "", run.errors
        assert "not built for" not in run.output, run.output
        assert "Traceback" not in run.log, run.log
        errors = [m["trace"]["error"] for m in run.of("TRACE") if m["trace"]["type"] == "ERROR"]
        assert len(errors) == run.code, run.output
        if which == "input":
            nothing_lost(destination, contents[2], run)

    check()


def nothing_lost(destination: Destination, given: bytes, run: Any) -> None:
    """Each order that came whole before a released state is in Asana."""
    held = set(destination.tasks)
    seen: set[str] = set()
    released = [each["id"] for each in run.states]
    for text in given.split(b"\n"):
        for number in (1, 2, 3):
            if text == fuzzing.written(order(number)) or (number == 2 and text == fuzzing.written(MESSAGES[2])):
                seen.add(f"PurchaseOrderId:4100251/RegularOrder/{number:06d}")
        for number in (1, 2, 3):
            stream = "supplier_invoices" if number == 2 else "purchase_orders"
            if text == fuzzing.written(state(stream, number)) and number in released:
                assert seen <= held, run.output
    if run.code == 0:
        assert seen <= held, run.output
