"""Asana events → log: what people do to a document is in the log once, whatever happens on the way."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from integration_tests import openapi, plain_http
from integration_tests.listener_board import FIRST, KARI, SECOND, Board, subscribed
from integration_tests.listener_process import Listener
from integration_tests.sandbox.asana.signatures import KINDS
from integration_tests.waiting import until

pytest_plugins = ["integration_tests.listener_testing"]
WRONG_SIGNATURES = [kind for kind in KINDS if kind not in ("lose", "duplicate", "hold")]


@pytest.fixture
def listener(board: Board, tmp_path: Path) -> Iterator[Listener]:
    with subscribed(board, tmp_path) as listener:
        yield listener


def test_what_people_do_to_a_document_is_in_the_log(board: Board, listener: Listener) -> None:
    gid = board.gids[FIRST]
    board.complete()
    board.person("POST", f"/tasks/{gid}/stories", {"text": "Checked\nwith the warehouse"})
    board.complete(completed=False)
    board.person("PUT", f"/tasks/{gid}", {"assignee": "asa.lindstrom@nordlys.example"})
    board.person("PUT", f"/tasks/{gid}", {"assignee": None})
    board.complete(SECOND)
    until(lambda: len(listener.log(FIRST)) == 5 and len(listener.log(SECOND)) == 1)
    lines = listener.printed_log(FIRST)
    assert [(line["what"], line["detail"]) for line in lines] == [
        ("completed", None),
        ("commented", "Checked with the warehouse"),
        ("reopened", None),
        ("assigned", "to Åsa Lindström"),
        ("assigned", "to nobody"),
    ]
    assert {(line["visma_id"], line["asana_gid"], line["who"]) for line in lines} == {(FIRST, gid, KARI)}
    assert [line["when"] for line in lines] == sorted(line["when"] for line in lines)
    assert len(listener.printed_log()) == 6
    if openapi.available():
        assert {text for entry in board.server.log() for text in openapi.asana().request_problems(entry)} == set()


def test_what_the_sync_does_is_nobodys_news(board: Board, listener: Listener) -> None:
    """Its own user's changes, and anybody's change to what it owns, are passed over; so are tasks that are no document."""
    gid = board.gids[FIRST]
    board.bot.put(f"/tasks/{gid}", {"completed": True, "custom_fields": {board.status: "EUR"}})
    board.person("PUT", f"/tasks/{gid}", {"custom_fields": {board.status: "SEK"}, "name": "Mine"})
    board.person("PUT", f"/tasks/{board.other}", {"completed": True})
    board.complete(SECOND)
    until(lambda: listener.told(SECOND) == [("completed", KARI)])
    until(listener.idle)
    assert listener.told() == [("completed", KARI)]
    assert listener.metric("events_total", outcome="own") > 0
    assert listener.metric("events_total", outcome="owned_field") > 0


def test_fields_that_people_have_renamed_are_the_syncs_all_the_same(board: Board, listener: Listener) -> None:
    """By the mark in their descriptions, as the sync itself knows them."""
    for gid, name, mark in ((board.field, "Dokumentnøkkel", "Visma ID"), (board.status, "Valuta", "Visma currency")):
        words = {"name": name, "description": f"Spør Kari.\n[Visma sync: field={mark}]"}
        board.server.control("PATCH", f"custom_fields/{gid}", words)
    board.person("PUT", f"/tasks/{board.gids[FIRST]}", {"custom_fields": {board.status: "SEK"}})
    board.complete()
    until(lambda: listener.told(FIRST) == [("completed", KARI)])
    until(listener.idle)
    assert listener.told() == [("completed", KARI)]
    assert listener.metric("events_total", outcome="owned_field") > 0


def test_people_may_edit_what_is_theirs(board: Board, listener: Listener) -> None:
    gid = board.gids[FIRST]
    section = board.bot.post(f"/projects/{board.bot.project}/sections", {"name": "Waiting"})["gid"]
    board.person("PUT", f"/tasks/{gid}", {"notes": "See the contract"})
    board.person("POST", f"/sections/{section}/addTask", {"task": gid})
    until(lambda: len(listener.log(FIRST)) >= 2)
    assert {(line["what"], line["detail"]) for line in listener.log(FIRST)} >= {
        ("changed", "description"),
        ("moved", "to section “Waiting”"),
    }


def test_one_webhook_over_restarts(board: Board, listener: Listener) -> None:
    [before] = board.webhooks()
    assert listener.stop() == 0
    listener.start()
    board.complete()
    until(lambda: listener.told() == [("completed", KARI)])
    assert board.webhooks() == [before]


@pytest.mark.parametrize("kind", WRONG_SIGNATURES)
def test_a_wrong_signature_is_refused_whatever_is_wrong_with_it(board: Board, listener: Listener, kind: str) -> None:
    """The delivery changes nothing; the sandbox's own repeat, rightly signed, does. One kind for each listener, because
    a check between the two makes it set up another webhook, which the next wrong signature would not meet."""
    until(board.deliveries)
    board.server.control("POST", "webhooks/mischief", {"kind": kind})
    board.complete()
    until(lambda: [d["status"] for d in board.deliveries() if d["mischief"] == kind] == [401])
    until(listener.told)
    assert len(listener.told()) == 1
    assert listener.metric("deliveries_total", source="asana", outcome="unsigned") == 1


def test_a_wrong_signature_alone_changes_nothing(board: Board, listener: Listener) -> None:
    target = board.webhooks()[0]["target"]
    event = {"action": "deleted", "resource": {"gid": board.gids[FIRST], "resource_type": "task"}, "user": None}
    body = {"events": [{**event, "created_at": "2026-11-23T10:00:00.000Z", "parent": None}]}
    for headers in ({}, {"X-Hook-Signature": ""}, {"X-Hook-Signature": "0" * 64}):
        answer = plain_http.post(target, json=body, headers=headers)
        assert (answer.status_code, answer.content) == (401, b"")
    assert plain_http.post(f"{listener.url}/asana/unknown", json=body).status_code == 404
    assert listener.metric("deliveries_waiting") == 0
    assert listener.log() == []


def test_nobody_can_offer_another_secret(board: Board, listener: Listener) -> None:
    target = board.webhooks()[0]["target"]
    answer = plain_http.post(target, headers={"X-Hook-Secret": "mine"}, json={})
    assert (answer.status_code, answer.headers.get("x-hook-secret")) == (403, None)
    board.complete()
    until(lambda: listener.told() == [("completed", KARI)])
    until(lambda: [d["status"] for d in board.deliveries() if d["events"]] == [200])


def test_a_lost_delivery_is_made_good_by_the_events_api(board: Board, listener: Listener) -> None:
    board.server.control("POST", "webhooks/mischief", {"kind": "lose"})
    board.complete()
    until(lambda: listener.told() == [("completed", KARI)])
    until(lambda: [d["status"] for d in board.deliveries() if d["events"]] == [None])


def test_duplicates_and_disorder_leave_one_line_per_act(board: Board, listener: Listener) -> None:
    board.server.control("POST", "webhooks/mischief", {"kind": "hold"})
    board.complete()
    until(listener.told)
    board.server.control("POST", "webhooks/mischief", {"kind": "duplicate"})
    board.complete(completed=False)
    board.complete(SECOND)
    until(lambda: len(listener.log()) == 3)
    until(lambda: len([d for d in board.deliveries() if d["events"]]) >= 3)
    until(listener.idle)
    board.after_looks(2)
    until(listener.idle)
    assert listener.told(FIRST) == [("completed", KARI), ("reopened", KARI)]
    assert listener.told(SECOND) == [("completed", KARI)]


def test_a_changed_secret_is_noticed_and_agreed_anew(board: Board, listener: Listener) -> None:
    [before] = board.webhooks()
    board.server.control("POST", f"webhooks/{before['gid']}/secret", {})
    board.complete()
    until(lambda: [w["gid"] for w in board.webhooks()] not in ([], [before["gid"]]))
    board.complete(SECOND)
    until(lambda: listener.told(FIRST) == listener.told(SECOND) == [("completed", KARI)])
    assert len(board.webhooks()) == 1


def test_a_webhook_that_asana_deleted_is_set_up_again(board: Board, listener: Listener) -> None:
    [before] = board.webhooks()
    board.server.control("DELETE", f"webhooks/{before['gid']}")
    board.complete()
    [after] = until(board.webhooks)
    assert after["gid"] != before["gid"]
    until(lambda: listener.told() == [("completed", KARI)])


def test_a_token_that_sees_no_webhooks_does_not_pile_them_up(board: Board, listener: Listener) -> None:
    """Asana allows a thousand per project; a token may be allowed to create them and not to read them."""
    [before] = board.webhooks()
    board.server.fault(action="error", status=403, method="GET", path="^/webhooks", times=None)
    until(lambda: "answered 403 to GET /webhooks" in listener.log_path.read_text())
    board.after_looks(3)
    assert [one["gid"] for one in board.server.control("GET", "webhooks")["webhooks"]] == [before["gid"]]


def test_trouble_with_asana_is_not_asked_for_once_per_delivery(board: Board, listener: Listener) -> None:
    board.server.fault(action="throttle", retry_after=2, method="GET", path="^/tasks/", times=2)
    for number in range(8):
        board.complete(completed=number % 2 == 0)
        until(lambda number=number: len([d for d in board.deliveries() if d["events"]]) > number)
    until(lambda: len(listener.told(FIRST)) == 8)
    refused = [entry["time"] for entry in board.server.log() if entry["status"] == 429]
    assert len(refused) == 2
    assert refused[1] - refused[0] > 1.9


def test_an_outage_is_caught_up(board: Board, listener: Listener) -> None:
    board.complete(SECOND)
    until(lambda: listener.told(SECOND))
    listener.stop()
    board.complete()
    board.person("POST", f"/tasks/{board.gids[FIRST]}/stories", {"text": "By phone"})
    listener.start()
    until(lambda: listener.told(FIRST) == [("completed", KARI), ("commented", KARI)])
    assert listener.told(SECOND) == [("completed", KARI)]


def test_after_a_silent_day_the_project_is_read_again(board: Board, listener: Listener) -> None:
    """The webhook is gone and the sync token too old: what happened is read from the tasks' own history."""
    board.complete(SECOND)
    until(lambda: listener.told(SECOND))
    until(listener.idle)
    listener.stop()
    board.complete()
    board.person("PUT", f"/tasks/{board.gids[FIRST]}", {"assignee": "asa.lindstrom@nordlys.example"})
    until(lambda: board.deliveries()[-1]["status"] not in (200, 204))
    board.server.settings(clock_offset=34 * 3600)
    until(lambda: not board.webhooks())
    board.person("POST", f"/tasks/{board.gids[SECOND]}/stories", {"text": "Late"})
    listener.start()
    until(lambda: len(listener.log()) == 4)
    assert listener.told(FIRST) == [("completed", KARI), ("assigned", KARI)]
    assert listener.told(SECOND) == [("completed", KARI), ("commented", KARI)]
    assert listener.log(FIRST)[1]["detail"] == "to Åsa Lindström"
    assert listener.metric("read_again_total") == 1
    assert len(until(board.webhooks)) == 1
    board.complete(SECOND, False)
    until(lambda: listener.told(SECOND)[-1] == ("reopened", KARI))
    assert len(listener.log()) == 5
