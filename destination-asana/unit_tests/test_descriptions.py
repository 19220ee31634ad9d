"""The sync's block in a description: well-formed, escaped, and left alone once a person has edited it."""

import hashlib
import re
from dataclasses import replace
from html import unescape
from xml.etree import ElementTree

import pytest
from destination_asana.documents.translation import translate
from destination_asana.planning.descriptions.description import (
    FOOTER,
    HEADER,
    describe,
    digest_in,
    project_url_in,
    replace_block,
    supplier_number_in,
    version_in,
)
from destination_asana.planning.projects import gid_in
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

FACT = ("Supplier", "Nordic Office AS (50012)")
NASTY = "<b>Bold</b> & \"quoted\" 'single' <script>alert(1)</script> æøå 日本語 🧾 ]]> </body>"


def plain_text(body):
    """Roughly what Asana shows as `notes` for `html_notes`."""
    return unescape(re.sub(r"<[^>]*>", "", body))


def test_only_the_tags_asana_documents_and_every_text_escaped(make_order):
    record = make_order(note=NASTY, description=NASTY, supplier={"number": "1", "name": NASTY})
    record["lines"][0]["lineDescription"] = NASTY
    description = describe(translate("purchase_orders", record), with_lines=True, links=[("Project", "https://x/?a&b")])
    root = ElementTree.fromstring(description.body)
    assert {element.tag for element in root.iter()} <= {"body", "strong", "em", "a"}
    assert NASTY in plain_text(description.body)


def test_an_untouched_block_is_recognised_and_an_edited_one_is_not(make_order):
    description = describe(translate("purchase_orders", make_order(note="Call first")), with_lines=False)
    notes = plain_text(description.body)
    assert notes.startswith(HEADER)
    assert digest_in(notes) == description.digest
    assert digest_in(f"My own words.\n\n{notes}\nAnd more.") == description.digest
    assert digest_in(notes.replace("Call first", "Call last")) is None
    assert digest_in(notes.replace(FOOTER, "")) is None
    assert digest_in(None) is None


def test_white_space_asana_normalises_is_not_an_edit(make_order):
    description = describe(translate("purchase_orders", make_order(note="a  b\n\n\nc")), with_lines=False)
    notes = plain_text(description.body).replace("  ", " ").replace("\n\n\n", "\n")
    assert digest_in(notes) == description.digest


def test_the_block_is_replaced_and_words_around_it_stay(make_order):
    before = describe(translate("purchase_orders", make_order(note="old")), with_lines=False)
    after = describe(translate("purchase_orders", make_order(note="new")), with_lines=False)
    html = f"<body>Mine above.\n{before.html}\nMine <strong>below</strong>.</body>"
    replaced = replace_block(html, after)
    assert replaced == f"<body>Mine above.\n{after.html}\nMine <strong>below</strong>.</body>"
    # A copy that a person has made of it is the person's.
    copied = f"<body>{before.html}\n{before.html}\n{before.html}</body>"
    assert replace_block(copied, after) == f"<body>{after.html}\n{before.html}\n{before.html}</body>"
    assert replace_block("<body>All mine.</body>", after) is None


def test_backslashes_in_a_note_survive_the_replacement(make_order):
    before = describe(translate("purchase_orders", make_order()), with_lines=False)
    after = describe(translate("purchase_orders", make_order(note=r"C:\new\1 \g<0>")), with_lines=False)
    assert r"C:\new\1 \g&lt;0&gt;" in replace_block(before.body, after)


def test_a_huge_document_keeps_its_description_below_the_limit(make_order):
    lines = [{"lineNbr": n, "lineDescription": "x" * 400} for n in range(1, 301)]
    description = describe(translate("purchase_orders", make_order(lines=lines)), with_lines=True)
    assert len(description.body) < 60_000
    assert re.search(r"… and \d+ more rows", description.html)
    assert digest_in(plain_text(description.body)) == description.digest
    one = describe(translate("purchase_orders", make_order(note="n" * 200_000)), with_lines=False)
    assert len(one.body) < 60_000


@pytest.mark.parametrize("character", ["n", "&", "😀", "<"])
def test_the_beginning_of_a_long_note_and_the_lines_below_it_are_shown(make_order, character):
    record = make_order(note=character * 70_000, lines=[{"lineNbr": 1, "lineDescription": "Paper A4"}])
    description = describe(translate("purchase_orders", record), with_lines=True)
    assert f"Note: {character * 1000}" in description.text
    assert "…\nLines\n1. Paper A4" in description.text
    assert len(description.body.encode("utf-16-le")) // 2 < 60_000
    assert digest_in(plain_text(description.body)) == description.digest


def test_the_supplier_number_can_be_read_back(make_order):
    description = describe(translate("purchase_orders", make_order()), with_lines=False)
    assert supplier_number_in(plain_text(description.body)) == "50012"
    assert supplier_number_in("My own words") is None


NOTES_OF_0_1_0 = """From Visma.net
Supplier: Nordic Office AS (50012)
Project: https://app.asana.com/0/1200000000000711/1200000000000711
End of Visma text · DIGEST"""


def old_notes(text=NOTES_OF_0_1_0):
    """A block as version 0.1.0 wrote it: its digest counts the row with the link."""
    words = text.split("\n", 1)[1].rsplit("\n", 1)[0]
    digest = hashlib.sha256("".join(words.split()).encode()).hexdigest()[:8]
    return text.replace("DIGEST", digest)


def test_links_do_not_count_in_the_digest(make_order):
    document = translate("purchase_orders", make_order())
    plain = describe(document, with_lines=False)
    linked = describe(document, with_lines=False, links=[("Project", "https://app.asana.com/0/711/711")])
    assert linked.digest == plain.digest
    notes = plain_text(linked.body)
    for address in ("https://app.asana.com/1/1/project/711", "PO 000123 · Nordic Office AS", ""):
        assert digest_in(notes.replace("https://app.asana.com/0/711/711", address)) == plain.digest
    assert digest_in(notes.replace("Nordic Office", "My office")) is None


@pytest.mark.parametrize(
    ("version", "ending"),
    [
        ("2026-01-07T08:00:00.1", "End of Visma text · 2026-01-07T08:00:00.1 · check 71240"),
        (None, "End of Visma text · check 71240"),
    ],
)
def test_people_see_a_short_number_in_place_of_a_digest(make_order, version, ending):
    document = replace(translate("purchase_orders", make_order()), note=None, facts=[FACT], version=version)
    notes = plain_text(describe(document, with_lines=False).body)
    assert notes == f"From Visma.net\nSupplier: Nordic Office AS (50012)\n{ending}"
    assert version_in(notes) == version
    assert digest_in(notes) == describe(document, with_lines=False).digest
    # A person's edit, also one of the same length, and a number of which a digit is missing or more.
    for edited in (("50012", "50013"), ("71240", "71241"), ("71240", "7124"), ("71240", "712400"), (" · check", "")):
        assert digest_in(notes.replace(*edited)) is None


@pytest.mark.parametrize(
    "ending", ["4c5e6a7b", "4c5e6a7b · 2026-01-07T08:00:00.1", "2026-01-07T08:00:00.1 · check 71240"]
)
@pytest.mark.parametrize("dot", ["·", "&#183;", "&middot;"])
def test_a_block_with_any_ending_is_replaced_once(make_order, ending, dot):
    new = describe(translate("purchase_orders", make_order()), with_lines=False)
    ending = ending.replace("·", dot)
    old = f"<strong>From Visma.net</strong>\nSupplier: Ours\n<em>End of Visma text {dot} {ending}</em>"
    assert replace_block(f"<body>Mine\n{old}\n<em>Yours</em></body>", new) == (
        f"<body>Mine\n{new.html}\n<em>Yours</em></body>"
    )


def test_a_block_of_0_1_0_counts_as_untouched():
    words = hashlib.sha256(b"Supplier:NordicOfficeAS(50012)").hexdigest()[:8]
    assert digest_in(old_notes()) == words
    assert digest_in(old_notes().replace("50012", "50013")) is None
    # Asana has written the address anew since then.
    moved = old_notes().replace("/0/1200000000000711/1200000000000711", "/1/1/project/1200000000000711")
    assert digest_in(moved) == words


@pytest.mark.parametrize(
    ("address", "gid"),
    [
        ("https://app.asana.com/0/1200000000000711/1200000000000711", "1200000000000711"),
        ("https://app.asana.com/0/1200000000000711/list", "1200000000000711"),
        ("https://app.asana.com/1/1200000000000001/project/1200000000000711", "1200000000000711"),
        ("https://app.asana.com/1/1200000000000001/project/1200000000000711/list/1200000000000900", "1200000000000711"),
        ("PO 000123 · Nordic Office AS", None),
    ],
)
def test_the_projects_address_is_read_in_both_forms(address, gid):
    notes = NOTES_OF_0_1_0.replace("https://app.asana.com/0/1200000000000711/1200000000000711", address)
    notes = notes.replace("DIGEST", "0123abcd")
    assert project_url_in(notes) == address
    assert gid_in(project_url_in(notes)) == gid


def test_a_row_of_that_name_outside_the_block_is_no_link():
    assert project_url_in("Project: https://app.asana.com/0/1/1\nmy own words") is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(note=st.text(max_size=200), name=st.text(max_size=40))
def test_any_text_gives_well_formed_notes_whose_digest_is_found_again(make_order, note, name):
    record = make_order(note=note, supplier={"name": name, "number": "1"})
    description = describe(translate("purchase_orders", record), with_lines=True)
    root = ElementTree.fromstring(description.body)
    assert digest_in("".join(root.itertext())) == description.digest
