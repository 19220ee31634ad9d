"""What the sync wrote of a document's lines is known without reading them, and is mended with the document's next change."""

import pytest

from integration_tests.destination_messages import invoice, line, order, order_id, state
from integration_tests.destination_support import lines_of

LATER, LATEST = "2026-01-08T08:00:00.1", "2026-01-09T08:00:00.1"


def reads_of_lines(destination):
    return [e["path"] for e in destination.requests("GET") if e["path"].endswith("/subtasks")]


def reads(destination):
    return len(destination.requests("GET"))


def as_bot(destination, method, path, **data):
    """Any request in the name of the sync's own user, whose external data the sync sees."""
    return destination.asana.as_person(method, path, person="finance.bot@nordlys.example", data=data)


def external_of(destination, gid):
    [task] = [task for task in destination.asana.state()["tasks"] if task["gid"] == gid]
    [(found, data)] = task["external"].values()
    return {"gid": found, "data": data}


def replay(destination, *messages, **config):
    """Writes the messages and gives the reads of lines."""
    destination.fresh_log()
    run = destination.write(*messages, **config)
    return run, reads_of_lines(destination)


def test_three_hundred_unchanged_documents_cost_their_listing(destination):
    bills = [invoice(n, invoiceLines=[{"lineNumber": 1, "transactionDescription": "Toner"}]) for n in range(1, 151)]
    messages = [*(order(n, lines=[line(1), line(2)]) for n in range(1, 151)), *bills]
    destination.write(*messages)
    made = destination.tasks
    for _ in range(2):
        _, looked = replay(destination, *messages, state("purchase_orders"))
        assert (looked, destination.written) == ([], [])
        assert len([e for e in destination.requests("GET") if e["path"] == "/tasks"]) <= 300 / 100 + 1
        assert reads(destination) <= 300 / 100 + 12
    assert destination.tasks == made


def test_a_first_load_costs_one_write_more_than_its_creates(destination):
    destination.write(order("seed"))
    destination.fresh_log()
    destination.write(*(order(n, lines=[line(1), line(2)]) for n in range(1, 41)))
    creates = [path for path in destination.written if path.startswith("POST /tasks")]
    assert len(creates) == 40 + 2 * 40
    assert [path.split("/")[0] for path in destination.written if path not in creates] == ["PUT "]


def test_a_change_costs_no_more_writes_than_before(destination):
    destination.write(order(lines=[line(1), line(2)]))
    gid = destination.task(order_id())["gid"]
    _, looked = replay(
        destination, order(lines=[line(1), line(2, cost=30)], orderTotal=550.0, lastModifiedDateTime=LATER)
    )
    assert len(looked) == 1
    assert len(destination.written) == 2, "the line and the task"
    assert destination.written[-1] == f"PUT /tasks/{gid}", "which says that the lines are there"
    _, looked = replay(
        destination, order(lines=[line(1), line(2, cost=30)], orderTotal=550.0, lastModifiedDateTime=LATER)
    )
    assert (looked, destination.written) == ([], [])


def test_what_people_do_to_a_line_is_mended_with_the_next_change(destination):
    destination.write(order(lines=[line(1), line(2)]))
    first, second = (item["gid"] for item in destination.task(order_id())["subtasks"])
    destination.as_person("PUT", f"/tasks/{first}", name="1. Something else")
    gid = destination.task(order_id())["gid"]
    destination.as_person("POST", f"/tasks/{gid}/subtasks", name="Call them")
    destination.as_person("DELETE", f"/tasks/{second}")
    _, looked = replay(destination, order(lines=[line(1), line(2)]))
    assert (looked, destination.written) == ([], [])
    assert lines_of(destination.task(order_id())) == ["1. Something else", "Call them"]
    destination.write(order(lines=[line(1), line(2)], status="Closed", lastModifiedDateTime=LATER))
    assert sorted(lines_of(destination.task(order_id()))) == [
        "1. Paper A4 — 10 × 25.00 = 250.00 NOK",
        "2. Paper A4 — 10 × 25.00 = 250.00 NOK",
        "Call them",
    ]


def test_a_deleted_line_that_the_listing_shows_is_made_again_at_once(destination):
    destination.write(order(lines=[line(1), line(2)]))
    destination.as_person("DELETE", f"/tasks/{destination.task(order_id())['subtasks'][0]['gid']}")
    destination.write(order(lines=[line(1), line(2)]))
    assert len(lines_of(destination.task(order_id()))) == 2


def test_a_document_that_visma_has_only_touched_is_looked_at(destination):
    destination.write(order(lines=[line(1), line(2)]))
    _, looked = replay(destination, order(lines=[line(1), line(2)], lastModifiedDateTime=LATER))
    assert (len(looked), destination.written) == (1, [])


@pytest.mark.parametrize("back", [LATEST, LATER])
def test_a_line_that_changes_alone_and_changes_back(destination, back):
    """Only the promised date of a line moves, which is on its subtask alone."""

    def at(date, stamp):
        return order(lines=[line(1, promised=f"{date}T00:00:00")], lastModifiedDateTime=stamp)

    destination.write(at("2026-02-03", LATER))
    destination.write(at("2026-02-10", LATER))
    assert destination.task(order_id())["subtasks"][0]["due_on"] == "2026-02-10"
    _, looked = replay(destination, at("2026-02-10", LATER))
    assert (looked, destination.written) == ([], [])
    destination.write(at("2026-02-03", back))
    assert destination.task(order_id())["subtasks"][0]["due_on"] == "2026-02-03"


MANY = [order(n, lines=[line(1), line(2)]) for n in range(1, 13)]


@pytest.mark.parametrize("after", [8, 20, 34])
def test_a_killed_load_is_looked_at_though_people_add_subtasks(destination, after):
    """The sync is killed while lines are missing; a person adds as many subtasks to each task as are missing."""
    destination.write(order("seed"))
    destination.killed(*MANY, requests=after)
    tasks = destination.tasks
    for visma_id, task in tasks.items():
        for _ in range(2 - len(task["subtasks"]) if visma_id != order_id("seed") else 0):
            destination.as_person("POST", f"/tasks/{task['gid']}/subtasks", name="Mine")
    destination.write(*MANY)
    lines = ["1. Paper A4 — 10 × 25.00 = 250.00 NOK", "2. Paper A4 — 10 × 25.00 = 250.00 NOK"]
    for number in range(1, 13):
        assert [name for name in lines_of(destination.task(order_id(number))) if name != "Mine"] == lines


def test_a_load_killed_before_its_last_note_is_looked_at_once_more(destination):
    destination.write(order("seed"))
    destination.fresh_log()
    destination.write(*MANY)
    noted = [e for e in destination.requests("PUT") if e["path"].startswith("/tasks/")]
    assert len(noted) == 1, "one note for the whole load"
    # As if the sync had been killed before it.
    as_bot(destination, "PUT", noted[0]["path"], external={"data": None})
    _, looked = replay(destination, *MANY)
    assert len(looked) <= 12
    assert destination.written == []


@pytest.mark.parametrize("scope", ["none", "all"])
def test_whether_or_not_asana_takes_external_data_of_a_personal_token(destination, scope):
    destination.asana.settings(external_scope=scope)
    run = destination.write(*MANY)
    assert run.warnings == []
    _, looked = replay(destination, *MANY)
    assert (len(looked), destination.written) == (12 if scope == "none" else 0, [])


def test_external_data_of_others_stays(destination):
    destination.write(order())
    gid = destination.task(order_id())["gid"]
    as_bot(destination, "PUT", f"/tasks/{gid}", external={"gid": "theirs-7", "data": "their own"})
    changed = order(orderTotal=3.0, lastModifiedDateTime=LATER)
    destination.write(changed)
    _, looked = replay(destination, changed)
    assert len(looked) == 1
    assert external_of(destination, gid) == {"gid": "theirs-7", "data": "their own"}


def test_an_external_id_of_others_stays(destination):
    destination.write(order())
    gid = destination.task(order_id())["gid"]
    as_bot(destination, "PUT", f"/tasks/{gid}", external={"gid": "theirs-7"})
    changed = order(orderTotal=3.0, lastModifiedDateTime=LATER)
    destination.write(changed)
    assert external_of(destination, gid)["gid"] == "theirs-7"
    assert replay(destination, changed)[1] == []


def test_tasks_without_a_note_get_it_with_their_next_write(destination):
    """As version 0.1.0 left them."""
    destination.write(order())
    gid = destination.task(order_id())["gid"]
    as_bot(destination, "PUT", f"/tasks/{gid}", external=None)
    for _ in range(2):
        _, looked = replay(destination, order())
        assert (len(looked), destination.written) == (1, [])
    changed = order(orderTotal=3.0, lastModifiedDateTime=LATER)
    destination.write(changed)
    assert replay(destination, changed)[1] == []


def test_a_dry_run_foresees_a_changed_line_and_reads_no_others(destination):
    destination.write(*MANY)
    changed = order(3, lines=[line(1), line(2, "Toner")], lastModifiedDateTime=LATER)
    run, looked = replay(destination, *MANY, changed, dry_run=True)
    assert (len(looked), destination.written) == (1, [])
    assert "line would be renamed" in run.log
