"""A description row by row: what is written, how much of it, and what is read back from each row."""

import hashlib
from dataclasses import replace

import pytest
from destination_asana.documents.translation import translate
from destination_asana.planning.descriptions.description import (
    Description,
    describe,
    digest_in,
    linked_project,
    project_description_in,
    project_id_in,
    project_url_in,
    supplier_number_in,
    text_in,
    with_block,
)
from destination_asana.planning.snapshot import described_by

FACT = ("Supplier", "Nordic Office AS (50012)")
# The number in the footer is the first eight digits of a SHA-256 of the words, as a number, and of it the last five digits.
OF_FACT = hashlib.sha256(b"Supplier:NordicOfficeAS(50012)").hexdigest()[:8]


def bare(make_order, **changes):
    document = translate("purchase_orders", make_order())
    return replace(document, **{"facts": [FACT], "note": None, "version": None, "lines": [], **changes})


def test_all_rows(make_order):
    [line] = translate("purchase_orders", make_order()).lines
    document = bare(make_order, note="Call <first>", version="2026-01-07T08:00:00.1", lines=[line])
    links = [("Project", "https://app.asana.com/0/1/2?a&b"), ("Register task", "Nordic & more")]
    # Rows with links do not count, because Asana writes them anew.
    words = "Supplier:NordicOfficeAS(50012)Note:Call<first>Lines1.PaperA4—10×25.00=250.00NOK"
    digest = hashlib.sha256(words.encode()).hexdigest()[:8]
    assert describe(document, with_lines=True, links=links) == Description(
        "<strong>From Visma.net</strong>\n"
        "<strong>Supplier:</strong> Nordic Office AS (50012)\n"
        '<strong>Project:</strong> <a href="https://app.asana.com/0/1/2?a&amp;b">https://app.asana.com/0/1/2?a&amp;b</a>\n'
        "<strong>Register task:</strong> Nordic &amp; more\n"
        "<strong>Note:</strong> Call &lt;first&gt;\n"
        "<strong>Lines</strong>\n"
        "1. Paper A4 — 10 × 25.00 = 250.00 NOK\n"
        f"<em>End of Visma text · 2026-01-07T08:00:00.1 · check {int(digest, 16) % 100_000:05}</em>",
        digest,
        "Supplier: Nordic Office AS (50012)\n"
        "Project: https://app.asana.com/0/1/2?a&b\n"
        "Register task: Nordic & more\n"
        "Note: Call <first>\n"
        "Lines\n"
        "1. Paper A4 — 10 × 25.00 = 250.00 NOK",
        "2026-01-07T08:00:00.1",
    )


@pytest.mark.parametrize("with_lines", [False, True])
def test_no_more_rows_than_there_is_to_say(make_order, with_lines):
    description = describe(bare(make_order), with_lines=with_lines)
    assert description == Description(
        "<strong>From Visma.net</strong>\n"
        "<strong>Supplier:</strong> Nordic Office AS (50012)\n"
        "<em>End of Visma text · check 71240</em>",
        OF_FACT,
        "Supplier: Nordic Office AS (50012)",
        None,
    )
    assert description.body == f"<body>{description.html}</body>"


# --- how much ----------------------------------------------------------------------------------------------------------


def test_a_block_has_fifty_thousand_characters_of_rows(make_order):
    """`<strong>T:</strong> ` has 20 of them, and the end of each row is one."""
    half = ("T", "x" * 24_979)
    rows = [f"T: {'x' * 24_979}"]
    assert describe(bare(make_order, facts=[half, half]), with_lines=False).text.split("\n") == rows * 2
    more = describe(bare(make_order, facts=[half, ("T", "x" * 24_980), half]), with_lines=False)
    assert more.text.split("\n") == [*rows, "… and 2 more rows in Visma.net"]
    assert "\n… and 2 more rows in Visma.net\n<em>" in more.html


def test_of_a_first_row_that_is_too_long_the_beginning_is_shown(make_order):
    description = describe(bare(make_order, facts=[("T", "&" * 50_000), FACT]), with_lines=False)
    assert description.text == f"T: {'&' * 997}…"
    assert description.html.split("\n")[1] == f"T: {'&amp;' * 997}…"


@pytest.mark.parametrize(
    ("note", "shown"),
    [
        ("n" * 20_000, "n" * 20_000),
        ("n" * 20_001, "n" * 20_000 + "…"),
        # As many characters as their markup has; an emoji may count twice.
        ("&" * 4_000, "&" * 4_000),
        ("&" * 4_001, "&" * 4_000 + "…"),
        ("😀" * 10_000, "😀" * 10_000),
        ("😀" * 10_001, "😀" * 10_000 + "…"),
        ("n" * 19_999 + "  more", "n" * 19_999 + "…"),
    ],
)
def test_a_note_has_twenty_thousand_characters(make_order, note, shown):
    assert describe(bare(make_order, facts=[], note=note), with_lines=False).text == f"Note: {shown}"


# --- read back ---------------------------------------------------------------------------------------------------------

CARD = """Supplier: Ours (1)
Project ID: ours
Project description: Ours
Project: https://app.asana.com/0/9/9
From Visma.net
Customer: Nord (AS) (10)
Project ID: P 10-02
Project description: Website
Project: https://app.asana.com/0/711/711
End of Visma text · 2026-01-07T08:00:00 · check 12345"""
ROWS = CARD.split("From Visma.net\n")[1].rpartition("\n")[0]


def test_rows_are_read_from_the_block_and_not_from_peoples_words_around_it():
    assert text_in(CARD) == ROWS
    assert (supplier_number_in(CARD), project_id_in(CARD), project_description_in(CARD)) == ("10", "P 10-02", "Website")
    assert (project_url_in(CARD), linked_project(ROWS)) == ("https://app.asana.com/0/711/711",) * 2


def test_without_a_block_rows_that_look_like_ours_are_read():
    """A person may have removed the header. A link is read from a block alone."""
    found = (supplier_number_in(ROWS), project_id_in(ROWS), project_description_in(ROWS), project_url_in(ROWS))
    assert found == ("10", "P 10-02", "Website", None)


@pytest.mark.parametrize("notes", [None, "", "Words.", "Say: Project ID: P1 and Supplier: A"])
def test_other_texts_say_nothing(notes):
    found = [
        each(notes) for each in (text_in, supplier_number_in, project_id_in, project_description_in, project_url_in)
    ]
    assert found == [None] * 5


@pytest.mark.parametrize(("said", "found"), [("(none)", ""), ("Website ", "Website"), ("", None)])
def test_a_project_without_a_description_says_so(said, found):
    assert project_description_in(f"Project description: {said}") == found


def test_what_the_sync_knows_of_a_description_that_it_has_just_written():
    assert described_by(Description("…", "0123abcd", ROWS, "2026-01-07T08:00:00")) == {
        "digest": "0123abcd",
        "supplier_number": "10",
        "project_url": "https://app.asana.com/0/711/711",
        "version": "2026-01-07T08:00:00",
        "project_id": "P 10-02",
        "project_description": "Website",
    }


def test_addresses_of_tasks_that_asana_has_written_anew():
    """Version 0.1.0 counted the rows with links."""
    words = f"Supplier: A (1)\nRegister task: https://app.asana.com/{'0/711/900'}"
    digest = hashlib.sha256("".join(words.split()).encode()).hexdigest()[:8]
    notes = f"From Visma.net\n{words}\nEnd of Visma text · {digest}"
    expected = hashlib.sha256(b"Supplier:A(1)").hexdigest()[:8]
    assert digest_in(notes) == expected
    assert digest_in(notes.replace("0/711/900", "1/55/project/711/task/900")) == expected
    assert digest_in(notes.replace("0/711/900", "1/55/project/711/task/901")) is None


# --- around it ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "whole"),
    [
        ("<body>Mine</body>", "<body>Mine\n\n<b/></body>"),
        (" <body> Mine <em>too</em> \n</body>\n", "<body> Mine <em>too</em>\n\n<b/></body>"),
        ("<body> \n</body>", "<body><b/></body>"),
        ("", "<body><b/></body>"),
    ],
)
def test_a_block_is_added_below_peoples_words(html, whole):
    assert with_block(html, Description("<b/>", "0")) == whole
