"""What people (and other programs) change in Asana while a sync runs, behind the back of what it has read."""

import json
import queue
import threading

import pytest

from integration_tests.destination_messages import account, catalog, line, order, order_id, state
from integration_tests.destination_support import lines_of


class Session:
    """A running sync whose input stays open: `write` returns once the records are in Asana."""

    def __init__(self, destination, **config):
        self.process = destination.talk(catalog("purchase_orders", "accounts"), **config)
        self.states = queue.Queue()
        self.number = 0
        self.output = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for text in self.process.stdout:
            self.output.append(text)
            if '"STATE"' in text:
                self.states.put(json.loads(text)["state"]["id"])
        self.states.put(None)

    def write(self, *messages):
        self.number += 1
        for message in (*messages, state("purchase_orders", self.number)):
            self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()
        assert self.states.get(timeout=240) == self.number, "".join(self.output)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.process.stdin.close()
        self.process.join(240)
        self.reader.join(240)
        self.process.stdout.close()
        if kind is None:
            assert self.process.exitcode == 0, "".join(self.output)


@pytest.fixture
def session(destination):
    with Session(destination, section_by_status=True, change_comments=True) as running:
        yield running


@pytest.fixture
def session_alone(destination):
    with Session(destination) as running:
        yield running


def test_deleted_behind_its_back(destination, session):
    session.write(order(1), order(2, lines=[line(1), line(2)]), order(3, status="Balanced"), order(4))
    tasks = destination.tasks
    destination.as_person("DELETE", f"/tasks/{tasks[order_id(1)]['gid']}")
    destination.as_person("DELETE", f"/tasks/{tasks[order_id(2)]['subtasks'][0]['gid']}")
    destination.as_person(
        "POST", f"/tasks/{tasks[order_id(3)]['gid']}/removeProject", project=destination.asana.PROJECT
    )
    session.write(
        order(1, orderTotal=1.0),
        order(2, orderTotal=2.0, lines=[line(1, "New"), line(2)]),
        order(3, orderTotal=3.0, status="Open"),
        order(4, orderTotal=4.0),
    )
    assert [destination.task(order_id(n))["fields"]["Visma amount"] for n in (1, 2, 3, 4)] == [1, 2, 3, 4]
    assert [name[:6] for name in lines_of(destination.task(order_id(2)))] == ["1. New", "2. Pap"]


def test_deleted_and_moved_away_where_little_is_written(destination, session_alone):
    """Without sections and with nothing changed but the lines, or one field: no other request tells of it before."""
    session = session_alone
    session.write(*(order(n) for n in (1, 2, 3)))
    gids = {n: destination.tasks[order_id(n)]["gid"] for n in (1, 2, 3)}
    destination.as_person("DELETE", f"/tasks/{gids[1]}")
    destination.as_person("DELETE", f"/tasks/{gids[2]}")
    destination.as_person("POST", f"/tasks/{gids[3]}/removeProject", project=destination.asana.PROJECT)
    session.write(order(1), order(2, lines=[line(1, cost=26)]), order(3, orderTotal=3.0))
    # Of an unchanged document nothing is asked, so this is as if a person had deleted its task after the sync.
    assert order_id(1) not in destination.tasks
    destination.write(order(1))
    assert len(destination.tasks) == 3
    assert lines_of(destination.task(order_id(2))) == ["1. Paper A4 — 10 × 26.00 = 260.00 NOK"]
    assert destination.task(order_id(3))["gid"] == gids[3]
    assert destination.task(order_id(3))["fields"]["Visma amount"] == 3


def test_sections_renamed_and_deleted_behind_its_back(destination, session):
    session.write(order(1), order(2, status="Balanced"))
    sections = {
        each["name"]: each["gid"]
        for each in destination.asana.state(destination.asana.PROJECT)["projects"][0]["sections"]
    }
    for task in destination.tasks.values():
        destination.as_person("POST", f"/sections/{sections['Untitled section']}/addTask", task=task["gid"])
    destination.as_person("DELETE", f"/sections/{sections['Pending approval']}")
    session.write(order(3, status="Balanced"), order(4))
    assert destination.task(order_id(3))["memberships"][0]["section"] == "Pending approval"
    assert destination.task(order_id(4))["memberships"][0]["section"] == "Open"


def test_fields_detached_and_options_disabled_behind_its_back(destination, session):
    coded = line(account={"number": "6800", "description": "Office"})
    session.write(
        account("6800", "Office"), account("3000", "Sales"), order(1, lines=[coded]), order(2, status="Closed")
    )
    path = f"/projects/{destination.asana.PROJECT}/removeCustomFieldSetting"
    destination.as_person("POST", path, custom_field=destination.field("Visma amount")["gid"])
    for field, name in (("Visma status", "Closed"), ("Visma GL accounts", "6800 Office")):
        [option] = [each for each in destination.field(field)["options"] if each["name"] == name]
        destination.as_person("PUT", f"/enum_options/{option['gid']}", enabled=False)
    session.write(
        order(3, status="Closed", orderTotal=33.0), order(4, lines=[coded]), order(1, orderTotal=11.0, lines=[coded])
    )
    third = destination.task(order_id(3))["fields"]
    assert (third["Visma status"], third["Visma amount"]) == ("Closed", 33)
    assert destination.task(order_id(1))["fields"]["Visma amount"] == 11
    assert order_id(4) in destination.tasks


def test_options_renamed_and_added_behind_its_back(destination, session):
    coded = line(account={"number": "6800", "description": "Office"})
    session.write(account("6800", "Office"), order(1, lines=[coded]))
    field = destination.field("Visma GL accounts")
    destination.as_person("PUT", f"/enum_options/{field['options'][0]['gid']}", name="6800 Our office")
    destination.as_person("POST", f"/custom_fields/{field['gid']}/enum_options", name="3000 Sales")
    session.write(
        account("3000", "Sales"), order(2, lines=[coded, line(2, account={"number": "3000", "description": "Sales"})])
    )
    accounts = destination.task(order_id(2))["fields"]["Visma GL accounts"]
    assert [name[:4] for name in sorted(accounts)] == ["3000", "6800"]
    codes = [option["name"][:4] for option in destination.field("Visma GL accounts")["options"]]
    assert sorted(codes) == ["3000", "6800"], "one option per code"


def test_the_last_room_for_an_option_taken_behind_its_back(destination, session):
    session.write(*(account(f"{number:04d}", "Account") for number in range(1, 500)))
    field = destination.field("Visma GL accounts")["gid"]
    destination.as_person("POST", f"/custom_fields/{field}/enum_options", name="Mine")
    session.write(account("0500", "Late"), order(1, lines=[line(account={"number": "0501"})]))
    assert destination.options()[-1] == "Mine"
    assert set(destination.tasks) == {order_id(1)}


# --- a line deleted while its document is written ----------------------------------------------------------------------

SHAPES = {"task": r"^/tasks/\d+/setParent", "project": r"^/tasks/\d+/addProject"}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("victim", [1, 5], ids=["its place", "another line"])
def test_a_line_deleted_before_another_goes_to_its_place_comes_back(destination, shape, victim):
    """A new line is made at the end and goes behind line 1, which a person deletes just before; or another line."""
    config = {"streams": [{"name": "purchase_orders", "write_as": {"type": shape}}]}
    destination.write(order(1, lines=[line(1, "Paper"), line(5, "Ink"), line(9, "Freight")]), **config)
    items = {item["name"].partition(".")[0]: item["gid"] for item in items_of(destination, shape)}
    deletes = [{"method": "DELETE", "path": f"/tasks/{items[str(victim)]}", "data": {}}]
    destination.asana.fault(
        action="meanwhile", method="POST", path=SHAPES[shape], person="soren.ostergaard@nordlys.example", does=deletes
    )
    changed = order(1, lines=[line(5, "Ink"), line(9, "Freight"), line(3, "Toner"), line(1, "Paper")])
    run = destination.write(changed, state("purchase_orders"), **config)
    assert [fault["hit"] for fault in destination.asana.control("GET", "faults")] == [1]
    assert run.state_ids == [1]
    destination.write(changed, **config)
    found = [item["name"].partition(" —")[0] for item in items_of(destination, shape)]
    assert found == ["1. Paper", "3. Toner", "5. Ink", "9. Freight"]
    destination.fresh_log()
    destination.write(changed, **config)
    assert destination.written == []


def items_of(destination, shape):
    """The open items of order 1, in order."""
    if shape == "task":
        return [item for item in destination.task(order_id(1))["subtasks"] if not item["completed"]]
    [project] = [each for each in destination.asana.state()["projects"] if each["name"].startswith("PO 000001")]
    return destination.asana.state(project["gid"])["tasks"]
