"""Texts in one form."""

import pytest
from destination_asana.documents.texts import comparable, one_line, shortened, size_of, spellings


@pytest.mark.parametrize(
    ("text", "line", "compared"),
    [
        ("P 10", "P 10", "p 10"),
        ("  PO-A1 \n", "PO-A1", "po-a1"),
        ("Große\t\nStraße", "Große Straße", "grosse strasse"),
        ("", "", ""),
    ],
)
def test_white_space_and_case(text: str, line: str, compared: str) -> None:
    assert (one_line(text), comparable(text)) == (line, compared)


def test_no_text_is_no_line() -> None:
    assert one_line(None) is None
    assert comparable(None) == ""


@pytest.mark.parametrize(
    ("text", "size", "beginning"),
    [
        ("", 0, ""),
        ("12345", 5, "12345"),
        ("123456", 6, "12345"),
        ("æøåÆØÅ", 6, "æøåÆØ"),
        ("1🧾345", 6, "1🧾34"),
        ("1234🧾", 6, "1234"),
        ("🧾🧾🧾", 6, "🧾🧾"),
        ("1234 67", 7, "1234"),
        ("1234 ", 5, "1234 "),
        ("\U00010000\uffff", 3, "\U00010000\uffff"),
        # Half a character.
        ("\ud83d2345", 5, "\ud83d2345"),
        ("\ud83d23456", 6, "2345"),
    ],
)
def test_an_emoji_counts_twice_and_no_text_ends_in_the_middle_of_one(text: str, size: int, beginning: str) -> None:
    assert (size_of(text), shortened(text, 5)) == (size, beginning)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Po-a1", ["Po-a1", "PO-A1", "po-a1"]),
        ("PO-A1", ["PO-A1", "po-a1"]),
        ("po-a1", ["po-a1", "PO-A1"]),
        ("000123", ["000123"]),
        ("å", ["å", "Å"]),
    ],
)
def test_the_spellings_that_a_search_tries(text: str, found: list[str]) -> None:
    assert spellings(text) == found
