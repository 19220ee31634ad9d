"""The mark of a line's item: read back from whatever Asana and people make of it."""

import pytest
from destination_asana.planning.lines.marks import (
    Mark,
    Tick,
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
