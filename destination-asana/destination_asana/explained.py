"""Any error that ends a sync or a check, in the form that an Airbyte user reads."""

from __future__ import annotations

from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from destination_asana.asana import AsanaError, UnreachableError
from destination_asana.documents import RecordError
from destination_asana.errors import config_error


def explained(error: BaseException, doing: str) -> BaseException:
    """The error in words. `doing` names the activity that failed. An interrupt is not an error and comes back unchanged."""
    if isinstance(error, (AsanaError, UnreachableError)):
        return error.as_traced(doing)
    if isinstance(error, RecordError):
        return config_error(f"A record cannot be written. {error}")
    if isinstance(error, AirbyteTracedException) or not isinstance(error, Exception):
        return error
    return AirbyteTracedException(
        message="The connector met a case it was not built for. Nothing is lost: the next sync goes on from the last state. "
        "Please report it with the log of this sync.",
        internal_message=f"{type(error).__name__}: {error}",
        failure_type=FailureType.system_error,
        exception=error,
    )
