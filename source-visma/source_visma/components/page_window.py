"""Pages that are fetched ahead of their reader."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future

import requests

from source_visma.components.gate import Gate
from source_visma.components.pieces import Piece

Ahead = tuple[Piece, "Future[requests.Response] | None"]


class PageWindow:
    """Hands out the pieces of a plan in order, each with its answer on the way, as many ahead as the gate has room for.

    A piece comes without an answer when the other streams took all the room.
    """

    def __init__(self, gate: Gate, plan: Iterator[Piece], answer: Callable[[Piece], requests.Response]) -> None:
        self._gate, self._plan, self._answer = gate, plan, answer
        self._ahead: deque[tuple[Piece, Future[requests.Response]]] = deque()

    def __iter__(self) -> Iterator[Ahead]:
        """The pieces. Each time one is taken, the window is filled first."""
        while True:
            self._fill()
            if self._ahead:
                yield self._ahead.popleft()
                continue
            piece = next(self._plan, None)
            if piece is None:
                return
            yield piece, None

    def free(self) -> None:
        """Gives back the room of an answer that was parsed."""
        self._gate.room_ahead.release()

    def close(self) -> None:
        """Calls off what is on its way, and gives back its room."""
        for _, answer in self._ahead:
            answer.cancel()
            self.free()
        self._ahead.clear()

    def _fill(self) -> None:
        while self._gate.room_ahead.acquire(blocking=False):
            piece = next(self._plan, None)
            if piece is None:
                self.free()
                return
            self._ahead.append((piece, self._gate.pool.submit(self._answer, piece)))
