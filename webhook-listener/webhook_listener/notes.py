"""The lines from Asana in a Visma note. They stand at its end; the text of others stays unchanged. Pure.

A note gets the line `--- Asana ---` once, and below it one line for each event, which begins with `Asana · ` and a time.
destination-asana recognises these lines by that form and does not write them back to Asana.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence

from webhook_listener import clock
from webhook_listener.events import Act

HEADER = "--- Asana ---"
PREFIX = "Asana · "
# The maximum length of a note is not documented. This leaves people far more room than they use.
MAX_NOTE = 4000
MAX_LINE = 300
_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


class FullError(Exception):
    """The text of others leaves no room for a line."""


def line(what: Act, who: str, detail: str | None, at: str, precise: bool = False) -> str:
    """`Asana · 2026-11-23 10:15 UTC · completed by Kari Nordmann`; `precise` adds seconds and milliseconds."""
    stamp = clock.iso(clock.parse(at) or 0.0)
    moment = f"{stamp[:10]} {stamp[11:23] if precise else stamp[11:16]} UTC"
    if what == Act.ASSIGNED:
        words = "unassigned" if detail == "to nobody" else f"assigned {detail or ''}".strip()
        text = f"{words} by {who}"
    elif what == Act.COMMENTED:
        text = f"comment by {who}: {detail}" if detail else f"comment by {who}"
    else:
        text = f"{what} by {who}"
    # Control characters that people typed would end the line for some readers and be illegal text for others.
    plain = "".join(" " if unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") else letter for letter in text)
    whole = f"{PREFIX}{moment} · {' '.join(plain.split())}"
    return whole if len(whole) <= MAX_LINE else f"{whole[: MAX_LINE - 1]}…"


def missing(note: str, lines: Sequence[str]) -> list[str]:
    """The lines that the note does not contain yet."""
    held = {held.rstrip() for held in _LINES.findall(note)}
    return [line for line in lines if line.rstrip() not in held]


def add(note: str, lines: Sequence[str], ours: Collection[str] = (), limit: int = MAX_NOTE) -> str:
    """The note with the lines at its end.

    While the note is longer than `limit`, the oldest of `ours` are removed: earlier lines of the listener that nobody has
    changed. Raises FullError if that does not make room for the new lines.
    """
    ending = "\r\n" if "\r\n" in note else "\n"
    kept = _LINES.findall(note)
    if kept and not kept[-1].endswith(("\r", "\n")):
        kept[-1] += ending
    if not any(line.rstrip("\r\n") == HEADER for line in kept):
        kept.append(HEADER + ending)
    old = [position for position, line in enumerate(kept) if line.rstrip("\r\n") in ours]
    kept += [line + ending for line in lines]
    while len(whole := "".join(kept).removesuffix(ending)) > limit:
        if not old:
            raise FullError
        kept[old.pop(0)] = ""
    return whole
