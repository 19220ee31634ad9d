"""What adoption did, in words: which tasks were taken over, which were not and why, and which fit nothing."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable

from destination_asana.documents import label_of
from destination_asana.planning.adoption import Claim, Decision, HandMade

logger = logging.getLogger("airbyte")

# Further documents without a task, and further tasks without a document, are only counted.
MOST_DOCUMENTS, MOST_TASKS = 50, 500
# Tasks named in one line of the log.
_IN_A_LINE = 50


class AdoptionReport:
    """Logs each decision when it is made, and the sums at the end. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._adopted: set[str] = set()
        self._uncertain: dict[str, Decision] = {}
        self._not_found: dict[str, str] = {}

    def adopted(self, claim: Claim, task: HandMade) -> None:
        """A document has taken over a task, or would in a dry run."""
        with self._lock:
            known = claim.key in self._adopted
            self._adopted.add(claim.key)
        if not known:
            logger.info(f"Adopted: {_named(claim)} takes over the task {task}.")

    def uncertain(self, decision: Decision) -> None:
        """A document takes over no task although some name its number."""
        with self._lock:
            self._uncertain[decision.claim.key] = decision
            self._adopted.discard(decision.claim.key)
        logger.warning(f"Not adopted: {_named(decision.claim)} takes over no task, because {decision.reason}.")

    def not_found(self, claim: Claim) -> None:
        """No task names the document's number."""
        with self._lock:
            self._not_found[claim.key] = claim.visma_id if len(self._not_found) < MOST_DOCUMENTS else ""

    def log(self, left: Iterable[HandMade]) -> None:
        """Logs the sums. `left` are the tasks that nothing was decided about."""
        with self._lock:
            named = sorted(visma_id for visma_id in self._not_found.values() if visma_id)
            more = len(self._not_found) - len(named)
            doubtful = {task.gid for decision in self._uncertain.values() for task in decision.doubtful}
            logger.info(
                f"Adoption: {len(self._adopted)} documents take over a task that people had made; {len(self._uncertain)} do "
                f"not, because it is not certain which (the reasons are above); for {len(self._not_found)} no task was found"
                f"{': ' if named else ''}{', '.join(named)}{f' and {more} more' if more else ''}."
            )
        tasks = [task for task in left if task.gid not in doubtful]
        shown = tasks[:MOST_TASKS]
        for start in range(0, len(shown), _IN_A_LINE):
            words = ", ".join(map(str, shown[start : start + _IN_A_LINE]))
            logger.info(
                f"Tasks without a Visma ID that no new document of this sync fits; they stay as they are: {words}."
            )
        if len(tasks) > len(shown):
            logger.info(f"So do {len(tasks) - len(shown)} more tasks.")


def _named(claim: Claim) -> str:
    return f"{claim.visma_id} ({label_of(claim.visma_id)})"
