"""The sync's block in a description: well-formed, escaped, and left alone once a person has edited it."""

import re
from html import unescape
from xml.etree import ElementTree

from destination_asana.descriptions import FOOTER, HEADER, describe, digest_in, replace_block, supplier_number_in
from destination_asana.documents import translate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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


def test_the_supplier_number_can_be_read_back(make_order):
    description = describe(translate("purchase_orders", make_order()), with_lines=False)
    assert supplier_number_in(plain_text(description.body)) == "50012"
    assert supplier_number_in("My own words") is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(note=st.text(max_size=200), name=st.text(max_size=40))
def test_any_text_gives_well_formed_notes_whose_digest_is_found_again(make_order, note, name):
    record = make_order(note=note, supplier={"name": name, "number": "1"})
    description = describe(translate("purchase_orders", record), with_lines=True)
    root = ElementTree.fromstring(description.body)
    assert digest_in("".join(root.itertext())) == description.digest
