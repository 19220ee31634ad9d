"""What a sync did, per stream, in numbers and words."""

from __future__ import annotations

import logging
import threading
from collections import Counter

from destination_asana.asana.client import Client
from destination_asana.asana.gate import MAX_READS_IN_FLIGHT, MAX_WRITES_IN_FLIGHT
from destination_asana.board.fields.values import CustomFields
from destination_asana.board.members import Assignees
from destination_asana.documents import fields as names
from destination_asana.documents.document import Document
from destination_asana.planning.actions import Action

logger = logging.getLogger("airbyte")

# More of them are only counted.
MOST_NAMED = 50


class Summary:
    """Counts actions per stream. Thread-safe."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[Action]] = {}
        self._without_amounts: set[str] = set()
        self._superseded: list[str] = []
        self._lock = threading.Lock()

    def count(self, stream: str, action: Action, number: int = 1) -> None:
        with self._lock:
            self._counts.setdefault(stream, Counter())[action] += number

    def superseded(self, stream: str, visma_id: str, version: str | None, newer: str | None) -> None:
        """Counts a version of a document that is older than what Asana has of it."""
        self.count(stream, Action.SUPERSEDED)
        with self._lock:
            self._superseded.append(f"{visma_id} ({version}; Asana has {newer})")

    def without_amounts(self, document: Document) -> None:
        """Warns, once, of a document whose amounts cannot all be told in its own currency."""
        with self._lock:
            known = document.key in self._without_amounts
            self._without_amounts.add(document.key)
        if not known:
            logger.warning(
                f"{document.visma_id}: amounts stay empty, since the record tells them in the company's currency only and not "
                f"in {document.fields.get(names.CURRENCY) or 'its own'}. Look them up in Visma, by this number."
            )

    def log(self, client: Client, assignees: Assignees, fields: CustomFields) -> None:
        """Tells the whole story at the end of a sync, one line per stream and one for the traffic."""
        for stream, counts in sorted(self._counts.items()):
            told = ", ".join(f"{counts[action]} {action}" for action in Action if counts[action])
            logger.info(f"{stream}: {told or 'nothing'}.")
        if self._superseded:
            named, more = self._superseded[:MOST_NAMED], len(self._superseded) - MOST_NAMED
            told = "; ".join([*named, *([f"{more} more"] if more > 0 else [])])
            logger.info(f"Older versions, passed over since Asana has a later one: {told}.")
        traffic, gate = client.traffic, client.gate
        logger.info(
            f"Asana: {traffic.reads} reads, {traffic.writes} writes, {traffic.repeats} repeats, {traffic.lost_answers} lost "
            f"answers looked up; {gate.pauses} pauses for rate limits, {gate.seconds_waited:.0f} s in all; at most "
            f"{gate.peak_reads} of {MAX_READS_IN_FLIGHT} reads and {gate.peak_writes} of {MAX_WRITES_IN_FLIGHT} writes at once."
        )
        if self._without_amounts:
            logger.warning(
                f"Documents with amounts that cannot be told in their own currency: {len(self._without_amounts)}, named above. "
                "They come with the next sync that brings these documents with totals in both currencies."
            )
        for name, options in sorted(fields.left_out.items()):
            logger.warning(
                f"The field “{fields.title(name)}” is at Asana's limit of 500 options, disabled ones included. Left out: "
                f"{', '.join(sorted(options))}. Asana cannot delete options; use a new field or disable accounts in Visma "
                "before the first sync."
            )
        if assignees.unmatched:
            total = sum(assignees.unmatched.values())
            shown = ", ".join(f"{name} ({count})" for name, count in assignees.unmatched.most_common())
            logger.info(f"No entry of the supplier mapping fits {total} documents, for review: {shown}.")
