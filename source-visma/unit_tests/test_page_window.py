"""Pages that are fetched ahead: in order, as many as there is room for, and the room comes back."""

import threading

from source_visma.components.gate import Gate
from source_visma.components.page_window import PageWindow
from source_visma.components.pieces import Piece, cover


def room(gate: Gate) -> int:
    """How many pages may be on their way."""
    taken = 0
    while gate.room_ahead.acquire(blocking=False):
        taken += 1
    for _ in range(taken):
        gate.room_ahead.release()
    return taken


def test_pieces_come_in_order_with_their_answers_and_give_their_room_back() -> None:
    gate = Gate(1)
    window = PageWindow(gate, cover(0, 50, 10), lambda piece: piece.number)
    came = []
    for piece, answer in window:
        came.append((piece.number, answer.result()))
        window.free()
    assert came == [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)]
    assert room(gate) == 3


def test_no_more_are_on_their_way_than_there_is_room() -> None:
    gate, asked, go = Gate(1), [], threading.Event()

    def answer(piece: Piece) -> int:
        asked.append(piece.number)
        assert go.wait(30)
        return piece.number

    window = iter(PageWindow(gate, cover(0, 100, 10), answer))
    piece, first = next(window)
    assert (piece.number, room(gate)) == (1, 0)
    go.set()
    assert first.result() == 1
    assert set(asked) <= {1, 2, 3}


def test_a_piece_comes_without_an_answer_when_others_have_the_room() -> None:
    gate = Gate(1)
    for _ in range(3):
        gate.room_ahead.acquire()
    assert list(PageWindow(gate, cover(0, 20, 10), lambda piece: None)) == [
        (Piece(1, 10, 0, 10), None),
        (Piece(2, 10, 10, 20), None),
    ]


def test_closing_gives_all_room_back() -> None:
    gate = Gate(2)
    window = PageWindow(gate, cover(0, 100, 10), lambda piece: piece.number)
    next(iter(window))
    assert room(gate) == 0
    window.free()  # the one that was taken
    window.close()
    assert room(gate) == 4
