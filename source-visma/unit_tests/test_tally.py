"""Whether a list moved while its pages were read."""

from source_visma.components.extractor import Page
from source_visma.components.tally import Passes, Tally


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


def test_a_row_that_stands_twice_on_one_page_did_not_move() -> None:
    assert tally(page(None, 1, 1, 2), page(None, 3)).moved == ""
    assert tally(page(3, 1, 1, 2)).moved == "2 rows came where 3 were announced"


def test_rows_that_no_request_brings_are_missing_from_a_list_that_announces_nothing() -> None:
    counted = Tally()
    counted.lose(0, 1, "500")
    counted.add(*page(None))
    counted.close()
    lost = passes(counted)
    assert (lost.whole, lost.missing, lost.lost) == (False, 1, True)
    assert lost.shortfall() == "1 rows cannot be read: row 1 of the list. 500"


def test_fewer_rows_than_announced() -> None:
    assert tally(page(5, 1, 2), page(5, 3, 4)).moved == "4 rows came where 5 were announced"


def test_totals_that_are_missing_say_nothing() -> None:
    assert tally(page(None, 1, 2), page(None, 3)).moved == ""
    assert tally(page(3, 1, 2), page(None, 3)).moved == ""


def test_a_row_that_went_to_a_far_page() -> None:
    """A changed row that moves to the end pulls another from the page to come, and no count shows it."""
    assert "moved from one page" in tally(page(6, 1, 2), page(6, 4, 5), page(6, 6, 1)).moved


def passes(*tallies: Tally) -> Passes:
    together = Passes()
    for one in tallies:
        together.add(one)
    return together


def test_the_same_outcome_twice_proves_nothing() -> None:
    odd = [page(5, 1, 2), page(5, 3, 3)]
    twice = passes(tally(*odd), tally(*odd))
    assert (twice.whole, twice.missing, twice.gained) == (False, 2, False)


def test_passes_that_together_brought_all_that_was_announced() -> None:
    joined = passes(tally(page(5, 1, 2), page(5, 2, 3)), tally(page(5, 1), page(5, 4), page(5, 5)))
    assert (joined.whole, joined.missing) == (True, 0)


def test_rows_of_two_lists_are_not_one_whole_list() -> None:
    """While the announced number changes, rows of an earlier pass may be gone."""
    moved = passes(tally(page(4, 1, 2), page(4, 2, 3)), tally(page(5, 1, 2), page(5, 4, 4)))
    assert not moved.whole


def test_a_list_that_grows_in_every_pass_is_whole_after_the_third() -> None:
    grown = [
        tally(page(3, 1, 2), page(4, 3, 4)),
        tally(page(4, 1, 2), page(5, 3, 4), page(5, 5)),
        tally(page(5, 1, 2), page(6, 3, 4), page(6, 5, 6)),
    ]
    assert not passes(*grown[:2]).whole
    assert passes(*grown).whole


def test_a_list_that_grows_is_not_whole_where_rows_are_missing_or_went() -> None:
    grown = [tally(page(3, 1, 2), page(4, 3, 4)), tally(page(4, 1, 2), page(5, 3, 4), page(5, 5))]
    assert not passes(*grown, tally(page(5, 1, 2), page(6, 3, 4), page(6, 5))).whole
    assert not passes(*grown, tally(page(4, 1, 2), page(5, 3, 4), page(5, 5))).whole
    assert not passes(*grown, tally(page(5, 1, 2), page(4, 3), page(6, 4, 5), page(6, 6))).whole


def test_rows_that_no_request_brings_are_named_with_their_neighbours() -> None:
    counted = Tally()
    for one in (page(5, 1, 2), page(5, 5)):
        if counted.pages:
            counted.suspect(2, 3, "500")
            counted.suspect(3, 4, "500")
        counted.add(one[0], [("Invoice", key) for key in one[1]])
    counted.lose(2, 3, "500")
    counted.lose(3, 4, "500")
    counted.close()
    assert passes(counted).lost
    assert "2 of 5 rows cannot be read: rows 3 to 4 of the list (after Invoice/2, before Invoice/5). 500" in (
        passes(counted).shortfall()
    )
