"""What was written of a document's lines and project, and what was left out with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from destination_asana.asana.errors import AsanaError
from destination_asana.board.fields.custom_fields import CustomFields
from destination_asana.board.named_projects import NamedProject
from destination_asana.board.portfolios import Portfolios
from destination_asana.board.project_index import ProjectIndex
from destination_asana.config import LineItems, Route, RouteKind
from destination_asana.documents.line_items import Delivery, LineItem
from destination_asana.documents.translation import translate
from destination_asana.planning.actions import Action
from destination_asana.planning.changes import LeftOut, Reason
from destination_asana.planning.lines.marks import Mark, Tick, marked_notes
from destination_asana.planning.lines.plan import plan_lines
from destination_asana.planning.projects import Project, ProjectChange, block_of
from destination_asana.planning.snapshot import Snapshot
from destination_asana.writing.lines.containers import Subtasks, item_of
from destination_asana.writing.lines.dry_run import DryRunLineWriter
from destination_asana.writing.lines.writer import LineWriter
from destination_asana.writing.outcome import Outcome, PartOutcome
from destination_asana.writing.projects.dry_run_writer import DryRunProjectWriter
from destination_asana.writing.projects.portfolio_numbers import PortfolioNumbers
from destination_asana.writing.projects.writer import ProjectWriter

VISMA_ID = "PurchaseOrderId:4100251/RegularOrder/000123"
MAY_4, MAY_11 = "2026-05-04", "2026-05-11"
START_DATE = "due_on: The start date must be before the due date"


@dataclass
class Asana:
    """Objects by path, as Asana shows them. `refusals` are the answers to the next writes."""

    objects: dict[str, dict[str, Any]] = field(default_factory=dict)
    lists: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    refusals: list[AsanaError] = field(default_factory=list)
    writes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def own_gid(self) -> str:
        return "me"

    def get(self, path: str, params: Any = None) -> dict[str, Any]:
        if path not in self.objects:
            raise AsanaError(404, f"task: Unknown object: {path.split('/')[2]}", "GET", path)
        return self.objects[path]

    def list(self, path: str, params: Any = None) -> list[dict[str, Any]]:
        return self.lists.get(path, [])

    def put(self, path: str, data: Mapping[str, Any], params: Any = None) -> dict[str, Any]:
        if self.refusals:
            raise self.refusals.pop(0)
        self.writes.append((path, dict(data)))
        return {"gid": path.split("/")[2], **data}

    def create(self, path: str, data: Mapping[str, Any], find: Any, params: Any = None) -> dict[str, Any]:
        self.writes.append((path, dict(data)))
        return {"gid": "new"}

    def act(self, path: str, data: Mapping[str, Any]) -> None:
        if self.refusals:
            raise self.refusals.pop(0)


@pytest.fixture
def asana():
    return Asana()


# --- lines -------------------------------------------------------------------------------------------------------------


def chair(number: int = 1, due_on: str | None = MAY_4, *, done: bool = False, name: str = "Oak chair") -> LineItem:
    return LineItem(number, name, None, name, None, (), Delivery(due_on, done, ""))


def subtask(number: int = 1, **people: Any) -> dict[str, Any]:
    """A subtask as the sync has made it; keyword arguments are what people did since."""
    notes = marked_notes(VISMA_ID, Mark(number, Tick.NONE, MAY_4))
    made = {"gid": f"s{number}", "name": f"{number}. Oak chair", "completed": False, "due_on": MAY_4, "notes": notes}
    return {**made, "created_by": {"gid": "me"}, **people}


def write(asana: Asana, line: LineItem, now: dict[str, Any] | None) -> PartOutcome:
    """Plans one line against the subtask as made, and writes it to the subtask as it is `now`."""
    if now is not None:
        asana.objects[f"/tasks/{now['gid']}"] = now
    existing = [item_of(subtask(), VISMA_ID)]
    return LineWriter().write(Subtasks(asana, "9", VISMA_ID), existing, plan_lines([line], existing))


def test_a_line_that_is_written_leaves_nothing_out(asana):
    outcome = write(asana, chair(due_on=MAY_11, done=True), subtask())
    assert outcome == PartOutcome({"line 1 completed": (False, True), "line 1 due date": (MAY_4, MAY_11)})


def test_a_tick_and_a_due_date_that_people_have_chosen_meanwhile_are_left_out(asana):
    ticked = subtask(resource_subtype="approval", due_on="2026-06-01")
    outcome = write(asana, chair(due_on=MAY_11, done=True), ticked)
    assert outcome.applied == {}
    assert outcome.left_out == (
        LeftOut("line 1 completed", True, Reason.CHOSEN_MEANWHILE),
        LeftOut("line 1 due date", MAY_11, Reason.CHOSEN_MEANWHILE),
    )


def test_what_people_have_meanwhile_done_themselves_is_not_left_out(asana):
    done = subtask(completed=True, due_on=MAY_11)
    assert write(asana, chair(due_on=MAY_11, done=True), done) == PartOutcome()


def test_a_due_date_that_asana_refuses_is_left_out_with_its_message(asana):
    asana.refusals = [AsanaError(400, START_DATE, "PUT", "/tasks/s1")]
    outcome = write(asana, chair(due_on=MAY_11, done=True), subtask())
    assert outcome.applied == {"line 1 completed": (False, True)}
    assert outcome.left_out == (LeftOut("line 1 due date", MAY_11, Reason.REFUSED, START_DATE),)


def test_a_subtask_that_a_person_has_deleted_is_left_out(asana):
    outcome = write(asana, chair(due_on=MAY_11), None)
    assert outcome == PartOutcome(left_out=(LeftOut("line 1 due date", MAY_11, Reason.DELETED),))


def test_a_dry_run_returns_what_would_be_written(asana):
    existing = [item_of(subtask(), VISMA_ID)]
    changes = plan_lines([chair(due_on=MAY_11), chair(2)], existing)
    outcome = DryRunLineWriter().write(Subtasks(asana, "9", VISMA_ID), existing, changes)
    assert outcome == PartOutcome({"line 1 due date": (MAY_4, MAY_11), "line 2": (None, "2. Oak chair")})
    assert asana.writes == []


def test_a_task_with_its_lines_is_updated_and_names_what_both_left_out():
    task = Outcome(Snapshot("7", VISMA_ID), Action.UNCHANGED, left_out=(LeftOut("section", "Closed", Reason.REFUSED),))
    nothing = PartOutcome(left_out=(LeftOut("line 1", "1. Oak chair", Reason.DELETED),))
    assert task.also(nothing).action is Action.UNCHANGED
    whole = task.also(PartOutcome({"line 2": (None, "2. Oak chair")}).also(nothing))
    assert (whole.action, whole.applied) == (Action.UPDATED, {"line 2": (None, "2. Oak chair")})
    assert [each.name for each in whole.left_out] == ["section", "line 1"]


# --- projects ----------------------------------------------------------------------------------------------------------


PORTFOLIO, FIELD = "77", "501"
AMOUNT = {"gid": FIELD, "name": "Visma amount", "resource_subtype": "number", "is_global_to_workspace": True}
VALUES = {"Visma amount": (None, 250.0)}


@pytest.fixture
def fields(asana):
    asana.lists["/projects/100/custom_field_settings"] = [{"gid": "1", "custom_field": AMOUNT}]
    fields = CustomFields.of(asana, "1", read_only=True)
    fields.catalog.expect("100", None)
    fields.catalog.prepare("100")
    return fields


@pytest.fixture
def document(make_order):
    return translate("purchase_orders", make_order())


@pytest.fixture
def writer(asana, fields):
    stream = "purchase_orders"
    route = Route(stream, RouteKind.PROJECT, stream, "100", LineItems.SUBTASKS, portfolio_gid=PORTFOLIO)
    return ProjectWriter(
        register_gid=route.project_gid,
        portfolio_gid=route.portfolio_gid,
        client=asana,
        index=ProjectIndex(asana, "1"),
        fields=fields,
        portfolios=Portfolios(asana),
    )


def test_a_project_whose_fields_are_written(asana, writer, document):
    outcome = writer.apply(document, Project("5"), ProjectChange({"name": "B"}, None, VALUES, {"name": ("A", "B")}))
    assert outcome == PartOutcome({"name": ("A", "B"), **VALUES})


def test_fields_that_the_plan_does_not_allow_are_left_out(asana, writer, document):
    message = "Portfolios are not available on this plan"
    asana.refusals = [AsanaError(402, message, "POST", f"/portfolios/{PORTFOLIO}/addCustomFieldSetting")]
    outcome = writer.apply(document, Project("5"), ProjectChange({"name": "B"}, None, VALUES, {"name": ("A", "B")}))
    assert outcome == PartOutcome({"name": ("A", "B")}, (LeftOut("Visma amount", 250.0, Reason.NO_FIELD),))


def test_fields_that_a_project_refuses_are_left_out_with_the_message(asana, writer, document):
    asana.lists[f"/portfolios/{PORTFOLIO}/custom_field_settings"] = [{"custom_field": {"gid": FIELD}}]
    asana.refusals = [AsanaError(403, "You may not edit this project", "PUT", "/projects/5")]
    outcome = writer.apply(document, Project("5"), ProjectChange({}, None, VALUES))
    left_out = LeftOut("Visma amount", 250.0, Reason.REFUSED, "You may not edit this project")
    assert outcome == PartOutcome(left_out=(left_out,))


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_description_whose_form_a_person_has_edited_is_left_out(asana, fields, writer, document, dry_run):
    block = block_of(document, with_lines=False, register_url="https://app.asana.com/0/1/2")
    asana.objects["/projects/5"] = {"html_notes": "<body>Ours now</body>", "notes": "Ours now"}
    executor = DryRunProjectWriter(asana, fields) if dry_run else writer
    outcome = executor.apply(document, Project("5"), ProjectChange({}, block))
    assert outcome == PartOutcome(left_out=(LeftOut("description", block.text, Reason.FORM_EDITED),))
    assert asana.writes == []


def test_numbers_that_an_asana_project_refuses_are_left_out(asana, fields):
    asana.lists[f"/portfolios/{PORTFOLIO}/custom_field_settings"] = [{"custom_field": {"gid": FIELD}}]
    asana.lists[f"/portfolios/{PORTFOLIO}/items"] = [{"gid": "5"}]
    numbers = PortfolioNumbers(asana, fields, Portfolios(asana), PORTFOLIO)
    project = NamedProject("5", "Quay", {})
    assert numbers.apply(project, VALUES) == PartOutcome(VALUES)
    asana.refusals = [AsanaError(403, "You may not edit this project", "PUT", "/projects/5")]
    left_out = LeftOut("Visma amount", 250.0, Reason.REFUSED, "You may not edit this project")
    assert numbers.apply(project, VALUES) == PartOutcome(left_out=(left_out,))
