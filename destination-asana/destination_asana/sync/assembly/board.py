"""The side of Asana: what is known of it, and what writes to it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from destination_asana.config import Config, Route
from destination_asana.sync.assembly.registers import registers_of
from destination_asana.sync.assembly.tools import tools_of
from destination_asana.sync.identity import Identity
from destination_asana.sync.registers import Registers
from destination_asana.writing.executor import Executor
from destination_asana.writing.executors import executor_of
from destination_asana.writing.tools import Tools


@dataclass(frozen=True, slots=True)
class Board:
    """Made before the streams, which are made of it."""

    tools: Tools
    executor: Executor
    identity: Identity
    registers: Registers


def board_of(config: Config, routes: Collection[Route]) -> Board:
    tools = tools_of(config)
    executor = executor_of(tools, dry_run=config.dry_run)
    projects = list(dict.fromkeys(route.project_gid for route in routes if route.of_documents or route.of_numbers))
    identity = Identity(tools.client, tools.fields, projects)
    return Board(tools, executor, identity, registers_of(tools, executor, identity, routes))
