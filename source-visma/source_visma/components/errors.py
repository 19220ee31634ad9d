"""The kinds of failure, and how one ends a read."""

import logging
from typing import NoReturn

import requests
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.airbyte_secrets_utils import filter_secrets
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

LOGGER = logging.getLogger("airbyte")


class UnreadableAnswer(requests.RequestException):
    """Status 200, but the body is not the whole JSON that was asked for: cut, empty, an HTML page of a gateway."""


TRANSIENT = (
    UnreadableAnswer,
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
)


class NotAccepted(AirbyteTracedException):
    """Visma.net answered 400: it can do nothing with what was asked for."""


def give_up(kind: FailureType, message: str, error: type[AirbyteTracedException] = AirbyteTracedException) -> NoReturn:
    """Ends what is going on with a message for people, without a secret in it."""
    message = filter_secrets(message)
    raise error(message=message, internal_message=message, failure_type=kind) from None
