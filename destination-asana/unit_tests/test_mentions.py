"""What people write in tasks: document numbers, suppliers and amounts, in the forms that people use."""

from decimal import Decimal

import pytest
from destination_asana.planning.adoption.mentions import amounts_in, in_cents, names_number, names_party, without_number
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    "text",
    [
        "000123",
        "PO 000123",
        "PO-000123 Nordic",
        "PO_000123",
        "#000123",
        "(000123)",
        "Bestilling: 000123.",
        "000123, 000124",
        "No.000123",
        "Nordic\u00a0000123\u00a0paper",
        "000123 1 234,50",
        "０００１２３",
    ],
)
def test_the_number_as_a_whole_word(text):
    assert names_number(text, "000123")


@pytest.mark.parametrize(
    "text",
    [
        "123",
        "PO 123",
        "0000123",
        "1000123",
        "0001234",
        "PO000123",
        "000123a",
        "000123-2",
        "2026-000123",
        "000123–000130",
        "000123/2",
        "7/000123",
        "000123.50",
        "000,123",
        "1.000123",
        "000 123",
        "PO 000132",
        "",
    ],
)
def test_the_number_inside_something_longer_or_another_number(text):
    assert not names_number(text, "000123")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Nordic Office, konto 1234 56 78903", "78903"),
        ("Nordic Office, konto 1234 56 78903", "1234"),
        ("IBAN NO93 8601 1117 947 Nordic Office", "8601"),
        ("DE89 3704 0044 0532 0130 00", "0532"),
        ("GB29 NWBK 6016 1331 9268 19", "6016"),
        ("KID 0001 2345 6789", "6789"),
        ("Ring 22 34 56 78 om faktura", "56"),
        ("Tlf. 900 12 345", "900"),
    ],
)
def test_the_number_as_a_group_of_a_longer_one(text, number):
    assert not names_number(text, number)
    assert names_number(f"{text}: faktura {number}", number)


@pytest.mark.parametrize("text", ["8601 1500 kr", "PO 8601 12 500,00", "8601 8602 Nordic Office", "Uke 12 8601"])
def test_the_number_beside_others(text):
    assert names_number(text, "8601")


@pytest.mark.parametrize(
    ("text", "number"),
    [("1 234,50", "234"), ("1 234", "1"), ("PO 12 345.00", "12"), ("Due 2026-01-07", "2026"), ("at 10:30", "30")],
)
def test_a_short_number_inside_an_amount_or_a_date(text, number):
    assert not names_number(text, number)


def test_numbers_with_letters_and_signs():
    assert names_number("Invoice inv-7/a paid", "INV-7/A")
    assert names_number("PO 2026-0007 chairs", "2026-0007")
    assert not names_number("PO 2026-0007 chairs", "0007")
    assert not names_number("whatever", "-")
    # Only digits may be a part of something longer with a sign in between.
    assert names_number("7/A1", "A1")
    assert names_number("A1B/7", "A1B")
    # A number with a space is no group of digits that people write in an amount.
    assert names_number("PO 26 001 Nordic", "26 001")


@given(st.text("0123456789", min_size=1, max_size=6), st.text("0123456789", min_size=1, max_size=4), st.booleans())
def test_a_number_is_never_found_inside_a_longer_one(number, more, before):
    longer = more + number if before else number + more
    assert not names_number(f"PO {longer} Nordic", number)
    assert names_number(f"PO {longer} Nordic", longer)


@pytest.mark.parametrize(
    "text",
    [
        "1234.50",
        "1,234.50",
        "1.234,50",
        "1 234,50",
        "1\u00a0234,50",
        "1\u202f234.50",
        "1'234.50",
        "1’234,50",
        "1234,5",
        "NOK 1234.50",
        "NOK1234,50",
        "-1 234,50 kr",
        "€1,234.50.",
    ],
)
def test_an_amount_in_any_usual_writing(text):
    assert amounts_in(f"Paper {text} today") == {Decimal("1234.50")}


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("1 250", {"1250"}),
        ("1250,-", {"1250"}),
        ("1.250", {"1250"}),
        ("12 chairs, 99.90 each", {"12", "99.90"}),
        ("1.234.567,89", {"1234567.89"}),
        ("12 234,50", {"12234.50"}),
        ("2026-01-07", set()),
        ("1,25,00", set()),
        ("1,234,50", set()),
        ("12,34.50", set()),
        ("1,234'567.89", set()),
        ("1234,567.00", set()),
        ("123,456.00", {"123456.00"}),
        ("123 456,5", {"123456.5"}),
        ("1,2345", set()),
        ("nothing", set()),
        ("9" * 60, {"9" * 60}),
    ],
)
def test_other_amounts(text, amounts):
    assert amounts_in(text) == {Decimal(each) for each in amounts}


def test_amounts_are_compared_without_sign_and_to_the_cent():
    assert in_cents(-1234.5) == Decimal("1234.50")
    assert in_cents(Decimal("0.1") + Decimal("0.2")) == in_cents(0.3)
    assert in_cents(1e40) != in_cents(1e39)
    assert in_cents(1234.504) == Decimal("1234.50")


def test_the_number_is_taken_out_before_amounts_are_looked_for():
    assert amounts_in(without_number("PO 1250 from 1250.00 to 1250", "1250")) == {Decimal("1250.00")}
    assert amounts_in(without_number("PO 1250", "1250")) == set()
    assert without_number("1250: PO 1250, from 1250.00 to 1250 Kr", "1250") == "#: po #, from 1250.00 to # kr"
    assert without_number("PO  1251", "1250") == "po 1251"


@pytest.mark.parametrize(
    ("text", "name", "is_named"),
    [
        ("PO 1 Nordic Office AS", "Nordic Office AS", True),
        ("PO 1 – nordic  office, paper", "Nordic Office AS", True),
        ("PO 1 Nordic-Office A/S", "Nordic Office A/S", True),
        ("PO 1 Nordic Office", "Nordic Office A/S", True),
        ("PO 1 Nordic Offices", "Nordic Office AS", False),
        ("PO 1 Nordik Office AS", "Nordic Office AS", False),
        ("PO 1 Office Nordic", "Nordic Office AS", False),
        ("PO 1 Nordic", "Nordic Office AS", False),
        ("Bo comes", "Bo AB", False),
        ("Bo AB comes", "Bo AB", True),
        ("Åsnes Bygg", "ÅSNES BYGG AS", True),
        ("anything", "", False),
        ("AS we said", "AS", True),
        ("PO 1 Nordic Steel Works, paper", "Nordic Steel Works A/S", True),
        ("PO 1 Nordic Steel", "Nordic Steel Works A/S", False),
        ("PO 1 Nordic", "Nordic Office", False),
        ("PO 1 Nordic", "Nordic AS", True),
        # A short name is a word like any other, but not two words.
        ("Ikea", "IKEA AB", True),
        ("Kid comes", "Kid AS", False),
        ("A B comes", "A B AS", True),
        ("Office AS", "Nordic Office AS", False),
    ],
)
def test_a_supplier_is_named_in_full_but_for_its_legal_form(text, name, is_named):
    assert names_party(text, name) is is_named
