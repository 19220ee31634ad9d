"""What Asana's refusals about custom fields mean, and who can mend them. Pure."""

from __future__ import annotations

from destination_asana.asana.errors import PLAN_EXPLANATION, AsanaError
from destination_asana.documents import fields as names
from destination_asana.documents.errors import RecordError
from destination_asana.errors import config_error

# Older texts of Asana's speak of 20; what holds now is not documented.
MANY_FIELDS = 20
# Without these a task does not say what its document is.
_INDISPENSABLE = (names.VISMA_ID, names.AMOUNT, names.CURRENCY, names.STATUS)


def of_option(error: AsanaError, field: str, option: str, doing: str) -> Exception:
    """An option that cannot be added or changed (`doing`). What Asana does not accept (400) is the fault of the record
    the option comes from; all else, of the settings."""
    what = f"{doing} the option “{option}” of the field “{field}”"
    if error.status == 400 and not error.unknown_object:
        return RecordError(field, f"Asana refuses the option “{option}”: “{error.said}” (400)")
    if error.status == 403 and not error.missing_scopes:
        return config_error(
            f"{what} failed: Asana said “{error.said}” (403). Likely cause: the token's user may use the custom field “{field}”, "
            "but not change it, and every new account, cost centre or status is a new option. What to do: whoever made the "
            "field, or one of its administrators (in Asana: the field's settings, Permissions), makes the token's user an "
            "editor of the field; locked fields have to be unlocked first. Then run the sync again; nothing is lost."
        )
    return of_field(error, what)


def of_attaching(error: AsanaError, field: str, project_gid: str, on_project: int) -> Exception:
    """A field that a project does not take; `on_project` is how many it has."""
    said = error.said.lower()
    too_many = any(word in said for word in ("maximum", "at most", "limit", "too many", "more than", "exceed"))
    if error.status in (400, 403) and not error.missing_scopes and (too_many or on_project >= MANY_FIELDS):
        spared = [name for name in names.DEFINITIONS if name not in _INDISPENSABLE]
        return config_error(
            f"The project {project_gid} does not take the custom field “{field}”: Asana said “{error.said}” ({error.status}). Likely "
            f"cause: a project may have a limited number of custom fields, and this one has {on_project}. What to do: take fields "
            "that nobody needs off the project, or name fields of the sync under leave_out_fields in the connector's "
            f"settings. These can be spared: {', '.join(spared)}. Then run the sync again; nothing is lost."
        )
    return of_field(error, f"Adding the custom field “{field}” to project {project_gid}")


def of_field(error: AsanaError, doing: str) -> Exception:
    """Any refusal about fields as the error people read: a plan without custom fields is explained as such."""
    return config_error(PLAN_EXPLANATION) if error.status == 402 else error.as_traced(doing)
