"""Texts that records of all kinds of documents have: the note, and the name of a party. Pure."""

from __future__ import annotations

import re

from destination_asana.documents.reader import Reader

# Lines that the write-back from Asana has left in a Visma note. They come from Asana, so they must not return to it.
# The match includes the line break, so that the text below reads as if the line had never been there. The time stamp
# tells such a line from one that a person happens to begin with the same words.
WRITTEN_BACK = re.compile(
    r"(?:^|(?<=[\r\n]))(?:--- Asana ---|Asana · \d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d\.\d{3})? UTC · [^\r\n]*)(?:\r\n|\r|\n|\Z)"
)


def note_of(reader: Reader) -> str | None:
    """The note of a document, without the lines that were written back from Asana."""
    note = reader.text("note")
    return WRITTEN_BACK.sub("", note).strip() or None if note else None


def party_of(party: Reader) -> str | None:
    name, number = party.text("name"), party.text("number")
    return f"{name} ({number})" if name and number else name or number
