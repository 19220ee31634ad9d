"""Which tasks that people have made are taken over for which documents. Pure.

A task is adopted when it is the only one that fits a document and no other document fits it. Nothing is guessed: in every
other case the document gets a task of its own, and the reason is reported.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from destination_asana.documents import Document, FieldValue, FieldValues, identity, number_of
from destination_asana.documents import fields as names
from destination_asana.planning.adoption.mentions import (
    amounts_in,
    in_cents,
    names_number,
    names_party,
    telling_word,
    without_number,
    words_in,
)


@dataclass(frozen=True, slots=True)
class HandMade:
    """A task without a Visma ID. `texts` are its name and its text fields, `numbers` the values of its number fields,
    `projects` those in which it was listed."""

    gid: str
    name: str
    texts: tuple[str, ...]
    numbers: tuple[Decimal, ...] = ()
    projects: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return f"“{self.name}” ({address(self.gid)})"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a document is recognised by: its number, and its supplier (or customer) or its amount. `projects` are those whose
    tasks it may take over."""

    visma_id: str
    number: str
    party: str | None = None
    amount: Decimal | None = None
    projects: frozenset[str] = frozenset()

    @classmethod
    def of(cls, document: Document, projects: Iterable[str] = ()) -> Claim:
        return cls._of(document.visma_id, document.supplier_name, document.fields.get(names.AMOUNT), projects)

    @classmethod
    def of_values(cls, visma_id: str, name: str, values: FieldValues) -> Claim:
        """The same for a document in Asana, by the name of its task and the values of its fields. The settings may leave out
        the supplier's field; the name contains it, too."""
        party = values.get(names.SUPPLIER) or values.get(names.CUSTOMER) or name.partition(" · ")[2] or None
        return cls._of(visma_id, party if isinstance(party, str) else None, values.get(names.AMOUNT), ())

    @classmethod
    def _of(cls, visma_id: str, party: str | None, amount: FieldValue | object, projects: Iterable[str]) -> Claim:
        # An amount of 0 tells no two documents apart.
        known = in_cents(amount) if isinstance(amount, (int, float)) and amount else None
        return cls(visma_id, number_of(visma_id).strip(), party, known, frozenset(projects))

    @property
    def key(self) -> str:
        return identity(self.visma_id)

    def is_named_by(self, task: HandMade) -> bool:
        """Whether the task contains the document's number."""
        return any(names_number(text, self.number) for text in task.texts)

    def fits(self, task: HandMade) -> bool:
        """Whether the task contains the document's number, and its supplier or its amount."""
        return self.is_named_by(task) and (self._party_is_in(task) or self._amount_is_in(task))

    def _party_is_in(self, task: HandMade) -> bool:
        return self.party is not None and any(names_party(text, self.party) for text in task.texts)

    def _amount_is_in(self, task: HandMade) -> bool:
        if self.amount is None:
            return False
        if any(in_cents(number) == self.amount for number in task.numbers):
            return True
        # The number itself may look like the amount.
        rest = (without_number(text, self.number) for text in task.texts)
        return any(self.amount in {in_cents(each) for each in amounts_in(text)} for text in rest)


@dataclass(frozen=True, slots=True)
class Match:
    """A document and the task to take over for it."""

    claim: Claim
    task: HandMade


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about a document: the task to take over, or the reason why none is. Without either, no task names the
    document's number. `doubtful` are the tasks that the reason is about."""

    claim: Claim
    task: HandMade | None = None
    reason: str = ""
    doubtful: tuple[HandMade, ...] = ()


@dataclass(slots=True)
class HandMadeTasks:
    """The tasks that people have made, by the words of their texts."""

    _tasks: dict[str, HandMade] = field(default_factory=dict)
    _by_word: dict[str, set[str]] = field(default_factory=dict)

    def add(self, task: HandMade) -> None:
        """Adds a task; one that is known gets its new texts and is in both projects."""
        known = self._tasks.get(task.gid)
        if known is not None:
            task = HandMade(task.gid, task.name, task.texts, task.numbers, task.projects | known.projects)
        self._tasks[task.gid] = task
        for word in {word for text in task.texts for word in words_in(text)}:
            self._by_word.setdefault(word, set()).add(task.gid)

    def remove(self, gid: str) -> None:
        self._tasks.pop(gid, None)

    def naming(self, number: str) -> list[HandMade]:
        """The tasks that contain a number as a whole word, in a fixed order."""
        gids = self._by_word.get(telling_word(number) or "", ())
        tasks = (self._tasks[gid] for gid in sorted(gids, key=lambda each: (len(each), each)) if gid in self._tasks)
        return [task for task in tasks if any(names_number(text, number) for text in task.texts)]

    def all(self) -> list[HandMade]:
        return list(self._tasks.values())


def decide(claims: Collection[Claim], others: Collection[Claim], tasks: HandMadeTasks) -> list[Decision]:
    """Decides about the documents of a checkpoint together. `others` are documents that are in Asana already, or that earlier
    checkpoints brought. The order of documents and tasks makes no difference."""
    rivals = _Rivals({claim.key: claim for claim in (*others, *claims)}.values())
    return [_decision(claim, rivals, tasks) for claim in claims]


class _Rivals:
    """Documents by a word of their number, so that a task is held only against those whose number it may contain."""

    def __init__(self, claims: Iterable[Claim]) -> None:
        self._by_word: dict[str, list[Claim]] = {}
        for claim in claims:
            word = telling_word(claim.number)
            if word is not None:
                self._by_word.setdefault(word, []).append(claim)

    def fitting(self, task: HandMade) -> Iterator[Claim]:
        """The documents that fit a task."""
        words = {word for text in task.texts for word in words_in(text)}
        return (claim for word in words for claim in self._by_word.get(word, ()) if claim.fits(task))


def _decision(claim: Claim, rivals: _Rivals, tasks: HandMadeTasks) -> Decision:
    named = [task for task in tasks.naming(claim.number) if task.projects & claim.projects]
    if not named:
        return Decision(claim)
    fitting = [task for task in named if claim.fits(task)]
    if not fitting:
        what = f"{_listed(named)} names the number" if len(named) == 1 else f"{_listed(named)} name the number"
        return Decision(claim, None, f"{what}, but neither the supplier nor the amount", tuple(named))
    if len(fitting) > 1:
        return Decision(claim, None, f"several tasks fit: {_listed(fitting)}", tuple(fitting))
    [task] = fitting
    also = sorted(each.visma_id for each in rivals.fitting(task) if each.key != claim.key)
    if also:
        return Decision(claim, None, f"{task} fits other documents as well: {', '.join(also)}", (task,))
    return Decision(claim, task)


def may_fit(number: str, words: Collection[str]) -> bool:
    """Whether the document of this number can fit a task with these words; a quick test before `fits`."""
    return telling_word(number) in words


def address(gid: str) -> str:
    """The address of a task in Asana."""
    return f"https://app.asana.com/0/0/{gid}"


def _listed(tasks: Iterable[HandMade]) -> str:
    return ", ".join(map(str, tasks))
