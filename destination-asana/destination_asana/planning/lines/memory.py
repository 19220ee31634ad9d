"""What a task remembers of its lines, in Asana's external data, which no person sees. Pure.

`visma lines=3f2a91c0d4 turn=5e0c71aa:17 done=5e0c71aa:4`: a digest of the lines as the sync writes them, and two notes about
the sync `5e0c71aa`. The digest is written with the task, before its lines, so it holds only once they are all there:

- `turn`: the document was the 17th of that sync. It is missing if the lines were written before the digest.
- `done`: all documents of that sync before the 4th had their lines, whatever happened afterwards. Failed ones are named:
  `5e0c71aa:4!1!2`. Later tasks of the sync, and a last write at its end, say so of the earlier ones.

So a sync that is killed leaves digests that nothing proves, and the next sync reads those lines.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import orjson

from destination_asana.documents import Document, LineItem, identity

# Changes with what the sync writes of a line, so that the lines are read once after an update of the connector.
_FORM = 1
# How many finished syncs a task may speak for.
MOST_PROOFS = 3
_TEXT = re.compile(r"visma lines=([0-9a-f]{10})(?: turn=([0-9a-f]{8}):(\d+))?((?: done=[0-9a-f]{8}:\d+(?:!\d+)*)*)")
_PROOF = re.compile(r"done=([0-9a-f]{8}):(\d+)((?:!\d+)*)")


class Turn(NamedTuple):
    """A document's place in a sync."""

    run: str
    number: int


class Proof(NamedTuple):
    """The documents of a sync before a number have their lines, except the failed ones."""

    run: str
    before: int
    failed: frozenset[int] = frozenset()

    def covers(self, turn: Turn) -> bool:
        return turn.run == self.run and turn.number < self.before and turn.number not in self.failed


@dataclass(frozen=True, slots=True)
class LineMemory:
    """The content of the note: the digest, the `turn` if the lines were written after it, and what it says of others."""

    digest: str
    turn: Turn | None = None
    proofs: tuple[Proof, ...] = ()

    @property
    def text(self) -> str:
        turn = [f"turn={self.turn.run}:{self.turn.number}"] if self.turn else []
        done = [
            f"done={each.run}:{each.before}{''.join(f'!{number}' for number in sorted(each.failed))}"
            for each in self.proofs[-MOST_PROOFS:]
        ]
        return " ".join([f"visma lines={self.digest}", *turn, *done])


def memory_in(data: str | None) -> LineMemory | None:
    """The note in a task's external data; None if there is none, or if others have written something."""
    match = _TEXT.fullmatch(data or "")
    if match is None:
        return None
    digest, run, number, done = match.groups()
    proofs = [
        Proof(each[1], int(each[2]), frozenset(map(int, each[3].split("!")[1:]))) for each in _PROOF.finditer(done)
    ]
    return LineMemory(digest, Turn(run, int(number)) if run else None, tuple(proofs))


def lines_digest(document: Document) -> str | None:
    """The digest of a document's lines as the sync writes them. It changes with the document's version, so that any change
    in Visma mends what people did to the lines. None without a version, because nothing else would tell lines that change
    and change back."""
    if document.version is None:
        return None
    content = [_FORM, identity(document.visma_id), document.version, [_written(line) for line in document.lines]]
    return hashlib.sha256(orjson.dumps(content)).hexdigest()[:10]


def _written(line: LineItem) -> Sequence[object]:
    delivery = line.delivery
    return [line.number, line.name, None if delivery is None else [delivery.due_on, delivery.done]]
