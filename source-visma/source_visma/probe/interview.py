"""Asks the questions in turn. Whatever happens, each one gets an outcome in words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from source_visma.probe.question import Answer, Fact, NotAskedError, Question, Status, UnclearError
from source_visma.probe.service import LimitedError, NoReplyError, RefusedError, Service, sign_in


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
        said = self.sentence if self.status is Status.ANSWERED else f"{self.status}: {self.sentence}"
        question = self.question
        return f"{question.id} · {question.text} {said[0].upper()}{said[1:]}. Decides {question.decides}. Touches: {question.touches}."


def interview(service: Service, questions: Iterable[Question], tell: Callable[[Outcome], None]) -> list[Outcome]:
    """Asks all questions and tells each outcome at once. Raises config_error or transient_error when the service can no
    longer be reached."""
    outcomes = []
    for question in questions:
        outcome = _outcome(service, question)
        if outcome.status is Status.NO_ANSWER:
            sign_in(service)  # ends the probe if nothing else is answered either
        tell(outcome)
        outcomes.append(outcome)
    return outcomes


def _outcome(service: Service, question: Question) -> Outcome:  # noqa: PLR0911
    try:
        answer: Answer = question.ask(service)
    except NotAskedError as reason:
        return Outcome(question, Status.NOT_ASKED, str(reason))
    except UnclearError as reason:
        return Outcome(question, Status.UNCLEAR, str(reason), facts=reason.facts)
    except RefusedError as refused:
        return Outcome(question, Status.REFUSED, _why(refused.status), facts={"status": refused.status})
    except LimitedError:
        return Outcome(question, Status.LIMITED, "the rate limit is used up; run the probe again in an hour")
    except NoReplyError as error:
        return Outcome(question, Status.NO_ANSWER, f"{error}")
    except (ValueError, TypeError, AttributeError, KeyError, ArithmeticError):
        # The shape of an answer is what a probe is for: one that no code expects is worth a report.
        return Outcome(question, Status.UNCLEAR, "the answer has a form that the probe does not know; please report it")
    return Outcome(question, Status.ANSWERED, answer.sentence, answer.word, answer.facts)


def _why(status: int) -> str:
    if status in (401, 403):
        return (
            f"the token may not read the list ({status}); the company may lack the module, or the application the right"
        )
    if status == 404:
        return "there is no such list (404); the company may lack the module"
    return f"status {status}"
