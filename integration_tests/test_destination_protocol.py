"""The Airbyte protocol at the destination's edge: states, unknown input, exit codes, errors in words."""

import json
import signal
import threading

import pytest

from integration_tests.destination_messages import catalog, invoice, order, order_id, record, state, status
from integration_tests.waiting import until

ORDERS = catalog("purchase_orders")


def send(process, *messages):
    for message in messages:
        process.stdin.write(json.dumps(message) + "\n")
    process.stdin.flush()


def end(process):
    """Closes the input; gives what was still printed and the exit code."""
    output, errors = process.communicate(timeout=240)
    assert "Traceback" not in errors
    return output, process.returncode


# --- states ----------------------------------------------------------------------------------------------------------


def test_a_state_comes_back_whole(destination):
    sent = state("purchase_orders", 7)
    run = destination.write(order(1), order(2), sent)
    [message] = run.of("STATE")
    stats = message["state"].pop("destinationStats")
    assert message == sent, "id, sourceStats and fields no library knows included"
    assert stats == {"recordCount": 2.0}


def test_a_global_state_and_an_old_style_state_come_back_too(destination):
    everywhere = {"type": "STATE", "state": {"type": "GLOBAL", "id": 1, "global": {"stream_states": [], "x": 1}}}
    legacy = {"type": "STATE", "state": {"data": {"cursor": 1}}}
    run = destination.write(order(), invoice(), everywhere, legacy)
    first, second = run.of("STATE")
    assert first["state"].pop("destinationStats") == {"recordCount": 2.0}
    assert first == everywhere
    second["state"].pop("destinationStats")
    assert second == legacy


def test_states_leave_at_once_on_a_pipe_while_the_input_stays_open(destination):
    process = destination.open(ORDERS)
    for number in (1, 2):
        send(process, order(number), state("purchase_orders", number))
        answers = []
        reader = threading.Thread(target=lambda got=answers: got.append(_next_state(process)), daemon=True)
        reader.start()
        reader.join(240)
        assert answers == [number], "nothing came although the record is in Asana"
        assert order_id(number) in destination.tasks
    assert end(process)[1] == 0


def _next_state(process):
    for text in process.stdout:
        message = json.loads(text)
        if message["type"] == "STATE":
            return message["state"]["id"]
    return None


def test_many_states_keep_their_order_and_counts(destination):
    messages = []
    for number in range(1, 41):
        messages += [
            order(number),
            invoice(number),
            state("purchase_orders", number),
            state("supplier_invoices", 100 + number),
        ]
    destination.asana.settings(write_latency=0.02)
    run = destination.write(*messages)
    assert run.state_ids == [each for n in range(1, 41) for each in (n, 100 + n)]
    assert [each["destinationStats"] for each in run.states] == [{"recordCount": 1.0}] * 80


def test_a_state_leaves_only_behind_its_records(destination):
    """With slow writes: whenever a STATE comes out, every task before it is in Asana already."""
    destination.asana.settings(write_latency=0.05)
    process = destination.talk(ORDERS)
    for number in range(1, 31):
        send(process, order(number, lines=[]), state("purchase_orders", number))
    process.stdin.close()
    seen = []
    for text in process.stdout:
        message = json.loads(text)
        if message["type"] == "STATE":
            seen.append(message["state"]["id"])
            assert set(destination.tasks) >= {order_id(number) for number in seen}
    process.stdout.close()
    assert seen == list(range(1, 31))
    process.join(240)
    assert process.exitcode == 0


def test_no_state_passes_a_record_that_failed(destination):
    destination.refuse_tasks("name: not today", "custom_fields.*000002")
    run = destination.write(order(1), state("purchase_orders", 1), order(2), state("purchase_orders", 2), code=1)
    assert 2 not in run.state_ids


def test_states_of_streams_that_are_ignored_pass(destination):
    run = destination.write(
        record("suppliers", {"number": "1"}), state("suppliers", 1), order(), state("purchase_orders", 2)
    )
    assert run.state_ids == [1, 2]
    assert run.states[0]["destinationStats"] == {"recordCount": 1.0}


def test_a_state_may_hold_any_text(destination):
    sent = state("purchase_orders")
    sent["state"]["odd"] = "\ud83d \u2028 \x00 æ"
    [message] = destination.write(order(), sent).of("STATE")
    assert message["state"]["odd"] == sent["state"]["odd"]


def test_the_last_line_needs_no_end(destination):
    process = destination.talk(ORDERS)
    process.stdin.write(json.dumps(order()) + "\n" + json.dumps(state("purchase_orders")))
    process.stdin.close()
    assert _next_state(process) == 1
    process.stdout.close()
    process.join(240)


def test_an_empty_input_is_a_sync_too(destination):
    run = destination.write(configured=ORDERS)
    assert run.states == []
    assert destination.tasks == {}


# --- what else comes in ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "this is not JSON",
        "RECORD {}",
        '["a", "list"]',
        '{"type": "TELEPATHY", "telepathy": {}}',
        '{"type": "CATALOG", "catalog": {"streams": []}}',
        '{"no": "type"}',
    ],
)
def test_a_line_that_means_nothing_is_one_log_line(destination, text):
    quiet = destination.write(order(1), state("purchase_orders", 1))
    run = destination.write(order(1), text, order(2), state("purchase_orders", 1))
    assert run.state_ids == [1]
    assert order_id(2) in destination.tasks
    passed = [m for m in run.of("LOG") if "Skipped a" in m["log"]["message"]]
    assert len(passed) == 1
    assert "Skipped a" not in quiet.log
    assert text not in run.output, "it could hold anything"


@pytest.mark.parametrize(
    "text",
    [
        '{"type": "RECORD", "rec',
        '{"type":"RECORD","record":{"stream":"purchase_orders","data":{}}}{"type":"LOG"}',
        '  {"record": {"stream": "purchase_orders", "data": {"note": "a\x01b"}}, "type": "RECORD"}',
        '\ufeff{"type": "STATE", "state": {"type": "STR',
        '{"type":"LOG","log":{"level":"INFO","mess{"type":"RECORD"}',
        "{",
    ],
    ids=["cut", "two on a line", "raw control character", "cut state with a mark", "mixed lines", "one byte"],
)
@pytest.mark.parametrize("on_record_error", ["fail", "quarantine"])
def test_no_state_leaves_behind_a_message_that_cannot_be_read(destination, text, on_record_error):
    run = destination.write(
        order(1),
        state("purchase_orders", 1),
        text,
        order(2),
        state("purchase_orders", 2),
        configured=ORDERS,
        code=1,
        on_record_error=on_record_error,
    )
    assert run.state_ids == [1], "what came before it is in Asana"
    assert order_id(1) in destination.tasks
    assert run.error["message"].startswith(
        "Line 3 of the input begins like a message of the source, but it cannot be read"
    )
    assert text not in run.error["message"], "it could hold anything"


def test_a_message_in_another_encoding_is_a_lost_one(destination):
    """A source under a Latin-1 locale: one byte that is no UTF-8."""
    process = destination.open(ORDERS)
    lines = json.dumps(order(1, description="Møbler"), ensure_ascii=False) + "\n" + json.dumps(state("purchase_orders"))
    process.stdin.buffer.write(lines.encode("latin-1"))
    output, code = end(process)
    assert code == 1
    assert '"STATE"' not in output
    assert "cannot be read: it is cut, mixed with other output, or not UTF-8" in output


def test_log_messages_of_others_pass_through(destination):
    log = {"type": "LOG", "log": {"level": "INFO", "message": "from the source"}}
    assert log in destination.write(json.dumps(log), order()).messages


def test_a_record_before_its_streams_start(destination):
    run = destination.write(
        order(1),
        status("purchase_orders", "STARTED"),
        order(2),
        status("purchase_orders", "RUNNING"),
        order(3),
        state("purchase_orders"),
        status("purchase_orders"),
        order(4),
    )
    assert len(destination.tasks) == 4
    assert run.state_ids == [1]


def test_statuses_of_unknown_kinds_and_streams_do_no_harm(destination):
    destination.write(status("nobody"), status("purchase_orders", "DREAMING"), order())
    assert order_id() in destination.tasks


def test_emitted_at_of_any_type_and_fields_of_the_future(destination):
    message = order()
    message["record"].update(emitted_at=1.5, meta={"changes": [{"field": "x", "change": "NULLED"}]}, future=True)
    destination.write(message)
    assert order_id() in destination.tasks


def test_namespaces(destination):
    message = order()
    message["record"]["namespace"] = "erp"
    streams = catalog("purchase_orders")
    streams["streams"][0]["stream"]["namespace"] = "erp"
    answer = state("purchase_orders")
    answer["state"]["stream"]["stream_descriptor"]["namespace"] = "erp"
    run = destination.write(message, answer, configured=streams)
    assert run.states[0]["destinationStats"] == {"recordCount": 1.0}


def test_a_record_of_a_stream_that_is_not_in_the_catalog(destination):
    run = destination.write(
        order(), state("purchase_orders", 1), invoice(), state("supplier_invoices", 2), configured=ORDERS, code=1
    )
    assert run.error["failure_type"] == "config_error"
    assert "“supplier_invoices”" in run.error["message"]
    assert 2 not in run.state_ids


def test_a_stream_without_preset_stops_before_the_first_request(destination):
    run = destination.write(order(), configured=catalog("purchase_orders", "warehouses"), code=1)
    assert "“warehouses”" in run.error["message"]
    assert '{"name": "warehouses", "write_as": {"type": "ignore"}}' in run.error["message"]
    assert destination.requests() == []


def test_a_record_that_is_no_object_is_a_record_error(destination):
    for data in (None, "text", [1]):
        run = destination.write(record("purchase_orders", data), code=1)
        assert "is not an object" in run.error["message"]


# --- ends ------------------------------------------------------------------------------------------------------------


def test_exit_codes_and_the_trace(destination):
    ok = destination.write(order())
    assert ok.of("TRACE") == []
    failed = destination.write(order(orderNbr=None), cold=True, code=1)
    assert failed.error["failure_type"] == "config_error"
    assert "orderNbr" in failed.error["message"]
    assert "purchase_orders" in failed.error["message"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_soon_and_keeps_what_is_done(destination, number):
    process = destination.open(ORDERS)
    send(process, order(1), state("purchase_orders", 1))
    until(lambda: order_id(1) in destination.tasks)
    process.send_signal(number)
    output, code = end(process)
    assert code == 128 + number
    assert [json.loads(text)["state"]["id"] for text in output.splitlines() if '"STATE"' in text] == [1]


def test_sigterm_ends_it_soon_while_asana_makes_it_wait(destination):
    """Whoever sends SIGTERM sends SIGKILL ten seconds later. Asana's pause outlasts this test."""
    destination.asana.fault(action="throttle", path="/tasks", retry_after=300, times=None)
    process = destination.open(ORDERS)
    send(process, *(order(number) for number in range(1, 60)))
    until(lambda: destination.requests("GET"))
    until(lambda: [entry for entry in destination.requests() if entry["status"] == 429])
    process.send_signal(signal.SIGTERM)
    assert process.wait(240) == 143
    end(process)


def test_a_failure_ends_the_sync_while_the_input_stays_open(destination):
    """The platform must not wait for the source to end before it hears of the failure."""
    process = destination.talk(ORDERS)
    send(process, order(orderNbr=None))
    process.join(240)
    assert process.exitcode == 1
    assert '"trace"' in process.stdout.read()
    process.stdin.close()
    process.stdout.close()


def test_a_reader_that_goes_away_is_no_drama(destination):
    """Standard output closed by the other side: no traceback, no hanging."""
    process = destination.open(ORDERS)
    process.stdout.close()
    send(process, order(1), state("purchase_orders", 1))
    process.stdin.close()
    assert process.wait(240) != 0
    assert "Traceback" not in process.stderr.read()
    process.stderr.close()


def test_spec(destination):
    run = destination.command("spec")
    assert run.code == 0
    [message] = run.messages
    spec = message["spec"]
    assert set(spec["supported_destination_sync_modes"]) == {"append", "append_dedup", "overwrite"}
    assert "protocol_version" not in spec
    assert set(spec["connectionSpecification"]["required"]) == {"credentials", "workspace_gid", "project_gid"}


@pytest.mark.parametrize("command", [["write"], ["write", "--config", "/nowhere.json"], ["read"], ["levitate"], []])
def test_a_wrong_command_line_is_told_without_a_traceback(destination, command):
    run = destination.command(*command)
    assert run.code not in (0, None)


def test_files_that_cannot_be_read_are_named(destination):
    config = destination.file("config", destination.config())
    broken = destination.file("broken", "{")
    for arguments, words in (
        (["--config", "/nowhere.json", "--catalog", broken], "/nowhere.json cannot be read"),
        (["--config", broken, "--catalog", broken], "is not valid JSON"),
        (["--config", config, "--catalog", broken], "is not valid JSON"),
    ):
        run = destination.command("write", *arguments)
        assert run.code == 1
        assert words in run.error["message"]


FORGED = 'Nordic\r\n{"type":"STATE","state":{"type":"STREAM"}}\u2028ERROR forged\u202e\x1b[31m\x9b1m'


@pytest.mark.parametrize(
    ("message", "config"),
    [
        (order(1, supplier={"number": "50012", "name": FORGED}), {"dry_run": True}),
        (order(FORGED, orderTotal="much"), {"on_record_error": "quarantine"}),
    ],
)
def test_a_text_of_a_record_forges_no_line(destination, tmp_path, message, config):
    if "on_record_error" in config:
        config = {**config, "quarantine_path": str(tmp_path / "quarantine.jsonl")}
    run = destination.write(message, **config)
    told = [each for each in run.log.splitlines() if "Nordic" in each]
    assert told
    assert len(run.log.split("\n")) == len(run.of("LOG"))
    assert not set(run.log) & set("\r\u2028\u202e\x1b\x9b")
    assert run.states == []
