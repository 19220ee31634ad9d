"""Cards in further Asana projects, and the sums of their numbers there: whatever people call the cards, in any order of the
streams, with kills and lost answers."""

import hashlib
from pathlib import Path

import pytest

from integration_tests import kill_points
from integration_tests.destination_messages import COMPANY, state, status
from integration_tests.destination_project_support import PORTFOLIO
from integration_tests.test_destination_cards import BOTH, BUDGETS, CARD, numbers, project, row
from integration_tests.test_destination_project_numbers import shown
from integration_tests.test_destination_routing import REGISTER, asana_project, by_project, homes

OTHER = f"ProjectId:{COMPANY}/3102"
# Of one Visma project, of two, and of none.
ONE, TWO, NONE = (1000.0, 400.0, 300.5, 250.0, 549.5), (1200.0, 800.0, 601.0, 500.0, 299.0), (None,) * 5


def settings(*routes, by_name=False):
    return {
        "project_routes": list(routes),
        "route_by_project_name": by_name,
        "projects_portfolio_gid": PORTFOLIO,
        "configured": BOTH,
    }


def called(destination, name, visma_id=CARD):
    destination.as_person("PUT", f"/tasks/{destination.task(visma_id)['gid']}", name=name)


def notes(destination, visma_id=CARD):
    return destination.asana.as_person(
        "GET", f"/tasks/{destination.task(visma_id)['gid']}", query={"opt_fields": "notes,html_notes"}
    )


# --- what people call a card -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("description", "pattern", "name"),
    [
        ("Website", "web*", "Project P1001 · Kari's page"),
        ("Bridge over the fjord", "*fjord", "Bridge"),
        (None, "P?001", "Project P1001 · Website"),
    ],
)
def test_a_card_that_a_person_has_renamed_counts_all_the_same(destination, description, pattern, name):
    gid, theirs = asana_project(destination, "Sites"), asana_project(destination, "Kari's own")
    routes = settings(
        by_project(pattern, gid),
        *(by_project(each, theirs) for each in ("*page", "bridge", *(["website"] if description is None else []))),
    )
    destination.write(project(description=description), row(), *BUDGETS, **routes)
    assert shown(destination, gid)[0] == ONE
    called(destination, name)
    destination.write(row(revisedBudgetAmount=1100.0), *BUDGETS, **routes)
    assert shown(destination, gid)[0] == (1100.0, 400.0, 300.5, 250.0, 649.5)
    assert shown(destination, theirs)[0] == NONE
    assert destination.task(CARD)["name"] == name


def test_lines_that_people_write_around_the_block_are_theirs(destination):
    gid = asana_project(destination, "Sites")
    routes = settings(by_project("web*", gid))
    destination.write(project(), row(), *BUDGETS, **routes)
    html = notes(destination)["html_notes"]
    mine = "<body>Project ID: see the contract\nProject description: ours\n"
    destination.as_person("PUT", f"/tasks/{destination.task(CARD)['gid']}", html_notes=html.replace("<body>", mine))
    destination.write(row(revisedBudgetAmount=1100.0), *BUDGETS, **routes)
    assert numbers(destination) == shown(destination, gid)[0] == (1100.0, 400.0, 300.5, 250.0, 649.5)


def test_a_card_of_an_earlier_version(destination):
    """Its description does not say the project's. Its name does, until its record comes."""
    gid = asana_project(destination, "Sites")
    routes = settings(by_project("web*", gid))
    destination.write(project(), **routes)
    assert "Project ID: P1001\nProject description: Website\n" in notes(destination)["notes"]
    text = (
        "Project ID: P1001\nProject manager: Kari Nordmann\nCustomer: Umeå Konferens (10007)\nStart date: 2026-01-05\n"
    )
    text += "Branch: Main office"
    digest = hashlib.sha256("".join(text.split()).encode()).hexdigest()[:8]
    html = f"<body><strong>From Visma.net</strong>\n{text}\n<em>End of Visma text · {digest} · 2026-01-07T08:00:00</em></body>"
    destination.as_person("PUT", f"/tasks/{destination.task(CARD)['gid']}", html_notes=html)
    destination.write(row(), *BUDGETS, **routes)
    assert shown(destination, gid)[0] == ONE
    destination.write(project(), **routes)
    assert "Project ID: P1001\nProject description: Website\n" in notes(destination)["notes"]
    called(destination, "Project P1001 · Kari's")
    destination.write(row(revisedBudgetAmount=1100.0), *BUDGETS, **routes)
    assert shown(destination, gid)[0][0] == 1100.0


# --- where cards and sums go -----------------------------------------------------------------------------------------


BUDGET_ROWS = [row(), row("P1002", revisedBudgetAmount=200.0)]
CARDS = [project(), project(3102, "P1002", description="Web shop")]


@pytest.mark.parametrize("how", ["code", "description", "name"])
@pytest.mark.parametrize("order", ["cards first", "budgets first", "between"])
def test_cards_of_two_projects_on_one_asana_project(destination, how, order):
    gid = asana_project(destination, "P1001 Sites")
    other = asana_project(destination, "P1002 Sites")
    routes = {
        "code": settings(by_project("P1001", gid), by_project("P1002", gid)),
        "description": settings(by_project("web*", gid)),
        "name": settings(by_project("P1002", gid), by_name=True),
    }[how]
    whole = [*BUDGET_ROWS, *BUDGETS]
    cards = [*CARDS, status("projects"), state("projects", 1)]
    messages = {
        "cards first": [*cards, *whole],
        "budgets first": [*whole, *cards],
        "between": [CARDS[0], *whole, CARDS[1], status("projects"), state("projects", 1)],
    }[order]
    run = destination.write(*messages, **routes)
    assert sorted(run.state_ids) == [1, 2]
    assert shown(destination, gid)[0] == TWO
    assert set(homes(destination, CARD)) == {REGISTER, gid}
    by_name = how == "name"
    assert set(homes(destination, OTHER)) == {REGISTER, gid, *([other] if by_name else [])}
    assert shown(destination, other)[0] == ((200.0, 400.0, 300.5, 250.0, -250.5) if by_name else NONE)
    destination.fresh_log()
    destination.write(*messages, **routes)
    assert destination.written == []


def test_a_card_whose_project_gets_another_id_moves_its_numbers(destination):
    """Even where the budgets come before the project's record."""
    one, two = asana_project(destination, "P1001"), asana_project(destination, "P2001")
    routes = settings(by_name=True)
    destination.write(*CARDS, *BUDGET_ROWS, *BUDGETS, **routes)
    assert (shown(destination, one)[0], shown(destination, two)[0]) == (ONE, NONE)
    moved = [row("P2001", revisedBudgetAmount=7.0), *BUDGET_ROWS, *BUDGETS, project(number="P2001")]
    destination.write(*moved, **routes)
    assert set(homes(destination, CARD)) == {REGISTER, two}
    assert numbers(destination)[0] == shown(destination, two)[0][0] == 7.0
    # No Visma project belongs to it any more.
    assert shown(destination, one)[0] == NONE
    destination.fresh_log()
    destination.write(*moved, **routes)
    assert destination.written == []


def test_an_asana_project_that_a_card_leaves_keeps_the_numbers_of_the_others(destination):
    sites, other = asana_project(destination, "Sites"), asana_project(destination, "Other")
    both = settings(by_project("P1001", sites), by_project("P1002", sites))
    destination.write(*CARDS, *BUDGET_ROWS, *BUDGETS, **both)
    assert shown(destination, sites)[0] == TWO
    moved = settings(by_project("P1001", sites), by_project("P1002", other))
    destination.write(*CARDS, *BUDGET_ROWS, *BUDGETS, **moved)
    assert (shown(destination, sites)[0], shown(destination, other)[0][0]) == (ONE, 200.0)
    run = destination.write(*CARDS, *BUDGET_ROWS, *BUDGETS, **settings(by_project("P1002", other)), dry_run=True)
    assert shown(destination, sites)[0] == ONE
    assert run.states == []
    destination.write(*CARDS, *BUDGET_ROWS, *BUDGETS, **settings(by_project("P1002", other)))
    assert (shown(destination, sites)[0], shown(destination, other)[0][0]) == (NONE, 200.0)


# --- two companies, kills and lost answers ---------------------------------------------------------------------------


SAME = "ProjectId:77/3101"


def of_both(budget):
    """Two companies whose projects have the same ids, numbers and names."""
    rows = [row(revisedBudgetAmount=budget), row(company_id="77", revisedBudgetAmount=2 * budget)]
    return [
        project(),
        project(company_id="77", description="Yard"),
        *rows,
        *BUDGETS,
        status("projects"),
        state("projects", 1),
    ]


def test_two_companies_with_the_same_project_ids(destination):
    """By name they share the Asana project; a pattern on a description tells them apart."""
    shared, yard = asana_project(destination, "P1001"), asana_project(destination, "Yard")
    routes = settings(by_project("yard*", yard), by_name=True)
    destination.write(*of_both(100.0), **routes)
    assert set(homes(destination, CARD)) == {REGISTER, shared}
    assert set(homes(destination, SAME)) == {REGISTER, shared, yard}
    assert (numbers(destination)[0], numbers(destination, SAME)[0]) == (100.0, 200.0)
    assert (shown(destination, shared)[0], shown(destination, yard)[0]) == (
        (300.0, 800.0, 601.0, 500.0, -601.0),
        (200.0, 400.0, 300.5, 250.0, -250.5),
    )
    # The other company's card keeps what it says, whatever people call it and whichever company comes.
    called(destination, "Project P1001 · Website", SAME)
    destination.write(row(revisedBudgetAmount=101.0), *BUDGETS, **routes)
    assert (shown(destination, shared)[0][0], shown(destination, yard)[0][0]) == (301.0, 200.0)
    destination.fresh_log()
    destination.write(project(), row(revisedBudgetAmount=101.0), *BUDGETS, **routes)
    assert destination.written == []


@pytest.mark.parametrize("by_name", [False, True])
def test_killed_at_every_fourth_request(destination, by_name):
    """No state of the budgets leaves before cards and sums are right; afterwards all is as without kills."""
    shared, yard = asana_project(destination, "P1001"), asana_project(destination, "Yard")
    table = [by_project("yard", yard)] if by_name else [by_project("P1001", shared), by_project("yard", yard)]
    routes = settings(*table, by_name=by_name)
    destination.asana.settings(write_latency=0.01)

    def budgets():
        of_cards = [numbers(destination, each)[0] for each in (CARD, SAME)]
        return *of_cards, shown(destination, shared)[0][0], shown(destination, yard)[0][0]

    for version, requests in enumerate(kill_points.some(range(4, 64, 4), 6), 1):
        process = destination.killed(*of_both(10.0 * version), requests=requests, **routes)
        if '"id": 2' in Path(f"{process.stem}.out").read_text():
            assert budgets() == (10.0 * version, 20.0 * version, 30.0 * version, 20.0 * version)
    destination.write(*of_both(100.0), **routes)
    assert budgets() == (100.0, 200.0, 300.0, 200.0)
    assert set(homes(destination, CARD)) == {REGISTER, shared}
    assert set(homes(destination, SAME)) == {REGISTER, shared, yard}
    destination.fresh_log()
    destination.write(*of_both(100.0), **routes)
    assert destination.written == []


@pytest.mark.parametrize("action", ["lost_answer", "timeout", "cut"])
def test_answers_that_are_lost(destination, action):
    """The first answer to each kind of write."""
    shared, yard = asana_project(destination, "P1001"), asana_project(destination, "Yard")
    routes = settings(by_project("yard", yard), by_name=True)
    for method, path in (
        ("POST", r"^/tasks\?"),
        ("PUT", r"^/tasks/\d+"),
        ("POST", "/addItem"),
        ("POST", "/addCustomFieldSetting"),
        ("PUT", r"^/projects/\d+"),
    ):
        destination.asana.fault(action=action, method=method, path=path, times=1)
    run = destination.write(*of_both(100.0), **routes)
    assert sorted(run.state_ids) == [1, 2]
    assert (shown(destination, shared)[0][0], shown(destination, yard)[0][0]) == (300.0, 200.0)
    assert set(homes(destination, SAME)) == {REGISTER, shared, yard}
    destination.fresh_log()
    destination.write(*of_both(100.0), **routes)
    assert destination.written == []
