"""The verdict of a check. It goes through the subjects in turn and ends at the first failure."""

from __future__ import annotations

from airbyte_cdk.models import AirbyteConnectionStatus, Status
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from destination_asana.asana import PLAN_EXPLANATION, AsanaError, Refusal, UnreachableError
from destination_asana.check.subject import Subject
from destination_asana.check.subjects import SUBJECTS
from destination_asana.config import Config
from destination_asana.errors import config_error
from destination_asana.explained import explained


def check(config: Config) -> AirbyteConnectionStatus:
    """Checks the settings. The message contains the error or the warnings. Writes nothing."""
    try:
        subject = Subject.of(config)
        warnings = [warning for check_subject in SUBJECTS for warning in check_subject(subject)]
    except (AsanaError, UnreachableError, AirbyteTracedException) as error:
        return AirbyteConnectionStatus(status=Status.FAILED, message=str(_in_words(error)))
    return AirbyteConnectionStatus(status=Status.SUCCEEDED, message=" ".join(warnings) or None)


def _in_words(error: AsanaError | UnreachableError | AirbyteTracedException) -> BaseException:
    if isinstance(error, AsanaError) and error.refusal is Refusal.PREMIUM_NEEDED:
        return config_error(PLAN_EXPLANATION)
    return explained(error, "Checking the access to Asana")
