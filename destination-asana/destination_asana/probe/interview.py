"""Asks the questions in turn. Whatever happens, each one gets an outcome in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from destination_asana.asana import AsanaError, Refusal, UnreachableError
from destination_asana.probe.question import Answer, Fact, NotAskedError, Question, Status, Subject, UnclearError

_STATUSES = {
    Refusal.TOO_MANY_REQUESTS: (Status.LIMITED, "the rate limit stayed exhausted; run the probe again later"),
    Refusal.SERVER_FAULT: (Status.NO_ANSWER, "a fault on Asana's side"),
    Refusal.PREMIUM_NEEDED: (Status.REFUSED, "the workspace's plan does not include this"),
    Refusal.SCOPE_MISSING: (Status.REFUSED, "the OAuth app lacks a scope; full permissions include it"),
    Refusal.FULL_PERMISSIONS_NEEDED: (Status.REFUSED, "the OAuth app lacks full permissions"),
    Refusal.FORBIDDEN: (Status.REFUSED, "the token's user may not do this; edit rights on the project are needed"),
    Refusal.GONE: (Status.REFUSED, "Asana does not show it to the token's user"),
    Refusal.UNAUTHORIZED: (Status.REFUSED, "the access token is no longer accepted"),
}
_CONTENT = (Status.UNCLEAR, "Asana refuses the request for another reason than the one asked about; please report it")


@dataclass(frozen=True)
class Outcome:
    """What came of a question. `word` is empty unless it is answered."""

    question: Question
    status: Status
    sentence: str
    word: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)

    @property
    def line(self) -> str:
        """The question, the answer, and what it is good for, on one line."""
        sentence = self.sentence if self.status is Status.ANSWERED else f"{self.status}: {self.sentence}"
        question = self.question
        return (
            f"{question.id} · {question.text} {sentence[0].upper()}{sentence[1:]}. "
            f"Decides {question.decides}. Touches: {question.touches}."
        )


def interview(subject: Subject, questions: Iterable[Question], tell: Callable[[Outcome], None]) -> list[Outcome]:
    """Asks all questions and tells each outcome at once. Raises AsanaError or UnreachableError when Asana can no longer be
    reached, or no longer accepts the token."""
    outcomes = []
    for question in questions:
        outcome = _outcome(subject, question)
        if outcome.status in (Status.NO_ANSWER, Status.REFUSED):
            subject.client.get("/users/me", {"opt_fields": "name"})
        tell(outcome)
        outcomes.append(outcome)
    return outcomes


def _outcome(subject: Subject, question: Question) -> Outcome:
    try:
        answer: Answer = question.ask(subject)
    except NotAskedError as reason:
        return Outcome(question, Status.NOT_ASKED, str(reason))
    except UnclearError as reason:
        return Outcome(question, Status.UNCLEAR, str(reason))
    except AsanaError as error:
        status, sentence = _STATUSES.get(error.refusal, _CONTENT)
        return Outcome(question, status, f"{sentence} ({error.status})", facts={"status": error.status})
    except UnreachableError:
        return Outcome(question, Status.NO_ANSWER, "no usable answer came, after several attempts")
    except (ValueError, TypeError, AttributeError, KeyError):
        # The shape of an answer is what a probe is for: one that no code expects is worth a report.
        sentence = "the answer has a form that the probe does not know; please report it"
        return Outcome(question, Status.UNCLEAR, sentence)
    return Outcome(question, Status.ANSWERED, answer.sentence, answer.word, answer.facts)
