"""The mark of a line's item: read back from whatever Asana and people make of it."""

import pytest
from destination_asana.planning.lines.marks import (
    Mark,
    Tick,
    is_anothers,
    looks_written,
    mark_in,
    marked_html,
    marked_notes,
    only_mark,
)

ORDER = "PurchaseOrderId:4100251/RegularOrder/000123"


@pytest.mark.parametrize(
    ("notes", "mark"),
    [
        (f"Line 3 of {ORDER}", Mark(3)),
        (f"Ask Ola.\n\n  line -3  of {ORDER.lower()} \nThanks", Mark(-3)),
        (f"Line of {ORDER}", Mark(None)),
        (f"Line 3 of {ORDER}\nCompleted by the sync: Visma took this line away.", Mark(3, Tick.REMOVED)),
        (f"Line 3 of {ORDER}\nDue in Visma: 2026-05-04", Mark(3, Tick.NONE, "2026-05-04")),
        (
            f"Line 3 of {ORDER}\n Due in Visma:  2026-05-04\n\nCompleted by the sync: this line is done in Visma.",
            Mark(3, Tick.COMPLETED, "2026-05-04"),
        ),
        (f"Line 3 of {ORDER}\nDone in Visma as well.", Mark(3, Tick.DONE)),
        (f"Line 3 of {ORDER}\nDue in Visma: soon", Mark(3)),
        (f"Line 3 of {ORDER}4", None),
        (f"This was Line 3 of {ORDER}", None),
        ("Completed by the sync: Visma took this line away.", None),
        ("", None),
        (None, None),
    ],
)
def test_a_mark_is_read_back(notes, mark):
    assert mark_in(notes, ORDER) == mark


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("1. Paper — 10 × 25.00 = 250.00 NOK", True),
        ("3. Paper — 2.5 × 0.125 = 0.31 NOK", True),
        ("3. Paper — -250.00 NOK", True),
        ("3. Paper — 4 × 25.00 = 100.00 NOK · 3 of 4 received", True),
        ("3. A — B — 250.00", True),
        ("3. Call the supplier", False),
        ("1. Check the price — again", False),
        ("1. Check the price — 25 NOK", False),
        ("Paper — 10 × 25.00 = 250.00 NOK", False),
    ],
)
def test_the_whole_form_of_a_lines_name(name, fits):
    assert looks_written(name) is fits


def test_what_people_wrote_around_a_mark_stays():
    assert only_mark(marked_notes(ORDER, Mark(3, Tick.REMOVED, "2026-05-04")), ORDER)
    assert not only_mark(f"Ask Ola\nLine 3 of {ORDER}", ORDER)
    html = f"<body>Ask <em>Ola</em> &lt;soon&gt;\nLine 3 of {ORDER}</body>"
    done = marked_html(html, ORDER, Mark(3, Tick.REMOVED))
    assert done == html.replace("</body>", "\nCompleted by the sync: Visma took this line away.</body>")
    assert marked_html(done, ORDER, Mark(3)) == html
    assert marked_html("<body></body>", ORDER, Mark(3)) == f"<body>Line 3 of {ORDER}</body>"


def test_the_rows_of_a_mark_are_replaced_and_peoples_stay():
    before = f"<body>Due in Visma: ask Ola\nLine 3 of {ORDER}\nDue in Visma: 2026-05-04\nDone in Visma as well.</body>"
    after = marked_html(before, ORDER, Mark(3, Tick.COMPLETED, "2026-06-01"))
    assert after == (
        f"<body>Due in Visma: ask Ola\nLine 3 of {ORDER}\nDue in Visma: 2026-06-01\n"
        "Completed by the sync: this line is done in Visma.</body>"
    )


@pytest.mark.parametrize(
    ("notes", "anothers"),
    [
        ("Line 3 of PurchaseOrderId:4100251/RegularOrder/000124", True),
        ("Ask Ola\n line of supplierinvoiceid:4100251/invoice/000123 ", True),
        (f"Line 3 of {ORDER}", False),
        (f"Line 1 of PurchaseOrderId:4100251/RegularOrder/000124\nLine 3 of {ORDER.upper()} ", False),
        # Words of people.
        ("Line 3 of the order", False),
        ("See line 3 of PurchaseOrderId:4100251/RegularOrder/000124", False),
        ("", False),
        (None, False),
    ],
)
def test_an_item_of_another_documents_line(notes, anothers):
    assert is_anothers(notes, ORDER) is anothers


def test_an_empty_description_holds_nothing_of_people():
    assert only_mark(None, ORDER)
    assert only_mark(" \n\n", ORDER)
    assert not only_mark("?", ORDER)


def test_peoples_rows_keep_their_spaces_and_their_order():
    before = f"<body>\nX: ask  Ola\nLine 3 of {ORDER}\n\n  and Kari X \n</body>"
    assert marked_html(before, ORDER, Mark(3)) == f"<body>X: ask  Ola\n\n  and Kari X \nLine 3 of {ORDER}</body>"


@pytest.mark.parametrize(
    ("number", "shown", "written"),
    [
        ("A&1", "A&amp;1", "A&amp;1"),
        ("<A>", "&lt;A&gt;", "&lt;A&gt;"),
        # Asana may write quotes in either way; the sync writes them as they are.
        ("\"A'1'", "&quot;A&#39;1&#x27;", "\"A'1'"),
        ("\"A'1'", "\"A'1'", "\"A'1'"),
        ("A&lt;", "A&amp;lt;", "A&amp;lt;"),
    ],
)
def test_signs_that_are_written_as_entities(number, shown, written):
    order = f"PurchaseOrderId:1/RegularOrder/{number}"
    row = "Line 3 of PurchaseOrderId:1/RegularOrder/"
    after = marked_html(f"<body>Ask Ola\n{row}{shown}</body>", order, Mark(3, Tick.DONE))
    assert after == f"<body>Ask Ola\n{row}{written}\nDone in Visma as well.</body>"
