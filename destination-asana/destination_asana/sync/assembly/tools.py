"""What is known of a workspace, and written with."""

from __future__ import annotations

from destination_asana.asana.client import Client
from destination_asana.board.fields.values import CustomFields
from destination_asana.board.members import Assignees
from destination_asana.board.portfolios import Portfolios
from destination_asana.board.project_index import ProjectIndex
from destination_asana.board.templates import Templates
from destination_asana.config import Config
from destination_asana.writing.tools import Tools


def tools_of(config: Config) -> Tools:
    workspace = config.workspace_gid
    client = Client(config.api_url, config.authentication())
    return Tools(
        workspace_gid=workspace,
        client=client,
        fields=CustomFields(client, workspace, read_only=config.dry_run, leave_out=config.leave_out_fields),
        assignees=Assignees(client, workspace, config.supplier_mapping, by_owner=config.assign_order_owner),
        projects=ProjectIndex(client, workspace),
        templates=Templates(client),
        portfolios=Portfolios(client),
    )
