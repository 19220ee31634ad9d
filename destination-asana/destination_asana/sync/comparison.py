"""Proof that Asana equals Visma: a dry run that brings all documents compares both sides.

It logs counts and sums by stream, currency and status, and each document that differs, is missing or too many. All lines
begin with `Comparison`; the last one gives the verdict.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from destination_asana.board.fields import CustomFields
from destination_asana.documents import Document, company_of, identity, scopes_in
from destination_asana.documents import fields as names
from destination_asana.planning import GONE, Snapshot
from destination_asana.sync.comparing import Compared
from destination_asana.sync.registers import Registers

logger = logging.getLogger("airbyte")

CENT = Decimal("0.01")
# The subjects of findings that are no document.
STREAM, NAMELESS = "the stream", "a record without identity"
MISSING, DIFFERS = "is missing in Asana", "differs: "


@dataclass(frozen=True, slots=True)
class Entry:
    """One document on one side. `amount` is None if it has none."""

    currency: str
    status: str
    amount: Decimal | None

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Entry:
        amount = values.get(names.AMOUNT)
        number = Decimal(repr(amount)).quantize(CENT, ROUND_HALF_UP) if isinstance(amount, (int, float)) else None
        return cls(str(values.get(names.CURRENCY) or "–"), str(values.get(names.STATUS) or "–"), number)


@dataclass(slots=True)
class Cell:
    """Count and sum of one stream, currency and status on one side."""

    count: int = 0
    total: Decimal = Decimal("0.00")

    def add(self, entry: Entry) -> None:
        self.count += 1
        self.total += entry.amount or 0


class Comparison:
    """Collects both sides in a dry run. Thread-safe."""

    active = True

    def __init__(self, fields: CustomFields) -> None:
        self._fields = fields
        self._visma: dict[str, Entry] = {}
        self._asana: dict[str, Entry] = {}
        self._outside: dict[str, tuple[str, str]] = {}
        self._findings: dict[str, list[str]] = {}
        self._lock = threading.Lock()

    def pair(self, document: Document, current: Snapshot | None) -> None:
        with self._lock:
            self._visma[document.key] = Entry.of(document.fields)
            # A stand-in of the dry run for a task to be made has no gid.
            if current is not None and current.gid:
                self._asana[document.key] = self._entry_of(current)
                if current.elsewhere:
                    self._outside[document.key] = (document.visma_id, current.gid)

    def found(self, visma_id: str, words: str, *, new: bool) -> None:
        self._find(visma_id, MISSING if new else f"{DIFFERS}{words}")

    def rejected(self, visma_id: str | None, reason: str) -> None:
        self._find(visma_id or NAMELESS, f"cannot be written: {reason}")

    def conclude(self, streams: Sequence[Compared], registers: Registers) -> None:
        if not streams:
            return
        compared = [stream for stream in streams if self._came_whole(stream)]
        if not compared:
            logger.info("Comparison: nothing was compared, because no stream of documents came whole.")
            return
        self._keep({key for stream in compared for key in stream.arrivals.keys})
        cells: tuple[dict[tuple[str, str, str], Cell], dict[tuple[str, str, str], Cell]] = ({}, {})
        for stream in compared:
            extra = self._only_in_asana(stream, streams, registers)
            for key in stream.arrivals.keys:
                for side, entries in zip(cells, (self._visma, self._asana), strict=True):
                    _count(side, stream.route.stream, entries.get(key))
            for entry in extra:
                _count(cells[1], stream.route.stream, entry)
        for visma_id, gid in self._outside.values():
            self._find(visma_id, f"has its task {gid} outside the register project")
        self._log(
            cells, documents=len(self._visma.keys() & {key for stream in compared for key in stream.arrivals.keys})
        )

    def _keep(self, keys: set[str]) -> None:
        """Leaves out what was found of other documents. The plan of the dry run says it already."""
        with self._lock:
            kept = {NAMELESS, *keys}
            self._findings = {
                name: words
                for name, words in self._findings.items()
                if name.startswith(STREAM) or identity(name) in kept
            }

    def _came_whole(self, stream: Compared) -> bool:
        arrivals = stream.arrivals
        if arrivals.complete and not arrivals.nameless:
            return True
        self._find(f"{STREAM} {stream.route.stream}", "did not come whole, so that it is not compared")
        return False

    def _only_in_asana(self, stream: Compared, streams: Sequence[Compared], registers: Registers) -> list[Entry]:
        """The tasks of documents that Visma does not have, but for those that are marked as gone, and second tasks."""
        came = {key for each in streams for key in each.arrivals.keys}
        scopes, index = _scopes(stream, streams), registers.of(stream.route.project_gid).index
        listed = [each for each in index.all() if each.gid and identity(each.visma_id).startswith(scopes)]
        for each in listed:
            # The task of a document whose record was rejected counts, too.
            if identity(each.visma_id) in stream.arrivals.keys:
                self._asana.setdefault(identity(each.visma_id), self._entry_of(each))
        extra = {
            each.visma_id: (each.gid, entry)
            for each in listed
            if identity(each.visma_id) not in came and (entry := self._entry_of(each)).status != GONE
        }
        if extra and not stream.arrivals.keys:
            name = f"{STREAM} {stream.route.stream}"
            self._find(
                name, f"brought no document, but Asana has {len(extra)} tasks of it; see whether Visma refuses it"
            )
        else:
            for visma_id, (gid, _) in extra.items():
                self._find(visma_id, f"has a task in Asana, {gid}, but is not in Visma")
        second = [(older, newer) for older, newer in index.duplicates() if identity(older.visma_id).startswith(scopes)]
        for older, newer in second:
            self._find(older.visma_id, f"has two tasks, {older.gid} and {newer.gid}")
        return [*(entry for _, entry in extra.values()), *(self._entry_of(newer) for _, newer in second)]

    def _entry_of(self, snapshot: Snapshot) -> Entry:
        return Entry.of(self._fields.values.present(snapshot.values))

    def _find(self, visma_id: str, words: str) -> None:
        with self._lock:
            findings = self._findings.setdefault(visma_id, [])
            if words not in findings:
                findings.append(words)

    def _log(
        self, cells: tuple[dict[tuple[str, str, str], Cell], dict[tuple[str, str, str], Cell]], documents: int
    ) -> None:
        visma, asana = cells
        for key in sorted({*visma, *asana}):
            one, other = visma.get(key, Cell()), asana.get(key, Cell())
            logger.info(
                f"Comparison, {', '.join(key)}: Visma {one.count} documents, {one.total:.2f}; Asana {other.count} tasks, "
                f"{other.total:.2f}{'' if one == other else ' (not equal)'}."
            )
        said = [(visma_id, words) for visma_id, each in sorted(self._findings.items()) for words in _merged(each)]
        for visma_id, words in said:
            logger.warning(f"Comparison: {visma_id} {words}.")
        count = len(said)
        if count:
            logger.warning(f"Comparison: {count} differences in {documents} documents.")
        else:
            logger.info(f"Comparison: Asana equals Visma in {documents} documents.")


def _merged(findings: list[str]) -> list[str]:
    """What was found of one document. A document may be written in several steps, such as an order and then its sums; all
    that differs is one finding, and nothing of a missing document differs."""
    rest = [each for each in findings if not each.startswith(DIFFERS)]
    words = [each.removeprefix(DIFFERS) for each in findings if each.startswith(DIFFERS)]
    return [*rest, *([f"{DIFFERS}{'; '.join(words)}"] if words and MISSING not in rest else [])]


def _scopes(stream: Compared, streams: Sequence[Compared]) -> tuple[str, ...]:
    """The prefixes of the documents that a stream brings, also if it brought none in the companies of the others."""
    if stream.arrivals.scopes:
        return tuple(stream.arrivals.scopes)
    companies = {company_of(scope) for each in streams for scope in each.arrivals.scopes}
    return tuple(scopes_in(stream.route.source, companies))


def _count(side: dict[tuple[str, str, str], Cell], stream: str, entry: Entry | None) -> None:
    if entry is not None:
        side.setdefault((stream, entry.currency, entry.status), Cell()).add(entry)
