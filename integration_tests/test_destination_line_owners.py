"""Which subtasks are lines: those the sync marked. What people number stays theirs, whatever its name; what the sync
completed the sync reopens, a person's tick stays."""

import pytest

from integration_tests.destination_messages import line, order, order_id
from integration_tests.destination_project_support import as_projects, tasks_in, the_project
from integration_tests.destination_support import lines_of
from integration_tests.waiting import until

BOT = "1200000000000010"
PAPER = "1. Paper A4 — 10 × 25.00 = 250.00 NOK"
TONER = "2. Toner — 2 × 500.00 = 1000.00 NOK"


def subtasks(destination):
    return {item["name"]: item for item in destination.task(order_id())["subtasks"]}


@pytest.fixture
def add_subtask(destination):
    def add(name, person="kari.nordmann@nordlys.example", **more):
        gid = destination.task(order_id())["gid"]
        made = destination.asana.as_person("POST", f"/tasks/{gid}/subtasks", person, data={"name": name, **more})
        return made["gid"]

    return add


@pytest.mark.parametrize(
    "name",
    [
        "3. Call the supplier",
        "1. Check the price",
        "2. Toner — 3 × 10.00 = 30.00 NOK",
        "-4. Below zero",
        f"{10**30}. Huge",
        PAPER,
    ],
)
def test_what_a_person_numbered_is_no_line(destination, add_subtask, name):
    destination.write(order(lines=[line(1), line(2, "Toner", 2, 500)]))
    mine = add_subtask(name)
    for lines in ([line(1), line(2, "Ink", 1, 90), line(3, "Rulers", 1, 5)], [line(3, "Rulers", 1, 5)], None):
        destination.write(order(lines=lines))
        [item] = [item for item in destination.task(order_id())["subtasks"] if item["gid"] == mine]
        assert (item["name"], item["completed"]) == (name, False)
    assert [item["completed"] for item in destination.task(order_id())["subtasks"] if item["gid"] != mine] == [True] * 3


@pytest.mark.parametrize("number", [-1, -300, 0, 10**12, 12345678901234567890])
def test_any_line_number_comes_back_as_the_same_line(destination, number):
    message = order(lines=[line(number, "Deposit", 1, 5), line(7)])
    destination.write(message)
    first = {item["gid"] for item in destination.task(order_id())["subtasks"]}
    assert f"{number}. Deposit — 1 × 5.00 = 5.00 NOK" in subtasks(destination)
    destination.fresh_log()
    destination.write(message)
    assert destination.written == []
    destination.write(order(lines=[line(number, "Deposit paid", 1, 5), line(7)]))
    assert f"{number}. Deposit paid — 1 × 5.00 = 5.00 NOK" in subtasks(destination)
    assert {item["gid"] for item in destination.task(order_id())["subtasks"]} == first


def test_a_line_a_person_renamed_is_still_that_line(destination):
    destination.write(order(lines=[line(1), line(2, "Toner", 2, 500)]))
    gid = subtasks(destination)[TONER]["gid"]
    destination.as_person("PUT", f"/tasks/{gid}", name="Ask Kari about the toner")
    # It is named anew when the document next changes in Visma; lines of an unchanged one are not read.
    destination.write(order(lines=[line(1), line(2, "Toner", 2, 500)]))
    assert subtasks(destination)["Ask Kari about the toner"]["gid"] == gid
    destination.write(order(lines=[line(1), line(2, "Toner", 2, 500)], lastModifiedDateTime="2026-12-24T08:00:00.1"))
    assert subtasks(destination)[TONER]["gid"] == gid
    assert len(subtasks(destination)) == 2


def test_a_copy_a_person_made_of_a_line_is_theirs(destination, add_subtask):
    destination.write(order(lines=[line(1)]))
    notes = destination.asana.as_person("GET", f"/tasks/{subtasks(destination)[PAPER]['gid']}")["notes"]
    copy = add_subtask("1. Paper A4 for the other office", notes=notes)
    for text in ("Paper A3", "Paper A5"):
        destination.write(order(lines=[line(1, text)]))
        [item] = [item for item in destination.task(order_id())["subtasks"] if item["gid"] == copy]
        assert (item["name"], item["completed"]) == ("1. Paper A4 for the other office", False)
    assert len(destination.task(order_id())["subtasks"]) == 2


# --- lines that release 0.1.0 made, without a mark -------------------------------------------------------------------


@pytest.fixture
def old_lines(destination, add_subtask):
    """A task as 0.1.0 left it: its lines carry no mark."""
    destination.write(order(lines=None))
    return [add_subtask(name, BOT) for name in (PAPER, TONER, "3. Freight")]


def test_lines_of_an_earlier_release_are_known_and_marked_when_they_change(destination, add_subtask, old_lines):
    mine = add_subtask("2. Call the supplier")
    lines = [line(1), line(2, "Toner", 2, 500), {"lineNbr": 3, "lineDescription": "Freight"}]
    destination.fresh_log()
    destination.write(order(lines=lines))
    assert [entry for entry in destination.written if "subtasks" in entry] == []
    lines[1] = line(2, "Toner XL", 2, 500)
    destination.write(order(lines=lines[:2]))
    left = {item["gid"]: (item["name"], item["completed"]) for item in destination.task(order_id())["subtasks"]}
    assert left[old_lines[0]] == (PAPER, False)
    assert left[old_lines[1]] == ("2. Toner XL — 2 × 500.00 = 1000.00 NOK", False)
    assert left[mine] == ("2. Call the supplier", False)
    assert len(left) == 4
    marked = destination.asana.as_person("GET", f"/tasks/{old_lines[1]}")["notes"]
    assert marked == f"Line 2 of {order_id()}"


def test_words_people_wrote_into_a_line_stay_when_it_is_marked(destination, old_lines):
    destination.as_person(
        "PUT", f"/tasks/{old_lines[1]}", html_notes="<body>Ask <strong>Ola</strong> &amp; Kari</body>"
    )
    destination.write(order(lines=[line(1), line(2, "Toner XL", 2, 500)]))
    notes = destination.asana.as_person("GET", f"/tasks/{old_lines[1]}", query={"opt_fields": "html_notes,completed"})
    mark = f"Line 2 of {order_id()}"
    assert notes["html_notes"] == f"<body>Ask <strong>Ola</strong> &amp; Kari\n{mark}</body>"
    for lines, row in (([line(1)], "\nCompleted by the sync: Visma took this line away."), ([line(1), line(2)], "")):
        destination.write(order(lines=lines))
        notes = destination.asana.as_person("GET", f"/tasks/{old_lines[1]}", query={"opt_fields": "html_notes"})
        assert notes["html_notes"] == f"<body>Ask <strong>Ola</strong> &amp; Kari\n{mark}{row}</body>"


# --- lines that go and come back -------------------------------------------------------------------------------------


@pytest.mark.parametrize("others", [[line(1)], [], None], ids=["one stays", "none stays", "no lines"])
def test_a_line_that_comes_back_is_open_again(destination, others):
    whole = [line(1), line(2, "Toner", 2, 500)]
    destination.write(order(lines=whole))
    gid = subtasks(destination)[TONER]["gid"]
    destination.write(order(lines=others))
    assert subtasks(destination)[TONER]["completed"]
    for _ in range(2):
        destination.fresh_log()
        destination.write(order(lines=whole))
        assert lines_of(destination.task(order_id())) == [PAPER, TONER]
        assert subtasks(destination)[TONER]["gid"] == gid
    assert destination.written == []


def test_a_persons_tick_stays_when_the_line_comes_back(destination):
    whole = [line(1), line(2, "Toner", 2, 500)]
    destination.write(order(lines=whole))
    destination.as_person("PUT", f"/tasks/{subtasks(destination)[TONER]['gid']}", completed=True)
    for lines in ([line(1)], whole, [line(1)], whole):
        destination.write(order(lines=lines))
        assert subtasks(destination)[TONER]["completed"]


def test_what_a_person_opened_again_stays_open(destination):
    destination.write(order(lines=[line(1), line(2, "Toner", 2, 500)]))
    destination.write(order(lines=[line(1)]))
    destination.as_person("PUT", f"/tasks/{subtasks(destination)[TONER]['gid']}", completed=False)
    destination.write(order(lines=[line(1)]))
    assert not subtasks(destination)[TONER]["completed"]


def test_lines_of_a_project_come_back_and_people_number_their_tasks(destination):
    whole = [line(1), line(2, "Toner", 2, 500)]
    destination.write(order(lines=whole), streams=as_projects())
    project = the_project(destination)["gid"]
    mine = destination.as_person("POST", "/tasks", name="2. Call the supplier", projects=[project])["gid"]
    for lines, open_lines in (([line(1)], [PAPER]), (whole, [PAPER, TONER])):
        destination.write(order(lines=lines), streams=as_projects())
        tasks = tasks_in(destination, the_project(destination))
        assert [each["name"] for each in tasks if not each["completed"] and each["gid"] != mine] == open_lines
        assert [each["completed"] for each in tasks if each["gid"] == mine] == [False]


@pytest.mark.parametrize("action", ["lost_answer", "drop", "truncate"])
def test_completing_and_reopening_a_line_with_answers_lost(destination, action):
    whole = [line(1), line(2, "Toner", 2, 500)]
    destination.write(order(lines=whole))
    for lines, completed in (([line(1)], True), (whole, False)):
        destination.asana.fault(action=action, method="PUT", path=r"^/tasks/\d+$", body='"completed"', times=2)
        destination.write(order(lines=lines))
        assert subtasks(destination)[TONER]["completed"] is completed
        assert sum(fault["hit"] for fault in destination.asana.control("GET", "faults")) > 0
        destination.asana.control("DELETE", "faults")
    assert len(subtasks(destination)) == 2


def test_killed_while_lines_go_and_come_back(destination):
    """The service stops answering before or after each write, and then the process is killed."""
    whole = [line(1), line(2, "Toner", 2, 500), line(3, "Ink", 1, 9)]
    destination.write(order(lines=whole))
    first = {item["gid"] for item in destination.task(order_id())["subtasks"]}
    for lines, left in (([line(1)], [PAPER]), (whole, [PAPER, TONER, "3. Ink — 1 × 9.00 = 9.00 NOK"])):
        for skip in range(3):
            destination.asana.fault(action="delay", seconds=3600, method="PUT", path=".*", skip=skip, times=None)
            destination.asana.clear_log()
            process = destination.start(order(lines=lines))
            until(lambda process=process: destination.disturbed or not process.is_alive())
            process.kill()
            process.join(240)
            destination.asana.control("DELETE", "faults")
        destination.write(order(lines=lines))
        assert lines_of(destination.task(order_id())) == left
        assert {item["gid"] for item in destination.task(order_id())["subtasks"]} == first


def test_a_line_that_a_person_moved_under_another_order_is_no_line_of_it(destination):
    """Its mark says whose it is, though the sync made it and its name has the form of a line."""
    destination.write(order(1, lines=[line(1), line(2, "Toner", 2, 500)]), order(2, lines=[line(1, "Ink", 1, 9)]))
    moved = destination.task(order_id(1))["subtasks"][1]["gid"]
    destination.as_person("POST", f"/tasks/{moved}/setParent", parent=destination.task(order_id(2))["gid"])
    destination.write(order(2, lines=[line(1, "Ink", 1, 10)]), order(2, lines=[line(1, "Ink", 1, 10)]))
    items = {item["gid"]: item for item in destination.task(order_id(2))["subtasks"]}
    assert (items[moved]["name"], items[moved]["completed"]) == (TONER, False)
    assert len(items) == 2
