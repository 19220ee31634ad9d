"""Asana events → one line in the note of the Visma document, and nothing else, ever."""

import json
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from integration_tests import warm_programs
from integration_tests.listener_board import FIRST, KARI, SECOND, Board, subscribed
from integration_tests.listener_process import Listener
from integration_tests.sandbox.harness import VismaSandbox
from integration_tests.waiting import until

pytest_plugins = ["integration_tests.listener_testing"]
CUSTOMER_DOCUMENTS = [f"CustomerInvoiceId:4100251/{key}" for key in ("Invoice/300001", "CreditNote/310001")]
LINE = r"Asana · \d{4}-\d\d-\d\d \d\d:\d\d(:\d\d\.\d{3})? UTC · "
ROOT = Path(__file__).parents[1]


@pytest.fixture
def visma(visma_server: VismaSandbox) -> VismaSandbox:
    visma_server.reset(record_bodies=True)
    return visma_server


@pytest.fixture
def listener(board: Board, visma: VismaSandbox, tmp_path: Path) -> Iterator[Listener]:
    events = ["completed", "reopened", "assigned", "commented"]
    with subscribed(board, tmp_path, visma, write_back=events) as listener:
        yield listener


def note(visma: VismaSandbox, visma_id: str) -> str:
    entity = "purchaseorder" if visma_id.startswith("PurchaseOrder") else "supplierInvoice"
    return str(visma.document(entity, visma_id.split("/", 1)[1]).get("note") or "")


def puts(visma: VismaSandbox) -> list[dict[str, Any]]:
    return visma.log(method="PUT")


def settled(listener: Listener, visma_id: str, count: int = 1) -> bool:
    return sum(line["what"].startswith("note ") for line in listener.log(visma_id)) >= count


def test_events_stand_below_the_text_people_wrote(board: Board, visma: VismaSandbox, listener: Listener) -> None:
    before = visma.document("supplierInvoice", "Invoice/200001")
    assert before["note"]
    board.complete()
    until(lambda: settled(listener, FIRST))
    board.person("PUT", f"/tasks/{board.gids[FIRST]}", {"assignee": "asa.lindstrom@nordlys.example"})
    board.person("POST", f"/tasks/{board.gids[FIRST]}/stories", {"text": "Paid\n--- twice?"})
    until(lambda: settled(listener, FIRST, 3))
    text = note(visma, FIRST)
    assert text.startswith(before["note"] + "\n--- Asana ---\n")
    own = text.removeprefix(before["note"] + "\n--- Asana ---\n").split("\n")
    patterns = [
        f"completed by {KARI}",
        f"assigned to Åsa Lindström by {KARI}",
        f"comment by {KARI}: Paid --- twice\\?",
    ]
    assert len(own) == 3
    assert all(re.fullmatch(LINE + pattern, line) for pattern, line in zip(patterns, own, strict=True))
    after = visma.document("supplierInvoice", "Invoice/200001")
    moved = {name for name in after if after[name] != before.get(name)}
    assert moved == {"note", "timeStamp", "lastModifiedDateTime"}
    assert {entry["path"] for entry in puts(visma)} == {"/v1/supplierInvoice/Invoice/200001"}
    assert all(set(entry["body"]) == {"note"} and entry["headers"]["if-match"] for entry in puts(visma))


def test_credit_notes_and_orders_under_their_own_paths(board: Board, visma: VismaSandbox, listener: Listener) -> None:
    """A supplier's credit note is Visma's DebitAdj, a credit adjustment its CreditAdj; customers' documents get no note."""
    invoices = visma.documents("supplierInvoice")
    kinds = ("DebitAdj", "CreditAdj")
    numbers = [next(i["referenceNumber"] for i in invoices if i["documentType"] == kind) for kind in kinds]
    credit_note, adjustment = (
        f"SupplierInvoiceId:4100251/{kind}/{number}" for kind, number in zip(kinds, numbers, strict=True)
    )
    for visma_id in (*CUSTOMER_DOCUMENTS, credit_note, adjustment):
        board.gids[visma_id] = board.document(visma_id)
    written = (credit_note, adjustment, SECOND)
    for visma_id in (*CUSTOMER_DOCUMENTS, *written):
        board.complete(visma_id)
    until(lambda: all(settled(listener, visma_id) for visma_id in written))
    until(listener.idle)
    assert {entry["path"] for entry in puts(visma)} == {
        f"/v1/supplierInvoice/DebitAdj/{numbers[0]}",
        f"/v1/supplierInvoice/CreditAdj/{numbers[1]}",
        "/v1/purchaseorder/500001",
    }
    assert all("completed by" in note(visma, visma_id) for visma_id in written)
    assert [listener.told(visma_id) for visma_id in CUSTOMER_DOCUMENTS] == [[("completed", KARI)]] * 2


def test_another_order_of_the_same_number_is_left_alone(board: Board, visma: VismaSandbox, listener: Listener) -> None:
    """Visma finds orders by number alone, and numbers repeat between order types."""
    blanket = next(o for o in visma.documents("purchaseorder") if o["orderType"] != "RegularOrder")
    visma_id = f"PurchaseOrderId:4100251/{blanket['orderType']}/{blanket['orderNbr']}"
    board.gids[visma_id] = board.document(visma_id)
    board.complete(visma_id)
    until(lambda: settled(listener, visma_id))
    if listener.log(visma_id)[-1]["what"] == "note refused":
        assert "another document" in listener.log(visma_id)[-1]["detail"]
        assert puts(visma) == []
    else:
        assert "completed by" in note(visma, visma_id)


@pytest.mark.parametrize("shown", ["absent", "null"])
def test_a_note_that_only_the_list_shows_is_kept(
    board: Board, visma: VismaSandbox, listener: Listener, shown: str
) -> None:
    """Writing over a note that was not read would lose it."""
    visma.settings(note_by_number=shown)
    before = visma.document("supplierInvoice", "Invoice/200001")["note"]
    assert before
    board.complete()
    until(lambda: settled(listener, FIRST))
    assert re.fullmatch(re.escape(before) + f"\n--- Asana ---\n{LINE}completed by {KARI}", note(visma, FIRST))


def test_text_written_at_the_same_moment_is_kept(board: Board, visma: VismaSandbox, listener: Listener) -> None:
    """Somebody saves the invoice between our reading and our writing: 412, read again, both texts stand."""
    path = "/v1/supplierInvoice/Invoice/200001"
    order = {"op": "change", "entity": "supplierInvoice", "key": "Invoice/200001", "set": {"note": "Call them first"}}
    visma.after_requests(path, [order])
    board.complete()
    until(lambda: settled(listener, FIRST))
    assert [entry["status"] for entry in puts(visma)] == [412, 204]
    assert re.fullmatch(f"Call them first\n--- Asana ---\n{LINE}completed by {KARI}", note(visma, FIRST))


def test_changed_again_and_again_is_given_up_and_said(board: Board, visma: VismaSandbox, listener: Listener) -> None:
    path = "/v1/supplierInvoice/Invoice/200001"
    order = {"op": "change", "entity": "supplierInvoice", "key": "Invoice/200001", "set": {"description": "busy"}}
    visma.after_requests(path, [order], times=50)
    board.complete()
    until(lambda: settled(listener, FIRST))
    last = listener.log(FIRST)[-1]
    assert last["what"] == "note refused"
    assert "again and again" in last["detail"]
    assert len(puts(visma)) <= 3
    assert "--- Asana ---" not in note(visma, FIRST)
    assert listener.metric("notes_refused") == 1


def test_a_locked_document_is_refused_once_and_visible(board: Board, visma: VismaSandbox, listener: Listener) -> None:
    visma.change("supplierInvoice", "Invoice/200001", locked=True)
    board.complete()
    board.complete(SECOND)
    until(lambda: settled(listener, FIRST) and settled(listener, SECOND))
    last = listener.log(FIRST)[-1]
    assert (last["what"], "locked" in last["detail"]) == ("note refused", True)
    assert listener.log(SECOND)[-1]["what"] == "note written"
    assert len([entry for entry in puts(visma) if "200001" in entry["path"]]) == 1


def test_a_lost_answer_does_not_write_twice(board: Board, visma: VismaSandbox, listener: Listener) -> None:
    visma.fault(kind="drop", path="/v1/supplierInvoice/Invoice/200001", method="PUT", applied=True)
    board.complete()
    until(lambda: settled(listener, FIRST))
    assert note(visma, FIRST).count("completed by") == 1
    assert len(puts(visma)) == 1


def test_the_act_stands_before_its_note_whatever_the_clocks_say(
    board: Board, visma: VismaSandbox, listener: Listener
) -> None:
    board.server.settings(clock_offset=600)
    board.complete()
    until(lambda: settled(listener, FIRST))
    assert [line["what"] for line in listener.printed_log(FIRST)] == ["completed", "note written"]


def test_many_lines_beside_much_text_are_all_written(board: Board, visma: VismaSandbox, tmp_path: Path) -> None:
    """What does not fit at once comes after; only earlier lines of ours make room, and the log says nothing but the truth."""
    text = "x" * 3700
    visma.change("supplierInvoice", "Invoice/200001", {"note": text})
    with Listener(tmp_path, board.server, visma, write_back=["completed", "reopened"]) as listener:
        listener.start()
        until(board.webhooks)
        visma.fault(kind="status", status=503, path="/v1/supplierInvoice", times=1)
        for number in range(8):
            board.complete(completed=number % 2 == 0)
        until(lambda: settled(listener, FIRST, 8))
        assert [line["what"] for line in listener.log(FIRST)].count("note written") == 8
        written = [entry["body"]["note"]["value"] for entry in puts(visma)]
        lines = [one["detail"] for one in listener.log(FIRST) if one["what"] == "note written"]
    assert len(written) > 1
    assert all(len(whole) <= 4000 and whole.startswith(text) for whole in written)
    assert [line for line in lines if not any(line in whole for whole in written)] == []


def test_an_outage_of_visma_is_waited_for(board: Board, visma: VismaSandbox, listener: Listener) -> None:
    visma.fault(kind="status", status=503, path="/v1/supplierInvoice", times=2)
    board.complete()
    until(lambda: settled(listener, FIRST))
    assert listener.log(FIRST)[-1]["what"] == "note written"


def test_only_the_events_asked_for(board: Board, visma: VismaSandbox, listener: Listener) -> None:
    listener.stop()
    listener.config["write_back"]["events"] = ["reopened"]
    listener.start()
    board.complete()
    board.complete(completed=False)
    until(lambda: settled(listener, FIRST))
    assert note(visma, FIRST).count("Asana · ") == 1
    assert "reopened by" in note(visma, FIRST)


def test_without_write_back_visma_is_not_spoken_to(board: Board, visma: VismaSandbox, tmp_path: Path) -> None:
    with Listener(tmp_path, board.server, visma) as listener:
        listener.start()
        until(board.webhooks)
        board.complete()
        until(lambda: listener.told(FIRST))
        until(listener.idle)
    assert visma.stats()["requests"] == 0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_killed_at_any_moment_nothing_is_lost_or_doubled(
    board: Board, visma: VismaSandbox, listener: Listener, seed: int
) -> None:
    dice = random.Random(seed)
    acts = 24
    for number in range(acts):
        board.complete(FIRST if number % 2 else SECOND, completed=number % 4 < 2)
        if number % 4 == 0:
            reached = dice.randint(len(listener.told()), number + 1)
            until(lambda reached=reached: len(listener.told()) >= reached)
            listener.kill()
            listener.start(wait=False)
    until(listener.healthy)
    until(lambda: len(listener.told()) >= acts)
    until(listener.idle)
    for visma_id in (FIRST, SECOND):
        told = [what for what, _ in listener.told(visma_id)]
        assert told == ["completed", "reopened"] * (acts // 4)
        lines = [line for line in note(visma, visma_id).split("\n") if line.startswith("Asana · ")]
        assert [re.sub(LINE, "", line) for line in lines] == [f"{what} by {KARI}" for what in told]
        assert len(set(lines)) == len(lines)


def test_a_note_of_ours_causes_no_write_in_asana(board: Board, visma: VismaSandbox, tmp_path: Path) -> None:
    """Both connectors, before and after: the order that carries our line is read again, and its task left alone."""
    board.server.reset(webhook_localhost=True, webhook_delay=0.05, webhook_patience=240)
    folder = tmp_path / "sync"
    folder.mkdir()
    touched = [
        visma.change("supplierInvoice", "Invoice/200001", {"description": "a"}),
        visma.change("purchaseorder", "RegularOrder/500001", {"description": "b"}),
    ]
    since = min(record["lastModifiedDateTime"] for record in touched)[:19]
    (folder / "source.json").write_text(json.dumps({**visma.config, "start_date": since}))
    (folder / "destination.json").write_text(json.dumps(board.server.config))
    sync(folder)
    tasks = {task["fields"]["Visma ID"]: task for task in board.server.tasks()}
    with Listener(tmp_path, board.server, visma, write_back=["commented"]) as listener:
        listener.start()
        until(board.webhooks)
        for visma_id in (FIRST, SECOND):
            board.person("POST", f"/tasks/{tasks[visma_id]['gid']}/stories", {"text": "Seen"})
        until(lambda: settled(listener, FIRST) and settled(listener, SECOND))
        assert "Seen" in note(visma, FIRST)
        assert "Seen" in note(visma, SECOND)
        until(listener.idle)
        listener.stop()
    board.server.clear_log()
    output = sync(folder)
    assert "purchase_orders: 1 unchanged" in output
    assert "supplier_invoices: 1 unchanged" in output
    written = [e for method in ("POST", "PUT", "DELETE") for e in board.server.log(method=method)]
    assert [(entry["method"], entry["path"]) for entry in written] == []


def sync(folder: Path) -> str:
    streams = ["--streams", "purchase_orders,supplier_invoices"]
    command = [
        sys.executable,
        str(ROOT / "standalone/sync.py"),
        str(folder),
        "--local",
        str(warm_programs.folder()),
    ]
    done = subprocess.run([*command, *streams], capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stderr
