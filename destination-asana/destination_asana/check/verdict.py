"""The verdict of a check: every subject in turn, the first that fails ends it."""

from __future__ import annotations

from airbyte_cdk.models import AirbyteConnectionStatus, Status
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from destination_asana.asana.errors import PLAN_EXPLANATION, AsanaError, UnreachableError
from destination_asana.check import access, assignees, custom_fields, streams
from destination_asana.check.subject import Subject
from destination_asana.config import Config
from destination_asana.errors import config_error

# In this order: what fails is told by its cause, which comes first.
SUBJECTS = (access.check_workspace, access.check_projects, custom_fields.check, streams.check, assignees.check)


def check(config: Config) -> AirbyteConnectionStatus:
    """The verdict in words; warnings of a passed check go into its message. Writes nothing."""
    try:
        subject = Subject.of(config)
        warnings = [warning for check_subject in SUBJECTS for warning in check_subject(subject)]
    except (AsanaError, UnreachableError, AirbyteTracedException) as error:
        return AirbyteConnectionStatus(status=Status.FAILED, message=str(_explained(error)))
    return AirbyteConnectionStatus(status=Status.SUCCEEDED, message=" ".join(warnings) or None)


def _explained(error: AsanaError | UnreachableError | AirbyteTracedException) -> AirbyteTracedException:
    if isinstance(error, AirbyteTracedException):
        return error
    if isinstance(error, AsanaError) and error.status == 402:
        return config_error(PLAN_EXPLANATION)
    return error.as_traced("Checking the access to Asana")
