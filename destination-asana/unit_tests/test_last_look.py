"""The last look before a write: what people decided since the change was planned stays theirs."""

from dataclasses import replace
from typing import Any

import pytest
from destination_asana.planning.actions import Action
from destination_asana.planning.changes import Change, LeftOut, Reason
from destination_asana.planning.descriptions.blocks import INVOICES_OF_ORDER, ROUTES, Block
from destination_asana.planning.descriptions.description import Description
from destination_asana.planning.last_look import adjusted_to_present
from destination_asana.planning.routing import Membership, Moves, Remembered
from destination_asana.planning.snapshot import Snapshot

VISMA_ID = "PurchaseOrderId:1/RegularOrder/7"
SEEN = Snapshot("9", VISMA_ID, name="PO 7", due_on="2026-02-03", section="Open", digest="aaaaaaaa")
TEXT = Description("<b/>", "bbbbbbbb", "Supplier: B", "2026-01-07T08:00:00")


def change(**parts: Any) -> Change:
    return Change(VISMA_ID, "PO 7", SEEN, **parts)


def test_a_task_that_does_not_exist_yet_is_nobodys() -> None:
    planned = Change(VISMA_ID, "PO 7", None, attributes={"assignee": (None, "5")})
    assert adjusted_to_present(planned, replace(SEEN, assignee="8"), {}) is planned


def test_without_news_the_change_is_as_it_was() -> None:
    planned = change(
        attributes={"name": ("PO 7", "PO 7 · B"), "assignee": (None, "5")},
        fields={"Visma amount": (1.0, 2.0)},
        description=TEXT,
        section="Closed",
        section_before="Open",
        blocks=(Block(INVOICES_OF_ORDER, ("Invoice 1",)),),
    )
    assert adjusted_to_present(planned, SEEN, {"Visma amount": 1.0}) == planned


def test_what_is_already_right_is_not_written_again() -> None:
    now = replace(SEEN, name="PO 7 · B", blocks={INVOICES_OF_ORDER.header: ["Invoice 1"]})
    planned = change(
        attributes={"name": ("PO 7", "PO 7 · B")},
        fields={"Visma amount": (1.0, 2.0), "Visma status": ("Open", "Closed")},
        blocks=(Block(INVOICES_OF_ORDER, ("Invoice 1",)),),
    )
    fitting = adjusted_to_present(planned, now, {"Visma amount": 2, "Visma status": "Hold"})
    assert (fitting.attributes, fitting.blocks, fitting.current) == ({}, (), now)
    assert fitting.fields == {"Visma status": ("Hold", "Closed")}


@pytest.mark.parametrize(
    ("name", "values", "now", "stays"),
    [
        ("assignee", (None, "5"), {"assignee": "8"}, True),
        ("assignee", (None, "5"), {}, False),
        ("completed", (False, True), {"resource_subtype": "approval"}, True),
        ("completed", (False, True), {"resource_subtype": "milestone"}, False),
        ("due_on", ("2026-02-03", None), {"due_on": "2026-05-05"}, True),
        ("due_on", ("2026-02-03", None), {}, False),
        ("due_on", ("2026-02-03", "2026-03-01"), {"due_on": "2026-05-05"}, False),
        ("name", ("PO 7", "PO 7 · B"), {"name": "Mine"}, False),
    ],
)
def test_what_a_person_chose_meanwhile(name: str, values: tuple[Any, Any], now: dict[str, Any], stays: bool) -> None:
    fitting = adjusted_to_present(change(attributes={name: values}), replace(SEEN, **now), {})
    left = (LeftOut(name, values[1], Reason.CHOSEN_MEANWHILE),) if stays else ()
    assert fitting.left_out == left
    assert (name in fitting.attributes) is not stays


@pytest.mark.parametrize(("before", "now", "stays"), [(False, True, True), (True, True, False), (True, False, False)])
def test_who_takes_a_task_out_of_the_register_takes_it_over(before: bool, now: bool, stays: bool) -> None:
    planned = replace(change(attributes={"assignee": (None, "5")}), current=replace(SEEN, elsewhere=before))
    fitting = adjusted_to_present(planned, replace(SEEN, elsewhere=now), {})
    assert fitting.attributes == ({} if stays else {"assignee": (None, "5")})


def test_moves_that_people_made_meanwhile_are_theirs() -> None:
    both = frozenset({"1", "2"})
    moves = Moves((Membership("1", "Inbox"), Membership("2")), ("3",), remembered=Remembered(both, both))
    now = replace(SEEN, projects=["9", "2"])
    fitting = adjusted_to_present(change(moves=moves, blocks=(Block(ROUTES, ("1, 2, 3 (removed)",)),)), now, {})
    assert fitting == Change(
        VISMA_ID,
        "PO 7",
        now,
        moves=Moves((Membership("1", "Inbox"),), remembered=Remembered(both, frozenset({"1"}))),
        blocks=(Block(ROUTES, ("1 (added later), 2 (was there)",)),),
    )


def test_an_edited_text_stays() -> None:
    fitting = adjusted_to_present(change(description=TEXT), replace(SEEN, digest=None), {})
    assert fitting.description is None
    assert fitting.left_out == (LeftOut("description", "Supplier: B", Reason.TEXT_EDITED),)
    assert adjusted_to_present(change(description=TEXT), SEEN, {}).description == TEXT


def test_a_section_a_person_chose_stays() -> None:
    fitting = adjusted_to_present(change(section="Closed"), replace(SEEN, section="Mine"), {})
    assert fitting.section is None
    assert fitting.left_out == (LeftOut("section", "Closed", Reason.CHOSEN_MEANWHILE),)


def test_what_is_left_out_says_why() -> None:
    assert str(LeftOut("assignee", "5", Reason.REFUSED, "Not a member")) == "Asana refuses it: “Not a member”"
    assert str(LeftOut("assignee", "5", Reason.UNASSIGNED)) == "a person has unassigned the task"


def test_parts_are_taken_out_of_a_change_one_by_one() -> None:
    whole = change(attributes={"due_on": (None, "2026-02-03"), "name": ("a", "b")}, description=TEXT, section="Closed")
    less = whole.without("due_on", Reason.REFUSED, "start date")
    assert less.attributes == {"name": ("a", "b")}
    assert (less.description, less.section) == (TEXT, "Closed")
    nothing = less.without("description", Reason.TEXT_EDITED).without("section", Reason.CHOSEN_MEANWHILE)
    assert nothing.left_out == (
        LeftOut("due_on", "2026-02-03", Reason.REFUSED, "start date"),
        LeftOut("description", "Supplier: B", Reason.TEXT_EDITED, ""),
        LeftOut("section", "Closed", Reason.CHOSEN_MEANWHILE, ""),
    )
    assert (nothing.description, nothing.section, whole.left_out) == (None, None, ())
    assert change().without("description", Reason.TEXT_EDITED).left_out[0].value is None


def test_differences_by_the_names_people_know() -> None:
    shown = replace(SEEN, blocks={INVOICES_OF_ORDER.header: ["Invoice 1", "Invoice 2"]})
    whole = replace(
        change(
            attributes={"name": ("PO 7", "PO 7 · B")},
            fields={"Visma amount": (1.0, 2.0)},
            description=TEXT,
            section="Closed",
            section_before="Open",
            blocks=(Block(INVOICES_OF_ORDER, ("Invoice 3", "Invoice 4")),),
        ),
        current=shown,
    )
    assert whole.differences("Supplier: A") == {
        "name": ("PO 7", "PO 7 · B"),
        "Visma amount": (1.0, 2.0),
        "description": ("Supplier: A", "Supplier: B"),
        "section": ("Open", "Closed"),
        "Invoices of this order": ("Invoice 1\nInvoice 2", "Invoice 3\nInvoice 4"),
    }
    assert "description" not in whole.differences(" Supplier:\nB ")
    assert whole.differences()["description"] == (None, "Supplier: B")
    assert "description" not in replace(whole, current=None).differences("Supplier: A")
    assert change(description=replace(TEXT, text="")).differences() == {}, "only the version differs"
    gone = change(blocks=(Block(INVOICES_OF_ORDER, ()),))
    assert gone.differences() == {"Invoices of this order": (None, None)}


@pytest.mark.parametrize(
    ("parts", "action"),
    [
        ({}, Action.UNCHANGED),
        ({"section": "Closed"}, Action.UPDATED),
        ({"fields": {"Visma amount": (1.0, 2.0)}}, Action.UPDATED),
        ({"attributes": {"completed": (False, True)}}, Action.COMPLETED),
        ({"attributes": {"completed": (True, False)}}, Action.REOPENED),
    ],
)
def test_what_a_change_amounts_to(parts: dict[str, Any], action: Action) -> None:
    assert change(**parts).action is action
    assert change(**parts).empty is (action is Action.UNCHANGED)
    assert Change(VISMA_ID, "PO 7", None, **parts).action is Action.CREATED
    assert not Change(VISMA_ID, "PO 7", None, **parts).empty
