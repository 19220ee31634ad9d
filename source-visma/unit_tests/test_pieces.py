"""Parts of a list and the pages that bring them: no row twice, none left out."""

from hypothesis import given
from hypothesis import strategies as st
from source_visma.components.pieces import Piece, cover

numbers = st.integers(1, 300)


@given(st.integers(0, 300), numbers, numbers)
def test_pages_of_any_size_cover_each_row_once(first: int, rows: int, size: int) -> None:
    found = []
    for piece in cover(first, first + rows, size):
        page = list(range((piece.number - 1) * size, piece.number * size))
        found += page[piece.within]
    assert found == list(range(first, first + rows))


def test_halves_of_a_page_begin_where_it_begins() -> None:
    assert Piece(3, 200, 400, 600).halves(None) == [Piece(5, 100, 400, 500), Piece(6, 100, 500, 600)]


def test_a_page_of_odd_size_shares_its_edges_with_others() -> None:
    assert Piece(2, 7, 7, 14).halves(12) == [Piece(3, 3, 7, 9), Piece(4, 3, 9, 12)]
