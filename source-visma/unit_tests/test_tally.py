"""Whether a list moved while its pages were read."""

from source_visma.components.extractor import Page
from source_visma.components.tally import Tally


def page(total: int | None, *keys: int) -> tuple[Page, list[int]]:
    made = Page({"id": key} for key in keys)
    made.total = total
    return made, list(keys)


def tally(*pages: tuple[Page, list[int]]) -> Tally:
    counted = Tally()
    for one in pages:
        counted.add(*one)
    counted.close()
    return counted


def test_a_list_at_rest() -> None:
    assert tally(page(5, 1, 2), page(5, 3, 4), page(5, 5)).moved == ""


def test_a_total_that_changes() -> None:
    assert "from 5 to 4" in tally(page(5, 1, 2), page(4, 4, 5)).moved


def test_a_row_on_two_pages() -> None:
    assert "moved from one page" in tally(page(4, 1, 2), page(4, 2, 3)).moved


def test_fewer_rows_than_announced() -> None:
    assert tally(page(5, 1, 2), page(5, 3, 4)).moved == "4 rows came where 5 were announced"


def test_totals_that_are_missing_say_nothing() -> None:
    assert tally(page(None, 1, 2), page(None, 3)).moved == ""
    assert tally(page(3, 1, 2), page(None, 3)).moved == ""


def test_a_list_without_pages_repeats_itself() -> None:
    counted = tally(page(None, 1, 2))
    assert counted.repeats([1, 2])
    assert not counted.repeats([2, 3])


def test_a_row_that_went_to_a_far_page() -> None:
    """A changed row that moves to the end pulls another from the page to come, and no count shows it."""
    assert "moved from one page" in tally(page(6, 1, 2), page(6, 4, 5), page(6, 6, 1)).moved


def test_the_same_list_twice_has_the_same_outcome_and_another_has_not() -> None:
    odd = [page(5, 1, 2), page(5, 3, 3)]
    assert tally(*odd).outcome == tally(*odd).outcome
    assert tally(*odd).outcome != tally(page(5, 1, 2), page(5, 2, 3)).outcome
