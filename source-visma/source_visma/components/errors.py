"""The kinds of failure, and how one ends a read.

AirbyteTracedException: ends a stream, with words for people
  Unanswered: no usable answer came, however often it was asked for; a smaller request may be answered
  NotAccepted: 400, Visma.net can do nothing with what was asked for
  NotFound: 404
requests.RequestException: no usable answer this time
  UnreadableAnswer: status 200, and not the JSON that was asked for
    ImpureAnswer: all there, with characters that JSON does not allow
    SaidInstead: words of the service in place of what was asked for
      Refusal: those of its gateway, which mean the same as with their usual status
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import requests
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.airbyte_secrets_utils import filter_secrets
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

LOGGER = logging.getLogger("airbyte")
# Control characters (line ends, escape sequences), Unicode's line ends, marks of direction, halves of surrogate pairs.
DECEPTIVE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")


def printable(text: str) -> str:
    """A text of others that cannot pass for more than a part of its line, such as a line of the log of its own."""
    return DECEPTIVE.sub(" ", text)


class UnreadableAnswer(requests.RequestException):
    """Status 200, but the body is not the whole JSON that was asked for: cut, empty, an HTML page of a gateway."""

    advice = "Check that this machine reaches Visma.net (firewall, proxy, api_url), and try again."


class ImpureAnswer(UnreadableAnswer):
    """The whole JSON, but with characters that JSON does not allow; ``mended`` is the answer without them."""

    def __init__(self, message: str, mended: requests.Response) -> None:
        super().__init__(message)
        self.mended = mended


class SaidInstead(UnreadableAnswer):
    """Status 200, but with a message of the service in place of the list."""

    advice = "Try again later; if it goes on saying so, ask Visma's support."


class Refusal(SaidInstead):
    """Status 200, but the gateway says why it refuses; ``usual`` is this answer with the status it usually comes with."""

    def __init__(self, message: str, usual: requests.Response) -> None:
        super().__init__(message)
        self.usual = usual


TRANSIENT = (
    UnreadableAnswer,
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
)


@contextmanager
def known_errors() -> Iterator[None]:
    """Within it, all that can go wrong with a request is a RequestException. requests itself lets some through: a host that is
    no name, a file of certificates that is not there."""
    try:
        yield
    except requests.RequestException:
        raise
    except (OSError, ValueError) as error:
        raise requests.RequestException(str(error)) from error


class Unanswered(AirbyteTracedException):
    """No usable answer came, however often the request was sent."""


class NotAccepted(AirbyteTracedException):
    """Visma.net answered 400: it does not accept the request."""


class NotFound(AirbyteTracedException):
    """Visma.net answered 404."""


class NotAvailable(AirbyteTracedException):
    """Visma.net refuses the whole list: the company has no licence or module for it."""


REFUSED = {400: NotAccepted, 403: NotAvailable, 404: NotFound}


def give_up(kind: FailureType, message: str, error: type[AirbyteTracedException] = AirbyteTracedException) -> NoReturn:
    """Ends the present step with a message for people, without a secret in it."""
    message = printable(filter_secrets(message))
    raise error(message=message, internal_message=message, failure_type=kind) from None
