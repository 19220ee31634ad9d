"""Errors that a user mends in the settings, in the form Airbyte shows."""

from __future__ import annotations

from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException


def config_error(message: str) -> AirbyteTracedException:
    """An error the user mends in the connector's settings; `message` says what and how."""
    return AirbyteTracedException(message=message, internal_message=message, failure_type=FailureType.config_error)
