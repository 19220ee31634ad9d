"""Lists the projects of the settings in which people's tasks are looked for, beside the register projects."""

from __future__ import annotations

from collections.abc import Iterator

from destination_asana.asana import OF_ONE_OBJECT, AsanaError, Client, Refusal
from destination_asana.board.listings import Page, by_section
from destination_asana.errors import config_error


def every_task(client: Client, project: str, opt_fields: str) -> Iterator[Page]:
    """The tasks of a project, page by page, perhaps some of them twice. Raises config_error if they cannot be listed."""
    try:
        yield from client.pages("/tasks", {"project": project, "opt_fields": opt_fields})
    except AsanaError as error:
        if error.refusal in OF_ONE_OBJECT - {Refusal.NOT_ACCEPTED}:
            raise config_error(
                f"adopt_project_gids: Asana does not show the project {project} to the token's user: “{error.message}”. Check "
                "the number and share the project with that user."
            ) from error
        if error.refusal is not Refusal.NOT_ACCEPTED:
            raise
        # A late page of a listing of tens of thousands can fail; sections make smaller listings.
        yield from _by_section(client, project, opt_fields)


def _by_section(client: Client, project: str, opt_fields: str) -> Iterator[Page]:
    try:
        yield from by_section(client, project, opt_fields)
    except AsanaError as error:
        if error.refusal is not Refusal.NOT_ACCEPTED:
            raise
        raise incomplete(project) from error


def incomplete(project_gid: str) -> Exception:
    """The error for a project whose tasks cannot all be listed, so that none of them is known to be the only one."""
    return config_error(
        f"The project {project_gid} holds more tasks than Asana lists, so it is not known which task is the only one for a "
        "document. Spread its tasks over sections, or set adopt to off. Nothing is lost."
    )
