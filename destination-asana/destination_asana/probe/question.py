"""What a question is, and what may come of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from destination_asana.asana import Client
from destination_asana.config import Config
from destination_asana.probe.trial import Trial

# The only kinds of values that a file for strangers may hold.
Fact = bool | int


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

    Neither word nor sentence holds anything that Asana said: no names, amounts or texts.
    """

    word: str
    sentence: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


class UnclearError(Exception):
    """The workspace does not tell. The message says what is missing, and what to do."""


class NotAskedError(Exception):
    """The probe does not ask this. The message says why."""


@dataclass(frozen=True)
class Subject:
    """The workspace that is asked. `trial` is None without a project; `patience` is how long to wait for search, in seconds."""

    config: Config
    client: Client
    trial: Trial | None
    patience: float

    def in_project(self) -> Trial:
        """The tasks of this run. Raises NotAskedError without a project."""
        if self.trial is None:
            raise NotAskedError(
                "it takes tasks, which the probe makes and deletes in a project that you name with --project"
            )
        return self.trial


@dataclass(frozen=True)
class Question:
    """A question. `touches` names the settings or promises that the answer concerns."""

    id: str
    text: str
    decides: str
    touches: str
    ask: Callable[[Subject], Answer]


def not_asked(why: str) -> Callable[[Subject], Answer]:
    """For a question that the probe leaves open."""

    def ask(_: Subject) -> Answer:
        raise NotAskedError(why)

    return ask
