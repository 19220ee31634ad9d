"""The objects that know and write a workspace."""

from __future__ import annotations

from destination_asana.asana import Client
from destination_asana.board import (
    Assignees,
    HandMadeListing,
    NamedProjects,
    NoObserver,
    Observer,
    Portfolios,
    ProjectIndex,
    RoutedProjects,
    Templates,
)
from destination_asana.board.fields import CustomFields
from destination_asana.config import Adopt, Config
from destination_asana.writing import Tools


def tools_of(config: Config, *, read_only: bool) -> Tools:
    workspace = config.workspace_gid
    client = Client(config.api_url, config.authentication())
    fields = CustomFields.of(client, workspace, read_only=read_only, leave_out=config.leave_out_fields)
    return Tools(
        workspace_gid=workspace,
        client=client,
        fields=fields,
        assignees=Assignees(client, workspace, config.supplier_mapping, by_owner=config.assign_order_owner),
        projects=ProjectIndex(client, workspace),
        templates=Templates(client),
        portfolios=Portfolios(client),
        named=NamedProjects(client, workspace, fields),
        routed=RoutedProjects(client, fields, config.project_routes),
        observer=_observer_of(config, client, fields),
    )


def _observer_of(config: Config, client: Client, fields: CustomFields) -> Observer:
    if config.adopt is Adopt.OFF:
        return NoObserver()
    return HandMadeListing(client, fields, config.adopt_project_gids)
