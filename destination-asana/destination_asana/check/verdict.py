"""The verdict of a check: every subject in turn, the first that fails ends it."""

from __future__ import annotations

from airbyte_cdk.models import AirbyteConnectionStatus, Status
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from destination_asana.asana.errors import PLAN_EXPLANATION, AsanaError, UnreachableError
from destination_asana.check.subject import Subject
from destination_asana.check.subjects import SUBJECTS
from destination_asana.config import Config
from destination_asana.errors import config_error
from destination_asana.explained import explained


def check(config: Config) -> AirbyteConnectionStatus:
    """The verdict in words; warnings of a passed check go into its message. Writes nothing."""
    try:
        subject = Subject.of(config)
        warnings = [warning for check_subject in SUBJECTS for warning in check_subject(subject)]
    except (AsanaError, UnreachableError, AirbyteTracedException) as error:
        return AirbyteConnectionStatus(status=Status.FAILED, message=str(_words(error)))
    return AirbyteConnectionStatus(status=Status.SUCCEEDED, message=" ".join(warnings) or None)


def _words(error: AsanaError | UnreachableError | AirbyteTracedException) -> BaseException:
    if isinstance(error, AsanaError) and error.status == 402:
        return config_error(PLAN_EXPLANATION)
    return explained(error, "Checking the access to Asana")
