"""What a sync did, by stream, in numbers and words."""

from __future__ import annotations

import logging
import threading
from collections import Counter

from destination_asana.asana import MAX_READS_IN_FLIGHT, MAX_WRITES_IN_FLIGHT, Client
from destination_asana.board import Assignees
from destination_asana.board.fields import CustomFields
from destination_asana.documents import Document, identity
from destination_asana.documents import fields as names
from destination_asana.planning import Action

logger = logging.getLogger("airbyte")

# What can be done to a document in one sync, the strongest first.
_STRENGTH = {
    action: place
    for place, action in enumerate(
        (
            Action.CREATED,
            Action.ADOPTED,
            Action.COMPLETED,
            Action.REOPENED,
            Action.UPDATED,
            Action.UNCHANGED,
        )
    )
}
# Further ones are only counted.
MOST_NAMED = 50


class Summary:
    """Counts actions per stream: records, options, and each document once, by the strongest of its outcomes. Thread-safe."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[Action]] = {}
        # By the hash of their identity, because there may be a hundred thousand.
        self._documents: dict[str, dict[int, Action]] = {}
        self._without_amounts: set[str] = set()
        self._superseded: list[str] = []
        self._assigned: Counter[str] = Counter()
        self._lock = threading.Lock()

    def count(self, stream: str, action: Action, number: int = 1) -> None:
        with self._lock:
            self._counts.setdefault(stream, Counter())[action] += number

    def document(self, stream: str, visma_id: str, action: Action) -> None:
        """Counts what was done to a document, in place of anything weaker that was counted for it."""
        key = hash(identity(visma_id))
        with self._lock:
            documents = self._documents.setdefault(stream, {})
            before = documents.get(key)
            if before is not None and _STRENGTH[before] <= _STRENGTH[action]:
                return
            documents[key] = action
            counts = self._counts.setdefault(stream, Counter())
            counts[action] += 1
            if before is not None:
                counts[before] -= 1

    def assigned(self, gid: str) -> None:
        """Counts a task that the sync has assigned to a member."""
        with self._lock:
            self._assigned[gid] += 1

    def superseded(self, stream: str, visma_id: str, version: str | None, newer: str | None) -> None:
        """Counts a version of a document that is older than the one in Asana."""
        self.count(stream, Action.SUPERSEDED)
        with self._lock:
            self._superseded.append(f"{visma_id} ({version}; Asana has {newer})")

    def without_amounts(self, document: Document) -> None:
        """Warns once of a document for which some amounts are unknown in its own currency."""
        with self._lock:
            known = document.key in self._without_amounts
            self._without_amounts.add(document.key)
        if not known:
            logger.warning(
                f"{document.visma_id}: amounts stay empty, because the record gives them only in the company's currency and not "
                f"in {document.fields.get(names.CURRENCY) or 'its own'}. Look them up in Visma, by this number."
            )

    def rows(self) -> list[str]:
        """What the sync did, one row per stream."""
        return [
            f"{stream}: {', '.join(f'{counts[each]} {each}' for each in Action if counts[each]) or 'nothing'}"
            for stream, counts in sorted(self._counts.items())
        ]

    def log(self, client: Client, assignees: Assignees, fields: CustomFields) -> None:
        """Logs the summary at the end of a sync: one line per stream and one for the traffic."""
        for row in self.rows():
            logger.info(f"{row}.")
        if self._superseded:
            named, more = self._superseded[:MOST_NAMED], len(self._superseded) - MOST_NAMED
            words = "; ".join([*named, *([f"{more} more"] if more > 0 else [])])
            logger.info(f"Older versions, skipped because Asana has a later one: {words}.")
        traffic, gate = client.traffic, client.gate
        logger.info(
            f"Asana: {traffic.reads} reads, {traffic.writes} writes, {traffic.repeats} repeats, {traffic.lost_answers} lost "
            f"answers looked up; {gate.pauses} pauses for rate limits, {gate.seconds_waited:.0f} s in all; at most "
            f"{gate.peak_reads} of {MAX_READS_IN_FLIGHT} reads and {gate.peak_writes} of {MAX_WRITES_IN_FLIGHT} writes at once"
            f"{'' if gate.per_minute is None else f'; Asana lets about {gate.per_minute:.0f} calls a minute through'}."
        )
        if self._without_amounts:
            logger.warning(
                f"Documents with amounts that are unknown in their own currency: {len(self._without_amounts)}, named above. "
                "They come with the next sync that brings these documents with totals in both currencies."
            )
        for name, options in sorted(fields.options.left_out.items()):
            logger.warning(
                f"The field “{fields.catalog.title(name)}” is at Asana's limit of 500 options, disabled ones included. Left out: "
                f"{', '.join(sorted(options))}. Asana cannot delete options; use a new field or disable accounts in Visma "
                "before the first sync."
            )
        if self._assigned:
            shown = ", ".join(f"{assignees.name_of(gid)} {count}" for gid, count in self._assigned.most_common())
            logger.info(
                f"Assigned to people: {self._assigned.total()} tasks ({shown}). Asana puts each of them into its assignee's inbox."
            )
        if assignees.unmatched:
            total = sum(assignees.unmatched.values())
            names = ", ".join(f"{name} ({count})" for name, count in assignees.unmatched.most_common())
            logger.info(f"No entry of the supplier mapping matches {total} documents, for review: {names}.")
