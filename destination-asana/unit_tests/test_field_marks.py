"""The mark in a field's description: written, read, and read again after people have been at it."""

import pytest
from destination_asana.board.fields.marks import Mark, mark_in, with_mark, without_mark


def test_a_mark_is_one_last_line():
    assert with_mark("What is left to pay.", Mark("Visma balance")) == (
        "What is left to pay.\n[Visma sync: field=Visma balance]"
    )
    assert with_mark(None, Mark("Visma ID")) == "[Visma sync: field=Visma ID]"


def test_facts_stand_beside_the_field():
    mark = Mark("Visma GL accounts", {"companies": ("4100251", "77")})
    text = with_mark("Accounts.", mark)
    assert text == "Accounts.\n[Visma sync: field=Visma GL accounts; companies=4100251,77]"
    assert mark_in(text) == mark


@pytest.mark.parametrize("value", ["a;b", "x=y", "[z]", "50 %", "1,2", "two\nlines", "Ærlig €"])
def test_any_text_comes_back_as_it_went(value):
    mark = Mark("F", {"owner": (value, "other")})
    assert mark_in(with_mark("words", mark)) == mark


@pytest.mark.parametrize(
    "text",
    [
        "[visma sync:field=Visma amount]",
        "Before\n[ Visma  Sync : field =  Visma amount ; ]\nafter [1]",
        "x [Visma sync: companies=1; FIELD=Visma amount] y",
        "[Visma sync:\nfield=Visma\namount]",
        "[Visma sync: field=Old]\n[Visma sync: field=Visma amount]",
    ],
)
def test_people_may_write_around_it(text):
    found = mark_in(text)
    assert found is not None
    assert found.names("visma AMOUNT")


@pytest.mark.parametrize("text", [None, "", "Visma sync: field=x", "[Visma sync: field=]", "[Visma sync]", "[field=x]"])
def test_a_broken_mark_is_none(text):
    assert mark_in(text) is None


def test_a_new_mark_takes_the_place_of_all_others_and_the_words_stay():
    text = "Spør Kari.\n[Visma sync: field=Old; owner=1]\nMai"
    assert with_mark(text, Mark("Visma amount")) == "Spør Kari.\n\nMai\n[Visma sync: field=Visma amount]"
    assert without_mark(text) == "Spør Kari.\n\nMai"
