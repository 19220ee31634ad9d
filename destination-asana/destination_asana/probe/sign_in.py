"""Reads the settings of a probe, and looks whether the token shows what they name."""

from __future__ import annotations

from airbyte_cdk.utils.airbyte_secrets_utils import get_secrets, update_secrets

from destination_asana.asana import OF_ONE_OBJECT, AsanaError, Client
from destination_asana.config import SPEC, Config, read_json, without_nulls
from destination_asana.errors import config_error
from destination_asana.probe.question import Subject
from destination_asana.probe.trial import Trial

LONGEST_PAUSE = 300.0
TOKEN_PATIENCE = 20.0


def sign_in(path: str, project: str | None, patience: float) -> Subject:
    """Signs in, and looks whether the workspace and the project are visible."""
    raw = without_nulls(read_json(path, "--config"))
    update_secrets(get_secrets(SPEC, raw))
    config = Config.parse(raw)
    client = Client(
        config.api_url, config.authentication(TOKEN_PATIENCE), attempts=3, throttles=5, longest_pause=LONGEST_PAUSE
    )
    user = client.get("/users/me", {"opt_fields": "workspaces"})
    if config.workspace_gid not in {each["gid"] for each in user.get("workspaces") or ()}:
        raise config_error(f"workspace_gid: the token's user cannot see the workspace {config.workspace_gid}.")
    for gid, setting in ((config.project_gid, "project_gid"), (project, "--project")):
        if gid is not None:
            _check_project(client, gid, setting)
    return Subject(config, client, None if project is None else Trial(client, project), patience)


def _check_project(client: Client, gid: str, setting: str) -> None:
    try:
        client.get(f"/projects/{gid}", {"opt_fields": "archived"})
    except AsanaError as error:
        if error.refusal not in OF_ONE_OBJECT:
            raise
        raise config_error(
            f"{setting}: Asana does not show the project {gid} to the token's user ({error.status}). Check the number and share "
            "the project with that user."
        ) from error
