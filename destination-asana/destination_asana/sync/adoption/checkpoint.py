"""The documents of a checkpoint, which are decided about together."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from destination_asana.board import HandMadeListing
from destination_asana.documents import number_of
from destination_asana.planning.adoption import Claim, Decision, Match, decide, may_fit, words_in
from destination_asana.sync.adoption.report import AdoptionReport
from destination_asana.sync.registers import Register, Registers
from destination_asana.sync.work import Work


class CheckpointAdoption:
    """Decides which new documents take over which tasks. One for the whole sync. Thread-safe.

    Only documents whose number some task names are held back until their checkpoint ends. All others are created at once,
    because they fit no task.
    """

    def __init__(
        self,
        hand_made: HandMadeListing,
        registers: Registers,
        work: Work,
        show_progress: Callable[[], None],
        report: AdoptionReport,
    ) -> None:
        self._hand_made = hand_made
        self._registers = registers
        self._work = work
        self._show_progress = show_progress
        self._report = report
        self._lock = threading.Lock()
        self._held: list[Callable[[], None]] = []
        self._claims: dict[str, Claim] = {}
        # In a dry run, documents of earlier checkpoints are not in Asana.
        self._earlier: dict[str, Claim] = {}
        self._decisions: dict[str, Decision] = {}

    # --- the workers' side -----------------------------------------------------------------------------------------

    def waits(self, claim: Claim, register: Register) -> bool:
        """Whether a document that has no task is decided about at the end of its checkpoint."""
        if claim.key in self._decisions:
            return False
        self._hand_made.complete(register.project_gid, register.index.list_for_observer)
        if not self._hand_made.naming(claim.number):
            self._report.not_found(claim)
            return False
        with self._lock:
            # Of several versions of a document the last one counts.
            self._claims[claim.key] = claim
        return True

    def match_of(self, key: str) -> Match | None:
        """The task that a document (by the identity of its Visma ID) takes over."""
        decision = self._decisions.get(key)
        return Match(decision.claim, decision.task) if decision is not None and decision.task is not None else None

    def adopted(self, match: Match) -> None:
        """A document has taken over its task."""
        self._report.adopted(match.claim, match.task)

    def lapsed(self, key: str, reason: str) -> None:
        """The task of a document cannot be taken over, or is no longer there."""
        match = self.match_of(key)
        if match is not None:
            decision = Decision(match.claim, None, f"{match.task} {reason}", (match.task,))
            self._decisions[key] = decision
            self._report.uncertain(decision)

    # --- the checkpoint --------------------------------------------------------------------------------------------

    @property
    def held(self) -> int:
        return len(self._held)

    def hold(self, release: Callable[[], None]) -> None:
        with self._lock:
            self._held.append(release)

    def decide(self) -> None:
        self._work.drain(self._show_progress)
        if self._work.broken or not self._held:
            return
        with self._lock:
            held, self._held = self._held, []
            claims, self._claims = self._claims, {}
        for decision in self._decided(list(claims.values())):
            self._decisions[decision.claim.key] = decision
            if decision.task is not None:
                self._hand_made.taken(decision.task.gid)
            elif decision.reason:
                self._report.uncertain(decision)
            else:
                self._report.not_found(decision.claim)
        self._earlier |= claims
        for release in held:
            release()

    def _decided(self, claims: list[Claim]) -> list[Decision]:
        earlier, tasks = list(self._earlier.values()), self._hand_made.tasks
        first = decide(claims, earlier, tasks)
        matches = [Match(each.claim, each.task) for each in first if each.task is not None]
        if not matches:
            return first
        return decide(claims, [*earlier, *self._in_asana(matches)], tasks)

    def _in_asana(self, matches: Iterable[Match]) -> list[Claim]:
        """The documents in Asana that may fit one of these tasks."""
        words = {word for match in matches for text in match.task.texts for word in words_in(text)}
        registers = self._registers.all()
        found = [
            snapshot
            for register in registers
            for snapshot in register.index.matching(lambda each: may_fit(number_of(each.visma_id), words))
        ]
        if registers:
            # The rest of the workspace: other companies, and documents that people have moved.
            found += registers[0].index.elsewhere(sorted({match.claim.number for match in matches}))
        claims = [self._hand_made.claim_of(snapshot) for snapshot in found]
        return [*claims, *(each for each in self._hand_made.documents() if may_fit(each.number, words))]

    def log(self) -> None:
        self._report.log(self._hand_made.tasks.all())
