"""Which lines are known to be in Asana without reading them: from what tasks remember, and from what this sync has done."""

from __future__ import annotations

import secrets
import threading

from destination_asana.planning.lines import LineMemory, Proof, Turn, memory_in

# With more failed documents than this, the sync proves nothing of those behind them.
MOST_FAILED = 20
# So many refused writes with a note, and none accepted, mean that Asana refuses the notes.
_MOST_DOUBTS = 3


class LineLedger:
    """The ledger of one register project. Thread-safe.

    Each new document of this sync gets a number with its task (`begin`) and reports when its lines are written (`finish`)
    or not (`fail`).
    """

    def __init__(self) -> None:
        self._run = secrets.token_hex(4)
        self._lock = threading.RLock()
        self._proofs: dict[str, Proof] = {}
        self._numbers = 0
        # All documents before `_low` have come to an end; `_ended` are later ones. `_shown` is what tasks say of `_low`.
        self._low = 0
        self._ended: set[int] = set()
        self._failed: set[int] = set()
        self._shown = 0
        self._last: str | None = None
        self._accepted = False
        self._doubts = 0
        self._refused = False

    # --- what tasks remember ---------------------------------------------------------------------------------------

    def note(self, data: str | None) -> None:
        """Takes note of the external data of a task that was read."""
        memory = memory_in(data) if data and "done=" in data else None
        if memory is not None:
            with self._lock:
                for proof in memory.proofs:
                    known = self._proofs.get(proof.run)
                    if known is None or known.before < proof.before:
                        self._proofs[proof.run] = proof

    def proves(self, memory: LineMemory) -> bool:
        """Whether the lines of a task with this memory were all written."""
        turn = memory.turn
        if turn is None:
            return True
        with self._lock:
            if turn.run == self._run:
                return (turn.number < self._low or turn.number in self._ended) and turn.number not in self._failed
            proof = self._proofs.get(turn.run)
        return proof is not None and proof.covers(turn)

    # --- the documents of this sync --------------------------------------------------------------------------------

    def begin(self, digest: str, kept: LineMemory | None = None) -> LineMemory | None:
        """The memory to write with a task before its lines; None if Asana takes none. `kept` is its present one."""
        with self._lock:
            if self._refused:
                return None
            turn = Turn(self._run, self._numbers)
            self._numbers += 1
            return LineMemory(digest, turn, self._said(kept))

    def finish(self, data: str | None, key: str) -> None:
        """All lines of the document `key`, whose task has this external data, are written."""
        memory = memory_in(data)
        if memory is None or not self._is_own(memory.turn):
            return
        with self._lock:
            self._last = key
            self._shown = max([self._shown, *(each.before for each in memory.proofs if each.run == self._run)])
            self._end(memory.turn)

    def fail(self, data: str | None) -> None:
        """The lines of a document are not, or may not be, as its memory says."""
        memory = memory_in(data)
        if memory is not None and self._is_own(memory.turn) and len(self._failed) < MOST_FAILED:
            with self._lock:
                if memory.turn is not None:
                    self._failed.add(memory.turn.number)
                self._end(memory.turn)

    def withdraw(self, data: str | None) -> None:
        """Asana has refused the task with this external data, so no task says so."""
        memory = memory_in(data)
        if memory is not None and self._is_own(memory.turn):
            with self._lock:
                self._end(memory.turn)

    def to_conclude(self) -> str | None:
        """The key of a document whose task should say at the end of the sync that the last documents have their lines."""
        with self._lock:
            return self._last if self._low > self._shown and not self._refused else None

    def concluded(self, memory: LineMemory) -> LineMemory:
        """The memory of that task, with the proof."""
        with self._lock:
            turn = memory.turn if not self.proves(memory) else None
            return LineMemory(memory.digest, turn, self._said(memory))

    # --- whether Asana takes the notes -----------------------------------------------------------------------------

    def accepted(self) -> None:
        """Asana has taken a write with a note."""
        self._accepted = True

    def refused(self, *, named: bool) -> bool:
        """Asana has refused a write with a note, perhaps because of it (`named`: certainly). Whether to try without it."""
        with self._lock:
            self._doubts += 1
            if named or (self._doubts >= _MOST_DOUBTS and not self._accepted):
                self._refused = True
            return named or not self._accepted

    @property
    def open(self) -> bool:
        """Whether Asana takes notes, as far as is known."""
        return not self._refused

    def _is_own(self, turn: Turn | None) -> bool:
        return turn is not None and turn.run == self._run

    def _end(self, turn: Turn | None) -> None:
        if turn is None or turn.number < self._low:
            return
        self._ended.add(turn.number)
        while self._low in self._ended:
            self._ended.remove(self._low)
            self._low += 1

    def _said(self, kept: LineMemory | None) -> tuple[Proof, ...]:
        others = [each for each in kept.proofs if each.run != self._run] if kept is not None else []
        own = [Proof(self._run, self._low, frozenset(self._failed))] if self._low else []
        return (*others, *own)
