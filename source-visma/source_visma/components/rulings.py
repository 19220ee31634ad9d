"""What the manifest's error table says about an answer, or about a request without one."""

from typing import NamedTuple

import requests
from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.streams.http.error_handlers import ErrorHandler, ResponseAction
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_visma.components.errors import REFUSED, TRANSIENT, NotAvailable, UnreadableAnswer
from source_visma.components.words import in_words, message_of

UNSENT = "Check api_url, and the settings of this machine for proxies and certificates."
NO_LICENCE = "12027"  # the gateway's code for a company without a licence


class Ruling(NamedTuple):
    """What to do, what to tell people, and whose fault it is."""

    action: ResponseAction
    message: str
    kind: FailureType


def ruling_on(
    problem: requests.Response | requests.RequestException, handler: ErrorHandler | None, stream: str
) -> Ruling:
    """The ruling on a problem of this stream."""
    if isinstance(problem, requests.RequestException):
        return _without_answer(problem, stream)
    assert handler is not None
    found = handler.interpret_response(problem)
    action = found.response_action
    if action in (None, ResponseAction.SUCCESS):
        action = ResponseAction.RETRY
    message = f"{stream}: {found.error_message} (Visma.net said: {problem.status_code} {message_of(problem)})"
    lasting = 400 <= problem.status_code < 500 or lacks_licence(problem)
    kind = FailureType.config_error if lasting else FailureType.transient_error
    return Ruling(action or ResponseAction.RETRY, message, kind)


def _without_answer(problem: requests.RequestException, stream: str) -> Ruling:
    if not isinstance(problem, TRANSIENT):
        return Ruling(ResponseAction.FAIL, f"{stream}: {problem}. {UNSENT}", FailureType.config_error)
    advice = getattr(problem, "advice", UnreadableAnswer.advice)
    return Ruling(ResponseAction.RETRY, f"{stream}: {in_words(problem)}. {advice}", FailureType.transient_error)


def lacks_licence(problem: requests.Response) -> bool:
    """Whether the gateway says so, with whatever status."""
    return message_of(problem).startswith(NO_LICENCE)


def kind_of_refusal(problem: requests.Response | requests.RequestException) -> type[AirbyteTracedException]:
    """What is refused: the whole list, or this request."""
    if not isinstance(problem, requests.Response):
        return AirbyteTracedException
    if lacks_licence(problem):
        return NotAvailable
    return REFUSED.get(problem.status_code, AirbyteTracedException)
