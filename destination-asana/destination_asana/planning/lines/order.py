"""The fewest moves that bring items into order. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence


def moves(current: Sequence[str], wanted: Sequence[str]) -> list[tuple[str, str | None]]:
    """The fewest moves that bring the gids `current` into the order `wanted`: pairs of a gid and the gid to put it behind.

    None as the second gid means the front. Gids in `current` that are not in `wanted` keep their place.
    """
    position = {gid: index for index, gid in enumerate(current)}
    in_place = _longest_increasing([gid for gid in wanted if gid in position], position)
    result: list[tuple[str, str | None]] = []
    previous: str | None = None
    for gid in wanted:
        if gid not in in_place:
            result.append((gid, previous))
        previous = gid
    return result


def _longest_increasing(gids: Sequence[str], position: dict[str, int]) -> set[str]:
    """The largest set of gids that already stand in the right order among themselves."""
    # For each length: the gid that ends the increasing row with the smallest last position, and that position.
    ends: list[str] = []
    last_positions: list[int] = []
    before: dict[str, str | None] = {}
    for gid in gids:
        length = bisect_left(last_positions, position[gid])
        before[gid] = ends[length - 1] if length else None
        ends[length : length + 1] = [gid]
        last_positions[length : length + 1] = [position[gid]]
    kept: set[str] = set()
    gid_kept = ends[-1] if ends else None
    while gid_kept is not None:
        kept.add(gid_kept)
        gid_kept = before[gid_kept]
    return kept
