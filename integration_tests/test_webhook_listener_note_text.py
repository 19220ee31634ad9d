"""What the listener adds to a note, the destination takes away again: to Asana a note is what people wrote, before and after."""

import re

from destination_asana.documents.document.record_texts import WRITTEN_BACK
from hypothesis import example, given
from hypothesis import strategies as st
from webhook_listener import notes

LINES = [notes.line("completed", "Kari Nordmann", None, f"2026-11-23T10:1{minute}:07.120Z") for minute in range(3)]
# Whatever ends a line or is a space to somebody, and what looks almost like a line of ours.
PIECES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.sampled_from(
        [*"\n\r\t\v\f\x1c\x1d\x1e\x1f\x85\xa0\u2028\u2029\u3000", "\r\n", "Asana · call Kari", "--- Asana"]
    ),
)
PEOPLES = (
    st.lists(PIECES, max_size=8).map("".join).filter(lambda text: notes.HEADER not in re.split("\r\n|\r|\n", text))
)


def in_asana(note: str) -> str:
    return WRITTEN_BACK.sub("", note).strip()


@given(PEOPLES, PEOPLES)
@example("\r", "\r")
def test_the_destination_sees_what_people_wrote(above: str, below: str) -> None:
    """Nothing but our lines goes, wherever people write; one more of them, and the oldest dropped for room, change nothing."""
    one = notes.add(above, LINES[:1])
    assert in_asana(one) == above.strip()
    note = one + ("\n" + below if below else "")
    assert re.sub("[\r\n]", "", WRITTEN_BACK.sub("", note)) == re.sub("[\r\n]", "", above + below)
    more = notes.add(note, LINES[1:2])
    assert in_asana(more) == in_asana(note)
    shortened = notes.add(more, LINES[2:], ours=LINES[:2], limit=len(more))
    missing = notes.missing(shortened, LINES)
    assert LINES[0] in missing
    assert LINES[2] not in missing
    assert in_asana(shortened) == in_asana(note)


def test_every_kind_of_line_is_known_to_the_destination() -> None:
    acts = [
        ("completed", None),
        ("reopened", None),
        ("assigned", "to Åsa"),
        ("assigned", "to nobody"),
        ("commented", "x"),
    ]
    for what, detail in acts:
        for precise in (False, True):
            line = notes.line(what, "Kari", detail, "2026-11-23T10:15:07.120Z", precise)
            assert in_asana(notes.add("Call first.", [line])) == "Call first."
