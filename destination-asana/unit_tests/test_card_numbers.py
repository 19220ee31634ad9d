"""The numbers of projects: kept whole or not at all, each on its own card, and added up where projects share a place."""

import logging
import threading
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from destination_asana.planning.cards.project_budget import NO_NUMBERS, ProjectNumbers
from destination_asana.planning.routing.routes import ProjectRoute
from destination_asana.planning.snapshot import Snapshot
from destination_asana.sync.cards import CardNumbers, CardWriter, KnownCards, NumberWriter, ProjectTotals, Shared
from destination_asana.sync.cards.budgets import Budgets
from destination_asana.sync.cards.card_projects import CardProjects, Project
from destination_asana.sync.pool import KeyedPool
from destination_asana.sync.work import Work
from destination_asana.writing.outcome import Outcome
from destination_asana.writing.tasks.mending import VanishedError

NUMBERS = ProjectNumbers(*map(Decimal, ("1000", "400", "300", "250", "550")))
FIELDS = {
    "Visma budget": 1000.0,
    "Visma committed": 400.0,
    "Visma actual": 300.0,
    "Visma invoiced": 250.0,
    "Visma remaining": 550.0,
}


def card(number: int, project: str | None = "P1", **more: Any) -> Snapshot:
    visma_id = f"ProjectId:41/{number}"
    return Snapshot(visma_id, visma_id, **{"name": f"Project P{number} · Website", "project_id": project, **more})


class Board:
    """The cards of a register project, in memory, with what is done to them."""

    def __init__(self, *cards: Snapshot) -> None:
        self.cards = {each.visma_id: each for each in cards}
        self.counts: list[str] = []
        self.vanished = False
        self.is_open = False
        self.index = SimpleNamespace(of_kind=self.of_kind, drop=self.cards.pop)
        self.tasks = SimpleNamespace(apply=self.apply)
        values = SimpleNamespace(present=lambda values: values, wanted=lambda wanted, company, values: wanted)
        self.fields = SimpleNamespace(values=values)

    def open(self, count: int) -> None:
        self.is_open = True

    def of_kind(self, prefix: str) -> list[Snapshot]:
        return [each for each in self.cards.values() if each.visma_id.casefold().startswith(prefix.casefold())]

    def apply(self, change: Any) -> Outcome:
        if self.vanished:
            raise VanishedError("task", "is gone")
        before = self.cards[change.visma_id]
        values = {**before.values, **{name: after for name, (_, after) in change.fields.items()}}
        self.cards[change.visma_id] = replace(before, values=values)
        return Outcome.of(change, self.cards[change.visma_id])

    def changed(self, visma_id: str, outcome: Outcome, *, new: bool) -> None:
        self.counts.append("new" if new else "again")

    def count(self, visma_id: str, action: str) -> None:
        self.counts.append(str(action))

    def unchanged(self, visma_id: str, gid: str) -> None:
        self.counts.append("unchanged")


class Totals:
    def __init__(self) -> None:
        self.written: list[Any] = []

    def write(self, numbered: Any, left: Any) -> None:
        self.written = sorted(numbered)


def write(board: Board, budgets: Budgets, projects: CardProjects | None = None) -> Totals:
    totals = Totals()
    projects = projects or CardProjects()
    cards = KnownCards(board.index, board.fields, Shared(budgets, projects))  # type: ignore[arg-type]
    NumberWriter(
        CardNumbers(cards, board.fields, budgets),  # type: ignore[arg-type]
        CardWriter(board.tasks, cards, board),  # type: ignore[arg-type]
        totals,
        projects=projects,
        register=board,  # type: ignore[arg-type]
        work=Work(KeyedPool(2), threading.Event()),
        show_progress=lambda: None,
    ).write()
    return totals


@pytest.fixture
def budgets() -> Budgets:
    found = Budgets()
    found.know({("41", "p1"): NUMBERS}, {("41", "p3")})
    return found


def test_numbers_are_not_known_before_all_rows_came() -> None:
    assert Budgets().of("41", "P1") is None


@pytest.mark.parametrize(
    ("company", "project", "numbers"),
    [("41", " p1 ", NUMBERS), ("41", "P2", NO_NUMBERS), ("41", "P3", None), ("42", "P1", None)],
)
def test_the_numbers_of_a_project(budgets: Budgets, company: str, project: str, numbers: ProjectNumbers | None) -> None:
    assert budgets.of(company, project) == numbers


@pytest.mark.parametrize(
    ("task", "project"),
    [
        (card(7, "P2"), ("P2", "Website")),
        # Its description says both; its name says what a person has written.
        (card(7, "P2", project_description="Yard", name="Project P2 · Kari's"), ("P2", "Yard")),
        (card(7, "P2", project_description="", name="Project P2 · Kari's"), ("P2", "")),
        # Its name says it, and there are rows of it.
        (card(1, None), ("P1", "Website")),
        (card(7, None), None),
    ],
)
def test_the_project_of_a_card(budgets: Budgets, task: Snapshot, project: tuple[str, str] | None) -> None:
    written = write(Board(task), budgets).written
    assert [each[:2] for each in written] == ([] if project is None else [project])


def test_the_record_of_this_sync_says_which_project_a_card_is(budgets: Budgets) -> None:
    projects = CardProjects()
    projects.learn("projectid:41/7", Project("P1", "Garden"))
    totals = write(Board(card(7, "P2", project_description="Yard")), budgets, projects)
    assert totals.written == [("P1", "Garden", NUMBERS)]


def test_a_card_gets_its_numbers_once(budgets: Budgets) -> None:
    board = Board(card(1))
    totals = write(board, budgets)
    assert board.cards["ProjectId:41/1"].values == FIELDS
    assert board.counts == ["new", "updated"]
    assert totals.written == [("P1", "Website", NUMBERS)]
    write(board, budgets)
    assert board.counts == ["new", "updated", "unchanged"]


def test_a_project_of_unknown_numbers_is_left_alone(budgets: Budgets) -> None:
    board = Board(card(3, "P3", values={"Visma budget": 5.0}))
    totals = write(board, budgets)
    assert board.cards["ProjectId:41/3"].values == {"Visma budget": 5.0}
    assert totals.written == [("P3", "Website", None)]


def test_the_numbers_of_a_company_without_budgets_are_those_on_its_cards(budgets: Budgets) -> None:
    other = Snapshot("9", "ProjectId:42/1", name="Project Q1 · Yard", project_id="Q1", values=FIELDS)
    assert write(Board(other), budgets).written == [("Q1", "Yard", NUMBERS)]


def test_a_card_a_person_took_out_comes_back_for_no_empty_budget(budgets: Budgets) -> None:
    board = Board(card(2, "P2", elsewhere=True))
    write(board, budgets)
    assert board.cards["ProjectId:41/2"].values == {}


def test_a_budget_is_the_live_projects(budgets: Budgets) -> None:
    """A new project has the id of one that is gone."""
    gone = card(8, "P1", values={**FIELDS, "Visma status": "Gone from Visma"})
    board = Board(gone, card(1))
    totals = write(board, budgets)
    assert board.cards["ProjectId:41/8"].values["Visma budget"] == 0.0
    assert board.cards["ProjectId:41/1"].values == FIELDS
    assert totals.written == [("P1", "Website", NUMBERS)]


def test_a_project_that_is_gone_keeps_its_numbers(budgets: Budgets) -> None:
    board = Board(card(8, "P1", values={"Visma status": "Gone from Visma"}))
    assert write(board, budgets).written == []
    assert board.cards["ProjectId:41/8"].values["Visma budget"] == 1000.0


def test_a_card_that_somebody_deleted_is_forgotten(budgets: Budgets) -> None:
    board = Board(card(1))
    board.vanished = True
    write(board, budgets)
    assert board.cards == {}


def test_a_card_that_says_no_project_is_named_once(budgets: Budgets, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "airbyte"):
        write(Board(card(7, None, name="Our website")), budgets)
    (words,) = caplog.messages
    assert words.startswith("ProjectId:41/7: the card “Our website” does not say any more which project it is")


@pytest.mark.parametrize(
    ("numbered", "written"),
    [
        (
            [("P1", "", NUMBERS), ("P2", "", NUMBERS)],
            {"Visma budget": (None, 2000.0), "Visma remaining": (None, 1100.0)},
        ),
        ([("P1", "", NUMBERS), ("P2", "", None)], None),
        ([("P9", "", NUMBERS)], None),
    ],
)
def test_projects_that_share_a_place_are_added(numbered: Any, written: dict[str, Any] | None) -> None:
    shared = SimpleNamespace(gid="100", name="Sites", values={"Visma actual": 600})
    projects = SimpleNamespace(by_gid=lambda: {"100": shared})
    fields = SimpleNamespace(values=SimpleNamespace(wanted=lambda wanted, company, values: wanted))
    applied: list[Any] = []
    portfolio = SimpleNamespace(apply=lambda project, differing: applied.append((project.gid, differing)))
    routes = [ProjectRoute("project", each, "100") for each in ("P1", "P2")]
    ProjectTotals(projects, fields, portfolio, routes, by_name=False, usable=lambda _: True).write(numbered, ())  # type: ignore[arg-type]
    if written is None:
        assert applied == []
    else:
        ((gid, differing),) = applied
        assert gid == "100"
        assert {name: differing[name] for name in written} == written
        assert "Visma actual" not in differing, "it is right already"
