"""The meaning of Asana's refusals about custom fields, and who can fix them. Pure."""

from __future__ import annotations

from collections.abc import Callable

from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from destination_asana.asana import OF_CONTENT, OF_RIGHTS, PLAN_EXPLANATION, AsanaError, Cause, Refusal
from destination_asana.documents import RecordError
from destination_asana.documents import fields as names
from destination_asana.errors import config_error

# Older texts of Asana's mention 20; the present limit is not documented.
MANY_FIELDS = 20
# Without these fields a task does not show its document.
_INDISPENSABLE = (names.VISMA_ID, names.AMOUNT, names.CURRENCY, names.STATUS)


class FieldGoneError(AirbyteTracedException):
    """A field was deleted, or hidden from the token's user, while the sync was adding an option to it."""


def of_option(error: AsanaError, field: str, option: str, doing: str) -> Exception:
    """The error for an option that cannot be added or changed (`doing`). If Asana does not accept the value (400), the
    record is at fault; otherwise the settings are."""
    what = f"{doing} the option “{option}” of the field “{field}”"
    if error.refusal is Refusal.NOT_ACCEPTED:
        return RecordError(field, f"Asana refuses the option “{option}”: “{error.message}” ({error.status})")
    if error.refusal in OF_RIGHTS:
        return config_error(
            f"{what} failed: Asana said “{error.message}” ({error.status}). Likely cause: the token's user may use the custom field “{field}”, "
            "but not change it, and every new account, cost centre or status is a new option. What to do: whoever made the "
            "field, or one of its administrators (in Asana: the field's settings, Permissions), makes the token's user an "
            "editor of the field; locked fields have to be unlocked first. Then run the sync again; nothing is lost."
        )
    if error.refusal is Refusal.GONE:
        text = (
            f"{what} failed: Asana said “{error.message}” ({error.status}). Likely cause: somebody has deleted this field, or "
            "hidden it from the token's user, during the sync. What to do: share it with that user if it still exists, then run the sync "
            "again; a field that was deleted is made anew, and nothing is lost."
        )
        return FieldGoneError(message=text, internal_message=text, failure_type=FailureType.config_error)
    return of_field(error, what)


def of_attaching(
    error: AsanaError, field: str, project_gid: str, on_project: int, title: Callable[[str], str]
) -> Exception:
    """The error for a field that a project does not accept; `on_project` is its number of fields. `title` returns what people
    call a field of the sync; the settings know it by the sync's own name."""
    may_be_full = Cause.LIMIT in error.causes or on_project >= MANY_FIELDS
    if error.refusal in OF_CONTENT | OF_RIGHTS and may_be_full:
        called = {name: title(name) for name in names.DEFINITIONS if name not in _INDISPENSABLE}
        spared = [name if seen == name else f"{name} (“{seen}”)" for name, seen in called.items()]
        return config_error(
            f"The project {project_gid} does not take the custom field “{field}”: Asana said “{error.message}” ({error.status}). Likely "
            f"cause: a project may have a limited number of custom fields, and this one has {on_project}. What to do: take fields "
            "that nobody needs off the project, or name fields of the sync under leave_out_fields in the connector's "
            f"settings. These can be spared: {', '.join(spared)}. Then run the sync again; nothing is lost."
        )
    return of_field(error, f"Adding the custom field “{field}” to project {project_gid}")


def of_creation(error: AsanaError, name: str, holder: str | None) -> Exception:
    """The error for a field that cannot be created. `holder` is the sync's name for the field that has the name by now."""
    if Cause.NAME_TAKEN not in error.causes:
        return of_field(error, f"Creating the custom field “{name}”")
    if holder is None:
        return config_error(name_taken(name, error.message))
    return config_error(
        f"The custom field “{name}” of the workspace has another use: by its description it is the sync's "
        f"“{holder}”. Rename it in Asana, then run the sync again. No document was written."
    )


def unusable(problem: str) -> Exception:
    """The error for a field of the workspace that cannot be used, for a reason in words."""
    return config_error(problem)


def of_field(error: AsanaError, doing: str) -> Exception:
    """Any refusal about fields as the error that people read. A plan without custom fields has its own explanation."""
    return config_error(PLAN_EXPLANATION) if error.refusal is Refusal.PREMIUM_NEEDED else error.as_traced(doing)


def name_taken(name: str, message: str = "") -> str:
    """The remedy if a field with this name exists but is not visible to the token's user."""
    words = f" and takes no second one of that name: “{message}”" if message else ""
    return (
        f"The workspace has a custom field “{name}” that Asana does not show to the token's user{words}. Somebody has made it "
        "private, or it is out of that user's reach. Let its owner share it with the token's user, or rename it, then run "
        "the sync again. No document was written."
    )
