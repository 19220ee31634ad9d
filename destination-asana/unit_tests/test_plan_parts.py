"""Which parts of a task a document may change, and how differences read, part by part."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from destination_asana.documents.cost_centers import CostCenterSegments
from destination_asana.documents.document import Document
from destination_asana.documents.entries import entry_of
from destination_asana.documents.errors import RecordError
from destination_asana.documents.translation import translate
from destination_asana.planning.adoption import Claim, HandMade, Match
from destination_asana.planning.cards.project_budget import ProjectNumbers
from destination_asana.planning.changes import Change
from destination_asana.planning.descriptions.blocks import INVOICES_OF_ORDER, ROUTES, Block, with_blocks
from destination_asana.planning.descriptions.description import Description, version_in
from destination_asana.planning.plans import Wishes, plan
from destination_asana.planning.projects import block_of
from destination_asana.planning.routing.routes import Membership, Moves, Remembered
from destination_asana.planning.snapshot import Snapshot

NAME = "PO 000123 · Nordic Office AS"
TASK = Snapshot("9", "PurchaseOrderId:4100251/RegularOrder/000123", name="Old", due_on="2026-01-01")
PRESENT = {"Visma due date": "2026-01-01", "Visma status": "Open"}


@pytest.fixture
def document(make_order: Any) -> Document:
    return translate("purchase_orders", make_order())


def attributes(
    document: Document, task: Snapshot | None = TASK, status: str = "Open", assignee: str | None = None
) -> Any:
    wanted = {"Visma due date": document.due_date}
    return plan(document, wanted, task, {**PRESENT, "Visma status": status}, Wishes(assignee=assignee)).attributes


def test_name_and_due_date_of_a_task_follow_the_document(document: Document) -> None:
    assert attributes(document) == {"name": ("Old", NAME), "due_on": ("2026-01-01", "2026-02-03")}
    assert attributes(document, replace(TASK, name=NAME, due_on="2026-02-03")) == {}


@pytest.mark.parametrize(
    ("given", "names"),
    [({"name"}, {"name"}), ({"due_on"}, {"due_on"}), ({"lines"}, set()), ({"name", "due_on"}, {"name", "due_on"})],
)
def test_a_partial_record_changes_the_parts_it_carries(document: Document, given: set[str], names: set[str]) -> None:
    assert set(attributes(replace(document, given=frozenset(given)))) == names


def test_a_new_task_has_a_name_whatever_the_record_carries(document: Document) -> None:
    assert attributes(replace(document, given=frozenset({"lines"})), None) == {"name": (None, NAME)}


def test_a_due_date_before_the_start_date_is_written_while_it_is_news(document: Document) -> None:
    task = replace(TASK, name=NAME, start_on="2026-03-01")
    wanted = {"Visma due date": "2026-02-03"}
    assert plan(document, wanted, task, PRESENT, Wishes()).attributes == {"due_on": ("2026-01-01", "2026-02-03")}
    assert plan(document, wanted, task, {**PRESENT, **wanted}, Wishes()).attributes == {}


@pytest.mark.parametrize(
    ("start", "written"), [(None, True), ("2026-02-02", True), ("2026-02-03", False), ("2026-02-04", False)]
)
def test_a_due_date_that_is_no_news_is_written_if_it_is_after_the_start(
    document: Document, start: str | None, written: bool
) -> None:
    """Asana refuses a due date that is not after the start date."""
    task = replace(TASK, name=NAME, start_on=start)
    wanted = {"Visma due date": "2026-02-03"}
    change = plan(document, wanted, task, {**PRESENT, **wanted}, Wishes())
    assert change.attributes == ({"due_on": ("2026-01-01", "2026-02-03")} if written else {})


def test_completion_follows_changes_of_the_status(make_order: Any) -> None:
    closed = translate("purchase_orders", make_order(status="Closed"))
    right = replace(TASK, name=NAME, due_on="2026-02-03")
    assert attributes(closed, right) == {"completed": (False, True)}
    assert attributes(closed, None, status="")["completed"] == (False, True)
    assert attributes(closed, replace(right, completed=True)) == {}
    assert attributes(closed, replace(right, resource_subtype="approval")) == {}
    again = translate("purchase_orders", make_order())
    assert attributes(again, replace(right, completed=True), status="Closed") == {"completed": (True, False)}


def test_an_assignee_is_set_where_there_is_none(document: Document) -> None:
    right = replace(TASK, name=NAME, due_on="2026-02-03")
    assert attributes(document, right, assignee="5") == {"assignee": (None, "5")}
    assert attributes(document, replace(right, assignee="8"), assignee="5") == {}
    assert attributes(document, None, assignee="5")["assignee"] == (None, "5")


@pytest.mark.parametrize("present", [["100", "400"], ["100", "300"]])
def test_moves_read_the_same_before_and_after_they_are_made(present: list[str]) -> None:
    moves = Moves((Membership("300", "Inbox"),), ("400",))
    change = Change("ProjectId:1/2", "Project P2", replace(TASK, projects=present), moves=moves)
    assert change.differences() == {"projects": (("100", "400"), ("100", "300"))}
    assert not change.empty


def test_moves_of_a_new_task() -> None:
    change = Change("ProjectId:1/2", "Project P2", None, moves=Moves((Membership("300"),)))
    assert change.differences() == {"projects": ((), ("300",))}


def test_the_memory_of_moves_is_no_difference_of_its_own() -> None:
    blocks = (Block(ROUTES, ("300",)), Block(INVOICES_OF_ORDER, ("Invoice 1",)))
    moved = Change("ProjectId:1/2", "Project P2", TASK, blocks=blocks, moves=Moves((Membership("300"),)))
    assert set(moved.differences()) == {"projects", "Invoices of this order"}
    kept = replace(moved, moves=None)
    assert kept.differences() == {
        "Also in these projects by the sync": (None, "300"),
        "Invoices of this order": (None, "Invoice 1"),
    }


REMEMBERED = Remembered(frozenset({"300"}), frozenset({"300"}))
OTHERS = (Block(INVOICES_OF_ORDER, ("Invoice 1",)),)


@pytest.mark.parametrize(
    ("task", "moves", "row"),
    [
        # A new task joins in the create call.
        (None, Moves((Membership("300"),), remembered=REMEMBERED), "300"),
        (TASK, Moves((Membership("300"),), remembered=REMEMBERED), "300 (added later)"),
        (replace(TASK, blocks={ROUTES.header: ["300"]}, projects=["100"]), Moves(()), None),
        # It says so already, in these or in other words.
        (
            replace(TASK, blocks={ROUTES.header: ["300 (added later)"]}),
            Moves((Membership("300"),), remembered=REMEMBERED),
            "",
        ),
        (
            replace(TASK, blocks={ROUTES.header: ["300 (added later)"]}, projects=["100", "300"]),
            Moves((), remembered=REMEMBERED),
            "",
        ),
    ],
)
def test_a_change_with_moves_remembers_them(task: Snapshot | None, moves: Moves, row: str | None) -> None:
    before = Change("ProjectId:1/2", "Project P2", task, blocks=(Block(ROUTES, ("1",)), *OTHERS), lines="0123")
    memory = () if row == "" else (Block(ROUTES, () if row is None else (row,)),)
    assert before.with_moves(moves) == replace(before, moves=moves, blocks=(*OTHERS, *memory))


@pytest.mark.parametrize(
    ("parts", "action", "empty"),
    [
        ({"description": Description("", "0")}, "updated", False),
        ({"blocks": OTHERS}, "updated", False),
        ({"moves": Moves((Membership("300"),))}, "updated", False),
        ({"moves": Moves(())}, "unchanged", True),
        ({"match": Match(Claim("ProjectId:1/2", "2"), HandMade("9", "P2", ()))}, "adopted", True),
    ],
)
def test_each_part_of_a_change_is_something_to_write(parts: dict[str, Any], action: str, empty: bool) -> None:
    change = Change("ProjectId:1/2", "Project P2", TASK, **parts)
    assert (change.action, change.empty, change.idle) == (action, empty, empty)
    # The memory of lines is no difference for people, but has to be written.
    remembering = replace(change, lines="0123")
    assert (remembering.action, remembering.empty, remembering.idle) == (action, empty, False)


@pytest.mark.parametrize(
    ("notes", "version"),
    [
        ("From Visma.net\nx\nEnd of Visma text · 0123abcd · 2026-01-07T08:00:00.1", "2026-01-07T08:00:00.1"),
        ("From Visma.net\nx\nEnd of Visma text · 0123abcd", None),
        ("End of Visma text · 0123abcd · soon", None),
        ("From Visma.net\nx\nEnd of Visma text · 2026-01-07T08:00:00.1 · check 01234", "2026-01-07T08:00:00.1"),
        ("From Visma.net\nx\nEnd of Visma text · check 01234", None),
        ("", None),
        (None, None),
    ],
)
def test_the_version_a_description_states(notes: str | None, version: str | None) -> None:
    assert version_in(notes) == version


def test_numbers_of_projects_are_added_one_by_one() -> None:
    first = ProjectNumbers(*map(Decimal, (1, 2, 3, 4, 5)))
    second = ProjectNumbers(*map(Decimal, (10, 20, 30, 40, 50)))
    assert first + second == ProjectNumbers(*map(Decimal, (11, 22, 33, 44, 55)))


@pytest.mark.parametrize(
    ("values", "rows"),
    [
        ({"Visma amount": 250.5}, ["Amount: 250.50 NOK"]),
        ({"Visma amount": 0.125, "Visma balance": 7, "Visma currency": None}, ["Amount: 0.13", "Left to pay: 7.00"]),
        ({"Visma amount": None}, []),
    ],
)
def test_amounts_in_the_description_of_a_project(document: Document, values: dict[str, Any], rows: list[str]) -> None:
    described = replace(document, fields={**document.fields, **values})
    text = block_of(described, with_lines=False, register_url="https://app.asana.com/0/1/2").text
    assert [row for row in text.splitlines() if row.startswith(("Amount", "Left to pay"))] == rows


def test_a_block_takes_the_place_of_its_copies() -> None:
    old = "<strong>Invoices of this order</strong>\nInvoice 1\n<em>End of invoices</em>"
    block = Block(INVOICES_OF_ORDER, ("Invoice 2", "A & B"))
    new = "<strong>Invoices of this order</strong>\nInvoice 2\nA &amp; B\n<em>End of invoices</em>"
    assert with_blocks(f"<body>Mine\n{old}\nours\n{old}\nend</body>", [block]) == f"<body>Mine\n{new}\nours\nend</body>"
    assert with_blocks("<body>Mine \n</body>", [block]) == f"<body>Mine\n{new}</body>"
    assert with_blocks(f"<body>\n{old}</body>", [Block(INVOICES_OF_ORDER, ())]) == "<body></body>"


@pytest.mark.parametrize(
    ("stream", "record", "message"),
    [
        ("accounts", None, "record: is not an object"),
        ("accounts", {"company_id": "1"}, "accountCD: is missing, and without it the option has no code"),
        ("suppliers", {"company_id": "1", "number": " "}, "number: is missing, and without it the option has no code"),
    ],
)
def test_what_is_no_option(stream: str, record: Any, message: str) -> None:
    with pytest.raises(RecordError) as caught:
        entry_of(stream, record, CostCenterSegments(()))
    assert str(caught.value) == message


def test_an_entry_without_a_company_is_of_none() -> None:
    entry = entry_of("accounts", {"accountCD": "3000"}, CostCenterSegments(()))
    assert entry is not None
    assert (entry.company, entry.option.description) == ("", None)
