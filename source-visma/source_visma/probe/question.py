"""What a question is, and what may come of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from source_visma.probe.service import Service

# The only kinds of values that a file for strangers may hold; the texts are names of headers.
Fact = bool | int | list[str]


class Status(StrEnum):
    """What came of a question."""

    ANSWERED = "answered"
    UNCLEAR = "not clear"
    NOT_ASKED = "not asked"
    REFUSED = "refused"
    NO_ANSWER = "no answer"
    LIMITED = "rate limit"


@dataclass(frozen=True)
class Answer:
    """An answer: one of the few words that a question knows, the same as a sentence, and what it rests on.

    Neither word nor sentence holds anything that Visma said: no names, amounts or texts.
    """

    word: str
    sentence: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


class UnclearError(Exception):
    """The company's data do not tell. The message says what is missing, and what to do."""

    def __init__(self, sentence: str, **facts: Fact) -> None:
        super().__init__(sentence)
        self.facts = facts


class NotAskedError(Exception):
    """A reader cannot ask this. The message says why."""


@dataclass(frozen=True)
class Question:
    """A question. `touches` names the settings or promises that the answer concerns."""

    id: str
    text: str
    decides: str
    touches: str
    ask: Callable[[Service], Answer]


def not_asked(why: str) -> Callable[[Service], Answer]:
    """For a question that the probe leaves open."""

    def ask(_: Service) -> Answer:
        raise NotAskedError(why)

    return ask
