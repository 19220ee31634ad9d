"""The block of a task's description in which the sync remembers the projects it has added the task to. Pure.

One row lists the projects that the routes named when the task was last written. The sync writes it before it moves the task,
so that a sync that is killed in between leaves its intention. What follows a project says how it came to the list:

- nothing: the create call added the task to it;
- `(added later)`: the sync adds the task to it after this row is written;
- `(removed)`: the sync removes the task from it after this row is written;
- `(was there)`: somebody else had added the task to it, so the sync never removes it from there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from destination_asana.planning.descriptions import ROUTES, Block
from destination_asana.planning.routing.routes import Moves, Remembered

_THERE, _LATER, _REMOVED = "was there", "added later", "removed"
_ENTRY = re.compile(rf"([0-9]+)(?: \(({_THERE}|{_LATER}|{_REMOVED})\))?")


def block_of(moves: Moves, *, new: bool) -> Block:
    """The block to write before these moves; without rows if there is nothing to remember. A `new` task joins its projects
    in the create call."""
    remembered = moves.remembered
    how = dict.fromkeys(remembered.wanted - remembered.put, _THERE)
    if not new:
        how |= {each.project_gid: _LATER for each in moves.join}
    how |= dict.fromkeys(moves.leave, _REMOVED)
    entries = [f"{gid} ({how[gid]})" if gid in how else gid for gid in sorted(remembered.wanted | {*moves.leave})]
    return Block(ROUTES, (", ".join(entries),) if entries else ())


def remembered_in(blocks: Mapping[str, Sequence[str]]) -> Remembered | None:
    """Reads the memory from the marked blocks of a task. None if there is none, or if people have edited it."""
    rows = blocks.get(ROUTES.header, ())
    entries = [_ENTRY.fullmatch(text.strip()) for row in rows for text in row.split(",")]
    found = {each[1]: each[2] for each in entries if each is not None}
    if not found or None in entries:
        return None

    def those(*ways: str | None) -> frozenset[str]:
        return frozenset(gid for gid, way in found.items() if way in ways)

    return Remembered(those(None, _THERE, _LATER), those(None, _LATER), those(_LATER), those(_REMOVED))


def is_up_to_date(blocks: Mapping[str, Sequence[str]], present: Collection[str], moves: Moves) -> bool:
    """Whether the block of a task in the projects `present` says the same as the memory of these moves, in other words
    perhaps: once the moves before which it was written are made, they need no mention."""
    known = remembered_in(blocks)
    if moves or known is None:
        return False
    seen = known.seen(present)
    return (seen.wanted, seen.put) == (moves.remembered.wanted, moves.remembered.put)
