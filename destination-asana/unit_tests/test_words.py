"""Changes in words: the comment on a task, and the plan on the log."""

import pytest
from destination_asana.planning.words import comment_text, plan_text


def test_a_comment_on_hundreds_of_lines_stays_readable():
    text = comment_text({f"line {number}": (None, f"{number}. {'Paper ' * 100}") for number in range(1, 301)})
    assert len(text) < 10_100
    assert text.startswith("Changed in Visma.net\nLine 1: (empty) → 1. Paper")
    listed = text.count("\nLine ")
    assert text.endswith(f"\n… and {300 - listed} more")


@pytest.mark.parametrize(
    ("length", "text"),
    [
        # `Visma supplier: (empty) → ` has 26 characters, and each row one more for its end: 4,000 and 6,000 are 10,000.
        (3_973, "Visma supplier: (empty) → {}\nVisma currency: (empty) → {}"),
        (3_974, "Visma supplier: (empty) → {}\n… and 1 more"),
        (9_974, "… and 2 more"),
    ],
)
def test_a_comment_ends_at_ten_thousand_characters(length, text):
    whole = comment_text({"Visma supplier": (None, "x" * length), "Visma currency": (None, "y" * 5_973)})
    assert whole == "Changed in Visma.net\n" + text.format("x" * length, "y" * 5_973)


def test_a_plan_is_told_in_words_not_in_code():
    changes = {
        "due_on": (None, "2026-03-01"),
        "completed": (False, True),
        "Visma amount": (8, 0.0),
        "Visma GL accounts": ((), ("4000 Wood", "6800 Office")),
        "description": ("Supplier: A (1)\nNote: x", "Supplier: A (1)\nNote: y"),
    }
    assert plan_text(changes) == (
        "due date: (empty) → 2026-03-01; completed: no → yes; Visma amount: 8.00 → 0.00; "
        "Visma GL accounts: (empty) → 4000 Wood, 6800 Office; description: Note: x → Note: y"
    )
    assert plan_text(changes, new=True).startswith("due date: 2026-03-01; completed: yes; Visma amount: 0.00; ")


def test_a_plan_keeps_the_check_numbers_of_a_block_to_itself():
    block = "Total: committed 250.00 NOK, invoiced {} · check {}"
    changes = {
        "Invoices of this order": (block.format("0.00", "66074 08425"), block.format("5.00", "61312 14380")),
        "Projects of this task": ("1 · check 11111", "1 · check 22222"),
    }
    assert plan_text(changes) == (
        "Invoices of this order: Total: committed 250.00 NOK, invoiced 0.00 → Total: committed 250.00 NOK, invoiced 5.00; "
        "Projects of this task: written anew"
    )
    assert "check" not in plan_text(changes, new=True)


def test_a_comment_tells_of_the_note_beside_the_fields_and_nothing_twice():
    changes = {
        "Visma supplier": ("A", "B"),
        "Visma line items": ("1 × Paper", "1 × Toner"),
        "description": ("Supplier: A (1)\nNote: x\n1. Paper", "Supplier: B (1)\nNote: y\n1. Toner"),
    }
    assert comment_text(changes) == (
        "Changed in Visma.net\nVisma supplier: A → B\nNote: x; 1. Paper → Note: y; 1. Toner"
    )


def test_a_comment_says_nothing_of_what_people_own_or_the_sync_keeps_for_itself():
    changes = {
        "name": ("PO 1 · A", "PO 1 · B"),
        "Visma amount": (8, 1234.5),
        "Visma GL accounts": (("4000 Wood",), ()),
        "Visma projects": ((), ("P1 Yard", "P2 Shop")),
        "section": ("Open", "Closed"),
        "assignee": (None, "5"),
        "completed": (False, True),
        "due_on": ("2026-03-01", "2026-03-31"),
        "projects": (("1",), ("1", "2")),
        "Purchase orders of this invoice": (None, "500001: 1.00"),
        "Invoices of this order": (None, "Invoice 1: 1.00 NOK"),
        "Also in these projects by the sync": (None, "300"),
        "Heartbeat of the Visma sync": (None, "Last good sync: now"),
    }
    assert comment_text(changes) == (
        "Changed in Visma.net\n"
        "Name: PO 1 · A → PO 1 · B\n"
        "Visma amount: 8.00 → 1234.50\n"
        "Visma GL accounts: 4000 Wood → (empty)\n"
        "Visma projects: (empty) → P1 Yard, P2 Shop"
    )
    assert comment_text(dict(list(changes.items())[4:])) == ""


def test_a_comment_calls_a_field_as_people_do():
    assert comment_text({"Visma amount": (1.0, 2.0)}, {"Visma amount": "betrag"}.__getitem__) == (
        "Changed in Visma.net\nBetrag: 1.00 → 2.00"
    )


@pytest.mark.parametrize("name", ["Visma supplier", "Visma customer"])
def test_the_row_of_a_party_that_has_a_field_is_not_told_twice(name):
    described = {"description": ("Supplier: A (1)\nCustomer: A (1)", "Supplier: B (1)\nCustomer: B (1)")}
    assert comment_text({name: ("A", "B"), **described}) == f"Changed in Visma.net\n{name}: A → B"
    assert comment_text(described) == (
        "Changed in Visma.net\nSupplier: A (1); Customer: A (1) → Supplier: B (1); Customer: B (1)"
    )


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        # Without the lines themselves the field tells of them.
        ({"Visma line items": ("Paper", "Toner")}, "Visma line items: Paper → Toner"),
        (
            {"Visma line items": ("Paper", "Toner"), "line 1": ("1. Paper", "1. Toner")},
            "Line 1: 1. Paper → 1. Toner",
        ),
        ({"Visma line items": ("Paper", None), "description": ("-1. Paper", "")}, "-1. Paper → (empty)"),
        (
            {"Visma line items": ("Paper", "Toner"), "description": ("Note: 1. Paper", "Note: 1. Toner")},
            "Visma line items: Paper → Toner\nNote: 1. Paper → Note: 1. Toner",
        ),
        ({"description": (None, "Note: x")}, "(empty) → Note: x"),
        # Only the version differs.
        ({"description": ("Note: x", "Note: x")}, ""),
        ({}, ""),
    ],
)
def test_lines_and_notes_in_a_comment(changes, text):
    assert comment_text(changes) == (f"Changed in Visma.net\n{text}" if text else "")


@pytest.mark.parametrize(
    ("changes", "old", "new"),
    [
        (
            {"description": (None, "Supplier: A\nNote: x")},
            "description: (empty) → Supplier: A; Note: x",
            "description: Supplier: A; Note: x",
        ),
        (
            {"name": (None, "PO 1"), "due_on": (None, "2026-03-01"), "Visma customer": (None, "")},
            "name: (empty) → PO 1; due date: (empty) → 2026-03-01; Visma customer: (empty) → (empty)",
            "name: PO 1; due date: 2026-03-01; Visma customer: (empty)",
        ),
        ({"Invoices of this order": (None, "Total: 1 · check 12345 67890")}, None, "Invoices of this order: Total: 1"),
        ({"completed": (True, False)}, "completed: yes → no", "completed: no"),
        ({"Visma amount": (0.125, -8)}, "Visma amount: 0.13 → -8.00", "Visma amount: -8.00"),
        ({"Visma projects": (("P1", "P2"), None)}, "Visma projects: P1, P2 → (empty)", "Visma projects: (empty)"),
        ({}, "", ""),
    ],
)
def test_a_plan_of_an_old_and_of_a_new_document(changes, old, new):
    assert old is None or plan_text(changes) == old
    assert new is None or plan_text(changes, new=True) == new
