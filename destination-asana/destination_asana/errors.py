"""Errors that a user fixes in the settings, in the form that Airbyte shows."""

from __future__ import annotations

from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException


def config_error(message: str) -> AirbyteTracedException:
    """An error that the user fixes in the connector's settings. `message` says what is wrong and how to fix it."""
    return AirbyteTracedException(message=message, internal_message=message, failure_type=FailureType.config_error)
