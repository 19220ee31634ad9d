"""Faults of the network and the service: whatever happens, the board ends as if nothing had."""

from pathlib import Path

import pytest

from integration_tests.destination_messages import (
    account,
    catalog,
    invoice,
    line,
    order,
    order_id,
    segments,
    state,
)
from integration_tests.destination_support import KARI, Destination, comments, lines_of
from integration_tests.waiting import until

SETTINGS = {
    "section_by_status": True,
    "change_comments": True,
    "on_record_error": "quarantine",
    "supplier_mapping": [{"supplier": "*", "assignee": KARI}],
}


def line_of(number, text):
    return line(number, text, account={"number": "6800", "description": "Office"}, sub=segments(("330", "Marketing")))


FIRST = [
    account("3000", "Sales"),
    account("6800", "Office"),
    order(1, lines=[line_of(2, "Paper"), line_of(3, "Toner")]),
    invoice(1),
    invoice(2, amount="not a number"),
    state("purchase_orders", 1),
]
SECOND = [
    account("3000", "Sales abroad"),
    order(1, orderTotal=300.0, status="Closed", lines=[line_of(1, "Ink"), line_of(2, "Paper A3")]),
    invoice(1, amount=7.0),
    invoice(2),
    state("purchase_orders", 2),
]


def play(destination):
    """Two syncs that need every kind of write: a first load, then changes of all sorts."""
    for number, messages in enumerate((FIRST, SECOND), 1):
        run = destination.write(*messages, **SETTINGS)
        assert run.state_ids == [number]
    return board(destination)


def board(destination):
    """All that people see, without the numbers Asana gives things."""
    whole = destination.asana.state()
    return {
        "documents": {
            visma_id: {
                "name": task["name"],
                "fields": task["fields"],
                "completed": task["completed"],
                "assignee": task["assignee"],
                "notes": task["notes"],
                "section": task["memberships"][0]["section"],
                "lines": [(item["name"], item["completed"]) for item in task["subtasks"]],
                "comments": comments(task),
            }
            for visma_id, task in destination.tasks.items()
        },
        "attention": sorted((task["name"], task["completed"]) for task in destination.attention),
        "sections": sorted(each["name"] for each in whole["projects"][0]["sections"]),
        "fields": sorted((each["name"], len(each["options"])) for each in whole["custom_fields"]),
        "options": sorted(destination.options()),
    }


@pytest.fixture(scope="module")
def quiet(destination_server, tmp_path_factory):
    """The board when nothing goes wrong."""
    destination_server.reset(requests_per_minute=0, cost_per_minute=0)
    made = play(Destination(destination_server, tmp_path_factory.mktemp("quiet")))
    assert made["documents"][order_id(1)]["lines"] == [
        ("1. Ink — 10 × 25.00 = 250.00 NOK", False),
        ("2. Paper A3 — 10 × 25.00 = 250.00 NOK", False),
        ("3. Toner — 10 × 25.00 = 250.00 NOK", True),
    ]
    assert made["attention"] == [("Could not be synced: Invoice 2", True)]
    return made


@pytest.mark.parametrize(
    "settings",
    [
        {"date_values": "string"},
        {"date_values": "both"},
        {"new_tasks": "start"},
        {"subtask_fields": "first_level"},
        {"unknown_keys": "ignore"},
        {"asana_change": "name=next;info=https://example.com;affected=true"},
        {"plan": "starter"},
        {"requests_per_minute": None, "cost_per_minute": None},
    ],
    ids=lambda settings: ", ".join(f"{name}={value}" for name, value in settings.items()),
)
def test_the_same_board_however_asana_behaves_where_it_documents_nothing(destination, quiet, settings):
    destination.asana.settings(**settings)
    assert play(destination) == quiet


WRITES = {
    "field": {"path": r"^/custom_fields\?"},
    "attaching a field": {"path": "/addCustomFieldSetting"},
    "option": {"path": "/enum_options"},
    "renaming an option": {"method": "PUT", "path": "^/enum_options/"},
    "section": {"method": "POST", "path": "/sections$"},
    "task": {"method": "POST", "path": r"^/tasks\?", "body": "custom_fields"},
    "attention task": {"method": "POST", "path": r"^/tasks\?", "body": "could not be written"},
    "closing an attention task": {"method": "PUT", "path": r"^/tasks/\d+$", "body": "Got through since"},
    "subtask": {"method": "POST", "path": "/subtasks"},
    "completing a subtask": {
        "method": "PUT",
        "path": r"^/tasks/\d+$",
        "body": '"completed": true.*Completed by the sync',
    },
    "update": {"method": "PUT", "path": r"^/tasks/\d+\?", "body": "custom_fields"},
    "moving a line": {"path": "/setParent"},
    "moving to a section": {"path": "/addTask"},
    "comment": {"method": "POST", "path": "/stories"},
}


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        *(("lost_answer", kind) for kind in WRITES),
        *(("truncate", kind) for kind in ("field", "option", "task", "subtask")),
    ],
)
def test_the_answer_of_any_write_may_be_lost(destination, quiet, action, kind):
    destination.asana.fault(action=action, times=2, **WRITES[kind])
    assert play(destination) == quiet
    assert sum(fault["hit"] for fault in destination.asana.control("GET", "faults")) > 0, "the fault met no request"
    destination.asana.control("DELETE", "faults")
    destination.fresh_log()
    destination.write(*SECOND, **SETTINGS)
    assert destination.written == []


@pytest.mark.parametrize(
    "faults",
    [
        [{"action": "timeout"}, {"action": "cut"}, {"action": "error", "status": 500}],
        [{"action": "html"}, {"action": "throttle", "retry_after": 0.5}, {"action": "drop"}],
        [{"action": "drop"}, {"action": "timeout"}, {"action": "html"}],
        [{"action": "throttle", "retry_after": 0.5}, {"action": "error", "status": 503}, {"action": "cut"}],
    ],
    ids=lambda faults: ", ".join(fault["action"] for fault in faults),
)
def test_a_create_that_fails_in_any_way_happens_once(destination, quiet, faults):
    for kind, fault in zip(("task", "subtask", "moving a line"), faults, strict=True):
        destination.asana.fault(**WRITES[kind], **fault)
    assert play(destination) == quiet


def test_a_lost_comment_is_not_taken_for_an_older_one_of_the_same_words(destination):
    destination.asana.settings(clock_offset=-3600.0)
    for status in ("Open", "Closed", "Open"):
        destination.write(order(1, status=status), change_comments=True)
    destination.asana.settings(clock_offset=0.0)
    destination.asana.fault(action="drop", method="POST", path="/stories", times=1)
    destination.write(order(1, status="Closed"), change_comments=True)
    assert len(comments(destination.task(order_id(1)))) == 3


@pytest.mark.parametrize("kind", ["task", "subtask"])
def test_a_create_that_asana_applies_long_after_it_gave_up_answering_happens_once(destination, quiet, kind):
    destination.asana.fault(action="timeout", late=3, **WRITES[kind])
    play(destination)
    # A sync that did not wait for it is over before it arrives.
    until(destination.asana.at_rest)
    assert board(destination) == quiet


@pytest.mark.parametrize(
    "fault",
    [
        {"action": "html"},
        {"action": "error", "status": 500},
        {"action": "error", "status": 503},
        {"action": "timeout"},
        {"action": "drop"},
        {"action": "truncate"},
        {"action": "cut"},
        {"action": "throttle", "retry_after": 0.2},
    ],
    ids=["502 with HTML", "500", "503", "504", "drop", "truncate", "cut", "429"],
)
def test_reads_are_repeated(destination, quiet, fault):
    destination.asana.fault(method="GET", path=".*", times=4, **fault)
    assert play(destination) == quiet


@pytest.mark.parametrize("seed", [1, 2])
def test_weather(destination, quiet, seed):
    """A little of everything, all the time."""
    for number, action in enumerate(("lost_answer", "truncate", "cut", "throttle")):
        destination.asana.fault(
            action=action, path=".*", times=None, chance=0.03, seed=10 * seed + number, retry_after=0.1
        )
    destination.asana.fault(action="html", method="GET", path=".*", times=None, chance=0.05, seed=seed)
    assert play(destination) == quiet


@pytest.mark.parametrize("offset", [-7200.0, 7200.0], ids=["two hours behind", "two hours ahead"])
@pytest.mark.parametrize("search", [True, False])
def test_clocks_may_differ(destination, quiet, offset, search):
    destination.asana.settings(clock_offset=offset)
    destination.asana.fault(action="lost_answer", times=2, **WRITES["task"])
    if search:
        destination.asana.bulk(250, prefix="Other:1/")
    made = play(destination)
    made["documents"] = {key: value for key, value in made["documents"].items() if not key.startswith("Other")}
    assert made == quiet


def test_throttled_for_long_it_waits_exactly_as_told_and_all_workers_do(destination):
    """Until the sync says that it pauses, nothing else is answered, so that no worker gets free to write before it knows."""
    creates = {"method": "POST", "path": r"^/tasks\?"}
    destination.asana.fault(action="throttle", times=1, retry_after=4, **creates)
    destination.asana.fault(action="delay", times=None, seconds=3600, **creates)
    running = destination.start(*(order(n, lines=[]) for n in range(1, 31)), state("purchase_orders"))
    told = Path(f"{running.stem}.out")
    until(lambda: told.exists() and "Asana asks for a pause of 4 s" in told.read_text())
    destination.asana.control("DELETE", "faults")
    assert destination.finish(running).code == 0
    log = destination.requests()
    refused = next(entry for entry in log if entry["status"] == 429)
    later = [entry["time"] - refused["time"] for entry in log if entry["number"] > refused["number"]]
    # Fourteen others are under way when the first is refused, and one may take its place before its answer is read.
    assert len([seconds for seconds in later if seconds < 3.9]) <= 15, "somebody did not wait"
    assert max(later) >= 3.9


@pytest.mark.parametrize("hint", ["0", "Thu, 01 Jan 2015 00:00:00 GMT"], ids=["nothing", "a date long ago"])
def test_a_pause_of_no_length_becomes_a_second_and_grows(destination, hint):
    destination.asana.fault(action="throttle", method="POST", path=r"^/tasks\?", times=2, retry_after=hint)
    destination.write(order(1, lines=[]))
    times = [entry["time"] for entry in destination.requests("POST") if entry["path"] == "/tasks"]
    assert len(times) == 3
    assert times[1] - times[0] >= 0.99
    assert times[2] - times[1] >= 1.99


def test_it_learns_the_pace_and_keeps_just_below_it(destination):
    """600 requests a minute, judged in windows of three seconds: after the first burst hardly any is refused, and nothing
    is lost."""
    destination.asana.settings(requests_per_minute=600, rate_window=3.0)
    run = destination.write(*(order(n, lines=[]) for n in range(1, 161)))
    assert len(destination.tasks) == 160
    answers = [(entry["time"], entry["status"]) for entry in destination.requests() if "/_control" not in entry["path"]]
    # A machine that is too slow for the limit never meets it.
    first = min((time for time, status in answers if status == 429), default=0.0)
    later = [(time, status) for time, status in answers if time > first + 4]
    assert sum(status == 429 for _, status in later) <= len(later) / 50
    assert first == 0.0 or "calls a minute through" in run.log


def test_two_syncs_of_different_streams_at_once(destination):
    """Fields and options are made by both; neither may make them twice."""
    coded = [line_of(1, "Paper")]
    orders = destination.start(*(order(n, lines=coded) for n in range(1, 21)), configured=catalog("purchase_orders"))
    invoices = destination.start(*(invoice(n) for n in range(1, 21)), configured=catalog("supplier_invoices"))
    codes = destination.finish(orders).code, destination.finish(invoices).code
    assert len(destination.tasks) == 40 or 1 in codes
    names = [field["name"] for field in destination.asana.state()["custom_fields"]]
    assert len(names) == len(set(names))
    if codes != (0, 0):
        destination.write(*(order(n, lines=coded) for n in range(1, 21)), *(invoice(n) for n in range(1, 21)))
    assert len(destination.tasks) == 40
    assert lines_of(destination.task(order_id(3))) == ["1. Paper — 10 × 25.00 = 250.00 NOK"]
