"""Projects of Visma as cards, and their budget numbers."""

import json
import random
from pathlib import Path

import pytest

from integration_tests import kill_points
from integration_tests.destination_messages import (
    COMPANY,
    catalog,
    order,
    order_id,
    project,
    row,
    state,
    status,
)
from integration_tests.destination_support import KARI

CARD = f"ProjectId:{COMPANY}/3101"
NUMBERS = ("Visma budget", "Visma committed", "Visma actual", "Visma invoiced", "Visma remaining")
BOTH = catalog("projects", "project_budgets")


def numbers(destination, visma_id=CARD):
    """Budget, committed, actual, invoiced, remaining."""
    fields = destination.task(visma_id)["fields"]
    return tuple(fields.get(name) for name in NUMBERS)


BUDGETS = [status("project_budgets"), state("project_budgets", 2)]


def test_a_project_is_a_card(destination):
    destination.write(project(), project(3102, "P1002", description=None, status="Cancelled", endDate=None))
    card = destination.task(CARD)
    assert card["name"] == "Project P1001 · Website"
    assert card["due_on"] == "2026-06-30"
    assert not card["completed"]
    assert card["assignee"] == KARI
    shown = {name: card["fields"][name] for name in ("Visma document type", "Visma status", "Visma due date")}
    assert shown == {"Visma document type": "Project", "Visma status": "Active", "Visma due date": "2026-06-30"}
    assert "Customer: Umeå Konferens (10007)" in card["notes"]
    # Without budgets nothing is said about money.
    assert numbers(destination) == (None,) * 5
    other = destination.task(f"ProjectId:{COMPANY}/3102")
    assert (other["name"], other["completed"], other["assignee"]) == ("Project P1002", True, None)
    assert {"Visma supplier", "Visma customer", "Visma amount", "Visma received"}.isdisjoint(
        each["name"] for each in destination.asana.state()["custom_fields"]
    )
    destination.fresh_log()
    destination.write(project())
    assert destination.written == []


def test_templates_and_the_non_project_are_no_cards(destination):
    none = project(1, "x "), project(3103, "TEMPLATE", systemTemplate=True), project(3104, "INTERN")
    run = destination.write(*none, state("projects"), non_project_code="Intern")
    assert set(destination.tasks) == {f"ProjectId:{COMPANY}/1"}
    assert run.state_ids == [1]
    destination.write(*none)
    assert set(destination.tasks) == {f"ProjectId:{COMPANY}/1", f"ProjectId:{COMPANY}/3104"}


def test_a_person_decides_who_has_the_card(destination):
    destination.write(project())
    gid = destination.task(CARD)["gid"]
    destination.as_person("PUT", f"/tasks/{gid}", assignee=None)
    destination.write(project(description="Web shop"))
    assert destination.task(CARD)["assignee"] is None
    stranger = {"employeeName": "Nobody", "contact": {"email": "nobody@elsewhere.example"}}
    run = destination.write(project(3102, "P1002", projectManager=stranger))
    assert any("nobody@elsewhere.example stay unassigned" in text for text in run.warnings)
    assert destination.task(f"ProjectId:{COMPANY}/3102")["assignee"] is None


def test_a_card_is_completed_and_opened_as_visma_does(destination):
    for value, completed in (("Active", False), ("Completed", True), ("OnHold", False), ("Cancelled", True)):
        destination.write(project(status=value))
        assert destination.task(CARD)["completed"] is completed


@pytest.mark.parametrize("budgets_first", [True, False])
def test_numbers_are_sums_of_expense_rows(destination, budgets_first):
    rows = [
        row("p1001"),
        row(group="HOURS", kind="EXPENSE ", revisedBudgetAmount=500.05),
        row(group="SALES", kind="Income"),
        row(group="OTHER", kind=None, revisedBudgetAmount=None, committedAmount=None, actualAmount=0.1),
        *BUDGETS,
    ]
    cards = [project(), project(3102, "P1002"), status("projects"), state("projects", 1)]
    messages = [*rows, *cards] if budgets_first else [*cards, *rows]
    run = destination.write(*messages, configured=BOTH)
    # 1500.05 - 601.10 - 450 is left.
    assert numbers(destination) == (1500.05, 800.0, 601.1, 750.0, 448.95)
    assert numbers(destination, f"ProjectId:{COMPANY}/3102") == (0, 0, 0, 0, 0)
    assert sorted(run.state_ids) == [1, 2]
    destination.fresh_log()
    destination.write(*messages, configured=BOTH)
    assert destination.written == []


@pytest.mark.parametrize(
    ("kind", "counts"),
    [
        ("Expense", True),
        ("expense", True),
        ("", True),
        (None, True),
        ("OffBalance", True),
        ("Income", False),
        ("INCOME", False),
        ("asset", False),
        ("Asset ", False),
        ("Liability", False),
        ("LIABILITY", False),
    ],
)
def test_which_rows_are_expenses(destination, kind, counts):
    rows = [row(), row(group="OTHER", kind=kind, projectTaskID=None, inventoryNumber=None)]
    destination.write(project(), *rows, *BUDGETS, configured=BOTH)
    assert numbers(destination) == (
        (2000.0, 800.0, 601.0, 500.0, 1099.0) if counts else (1000.0, 400.0, 300.5, 250.0, 549.5)
    )


def test_keys_with_null_parts_are_keys_with_empty_parts(destination):
    """The source adds rows that share a key, so a later record of the same key is the same rows again."""
    rows = [row(projectTaskID=None, inventoryNumber=None), row(projectTaskID="", revisedBudgetAmount=1100.0)]
    destination.write(project(), *rows, *BUDGETS, configured=BOTH)
    assert numbers(destination)[0] == 1100.0


def test_remaining_may_be_negative_and_invoices_do_not_lower_it(destination):
    over = row(actualAmount=900.25, committedAmount=500.0, committedOpenAmount=150.5, committedInvoicedAmount=349.5)
    destination.write(project(), over, *BUDGETS, configured=BOTH)
    assert numbers(destination) == (1000.0, 500.0, 900.25, 349.5, -50.75)


@pytest.mark.parametrize(
    ("changes", "due", "completed"),
    [
        ({"endDate": "2027-02-28T00:00:00"}, "2027-02-28", False),
        ({"endDate": None, "status": "Planned"}, None, False),
        ({"status": "COMPLETED"}, "2026-06-30", True),
        ({"status": "cancelled"}, "2026-06-30", True),
        ({"status": "PendingApproval"}, "2026-06-30", False),
    ],
)
def test_dates_and_completion_of_a_card(destination, changes, due, completed):
    destination.write(project(**changes))
    card = destination.task(CARD)
    assert (card["due_on"], card["completed"]) == (due, completed)


def test_the_manager_gets_the_card_unless_somebody_has_it(destination):
    ola = "ola.hansen@nordlys.example"
    destination.write(project(projectManager=None))
    assert destination.task(CARD)["assignee"] is None
    destination.as_person("PUT", f"/tasks/{destination.task(CARD)['gid']}", assignee=ola)
    destination.write(project(description="Web shop"))
    assert destination.task(CARD)["assignee"] == ola
    destination.write(project(3102, "P1002", projectManager=None))
    destination.write(project(3102, "P1002", projectManager={"contact": {"email": KARI.upper()}}))
    assert destination.task(f"ProjectId:{COMPANY}/3102")["assignee"] == KARI


def test_numbers_stay_until_all_rows_came(destination):
    destination.write(project(), row(), *BUDGETS, configured=BOTH)
    before = numbers(destination)
    changed = [row(revisedBudgetAmount=9.0), state("project_budgets", 1)]
    documents = [order(), state("purchase_orders", 2)]
    configured = catalog("project_budgets", "purchase_orders")
    for ending in ([], [status("project_budgets", "INCOMPLETE")]):
        run = destination.write(*changed, *documents, *ending, configured=configured)
        assert numbers(destination) == before
        # The orders' state leaves all the same.
        assert run.state_ids == [2]
        assert any("not all rows came" in text for text in run.warnings)
    run = destination.write(*changed, status("project_budgets"), configured=configured)
    assert numbers(destination)[0] == 9.0
    assert run.state_ids == [1]


def test_a_stream_without_rows_changes_nothing_and_a_project_without_rows_has_no_budget(destination):
    other = row("P1002")
    destination.write(project(), row(), other, *BUDGETS, configured=BOTH)
    run = destination.write(*BUDGETS, configured=BOTH)
    assert numbers(destination) == (1000.0, 400.0, 300.5, 250.0, 549.5)
    assert run.state_ids == [2]
    destination.write(other, *BUDGETS, configured=BOTH)
    assert numbers(destination) == (0, 0, 0, 0, 0)


def test_budgets_alone_find_the_cards_whatever_people_call_them(destination):
    destination.write(project(), project(3102, "P 10-02"), order())
    cards = [destination.task(f"ProjectId:{COMPANY}/{internal}")["gid"] for internal in (3101, 3102)]
    destination.as_person("PUT", f"/tasks/{cards[0]}", name="Our new website")
    destination.as_person("PUT", f"/tasks/{cards[1]}", notes="")
    destination.write(row(), row("P 10-02", revisedBudgetAmount=7.0), *BUDGETS, configured=BOTH)
    assert numbers(destination)[0] == 1000.0
    assert numbers(destination, f"ProjectId:{COMPANY}/3102")[0] == 7.0
    assert "Visma budget" not in {k for k, v in destination.task(order_id())["fields"].items() if v is not None}
    # A card that says nothing any more keeps its numbers.
    destination.as_person("PUT", f"/tasks/{cards[1]}", name="The other one")
    run = destination.write(row(), *BUDGETS, configured=BOTH)
    assert numbers(destination, f"ProjectId:{COMPANY}/3102")[0] == 7.0
    assert any(f"ProjectId:{COMPANY}/3102" in text for text in run.warnings)


def test_a_project_with_a_new_id(destination):
    destination.write(project(), row(), *BUDGETS, configured=BOTH)
    moved = row("P2001", revisedBudgetAmount=2.0)
    destination.write(project(number="P2001"), moved, *BUDGETS, configured=BOTH)
    assert destination.task(CARD)["name"] == "Project P2001 · Website"
    assert numbers(destination)[0] == 2.0


def test_cards_of_another_company_stay(destination):
    other = project(3101, company_id="77")
    destination.write(project(), other, row(), row(company_id="77"), *BUDGETS, configured=BOTH)
    destination.write(row(revisedBudgetAmount=3.0), *BUDGETS, configured=BOTH)
    assert numbers(destination)[0] == 3.0
    assert numbers(destination, "ProjectId:77/3101")[0] == 1000.0


def test_a_broken_row_leaves_its_project_as_it_is(destination, tmp_path):
    destination.write(project(), project(3102, "P1002"), row(), *BUDGETS, configured=BOTH)
    broken = row(group="HOURS", actualAmount="lots")
    rows = [row(revisedBudgetAmount=5.0), broken, row("P1002", revisedBudgetAmount=6.0)]
    run = destination.write(*rows, *BUDGETS, configured=BOTH, code=1)
    assert "actualAmount" in run.error["message"]
    assert run.states == []
    kept = tmp_path / "q.jsonl"
    settings = {"on_record_error": "quarantine", "quarantine_path": str(kept)}
    run = destination.write(*rows, *BUDGETS, configured=BOTH, **settings)
    assert (numbers(destination)[0], numbers(destination, f"ProjectId:{COMPANY}/3102")[0]) == (1000.0, 6.0)
    assert json.loads(kept.read_text())["record"]["data"]["actualAmount"] == "lots"
    assert run.state_ids == [2]


def test_more_rows_than_are_read_ahead(destination):
    rows = [row(group=f"G{number}", revisedBudgetAmount=1.0) for number in range(5100)]
    destination.write(project(), *rows, *BUDGETS, configured=BOTH)
    assert numbers(destination)[0] == 5100.0


def test_projects_that_no_longer_come(destination):
    configured = catalog("projects", mode="overwrite")
    destination.write(project(), project(3102, "P1002"), project(9, company_id="77"), configured=configured)
    destination.write(project(), status("projects"), configured=configured, mark_missing=True)
    gone = destination.task(f"ProjectId:{COMPANY}/3102")
    assert (gone["completed"], gone["fields"]["Visma status"]) == (True, "Gone from Visma")
    assert not destination.task(CARD)["completed"]
    assert not destination.task("ProjectId:77/9")["completed"]


def test_a_dry_run_shows_the_numbers(destination):
    run = destination.write(project(), row(), *BUDGETS, configured=BOTH, dry_run=True)
    assert destination.tasks == {}
    assert run.states == []
    assert f"{CARD} (Project P1001) would be updated: Visma budget: (empty) → 1000.00" in run.log
    destination.write(project(), row(), *BUDGETS, configured=BOTH)
    run = destination.write(row(actualAmount=301.5), *BUDGETS, configured=BOTH, dry_run=True)
    assert "Visma actual: 300.50 → 301.50" in run.log
    assert numbers(destination)[2] == 300.5


@pytest.mark.parametrize("action", ["lost_answer", "cut", "throttle"])
def test_an_answer_that_is_lost(destination, action):
    destination.asana.fault(action=action, method="POST", path=r"^/tasks\?", body="custom_fields", times=1)
    destination.asana.fault(action=action, method="PUT", path=r"^/tasks/\d+", times=1)
    run = destination.write(project(), row(), *BUDGETS, configured=BOTH)
    assert numbers(destination) == (1000.0, 400.0, 300.5, 250.0, 549.5)
    assert run.state_ids == [2]


@pytest.mark.parametrize("seed", kill_points.some(range(2), 1))
def test_killed_again_and_again(destination, seed):
    """No state of the budgets leaves before the numbers are on every card; afterwards all is as without kills."""
    dice = random.Random(seed)
    destination.asana.settings(write_latency=0.01)
    cards = [project(3101 + n, f"P{n}") for n in range(12)]
    for version in (1.0, 2.0):
        rows = [row(f"P{n}", revisedBudgetAmount=100 * version + n) for n in range(12)]
        wanted = {f"ProjectId:{COMPANY}/{3101 + n}": 100 * version + n for n in range(12)}
        for _ in range(4):
            process = destination.killed(*cards, *rows, *BUDGETS, requests=dice.randint(5, 70), configured=BOTH)
            if '"STATE"' in Path(f"{process.stem}.out").read_text():
                assert {each: numbers(destination, each)[0] for each in wanted} == wanted
        destination.write(*cards, *rows, *BUDGETS, configured=BOTH)
        assert {each: numbers(destination, each)[0] for each in destination.tasks} == wanted


@pytest.mark.parametrize("searchable", [True, False])
def test_budgets_alone_in_a_project_of_thousands(destination, searchable):
    """The cards are found by search, a hundred at a time, or, where that is not to be had, in the listing."""
    destination.write(project(), row(), *BUDGETS, configured=BOTH)
    destination.asana.bulk(2000, age=864_000)
    destination.asana.bulk(150, prefix="ProjectId:4100251/", name="Project A-{number} · Old", age=80_000, spread=1.0)
    if not searchable:
        destination.asana.fault(action="error", status=402, path="/tasks/search", times=100)
    rows = [row(), *(row(f"A-{n}", revisedBudgetAmount=100.0 + n) for n in range(1, 151))]
    destination.write(*rows, *BUDGETS, configured=BOTH)
    cards = {
        t["fields"]["Visma ID"]: t["fields"]["Visma budget"]
        for t in destination.asana.tasks()
        if "Project" in t["name"]
    }
    assert cards == {CARD: 1000.0, **{f"ProjectId:{COMPANY}/{n}": 100.0 + n for n in range(1, 151)}}
    destination.fresh_log()
    destination.write(*rows, *BUDGETS, configured=BOTH)
    assert destination.written == []
    assert len(destination.requests("GET")) <= (15 if searchable else 45)
