"""Asana's side: the objects that know its state and those that write to it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from destination_asana.config import Config, Route
from destination_asana.sync.assembly.registers import registers_of
from destination_asana.sync.assembly.tools import tools_of
from destination_asana.sync.identity import Identity
from destination_asana.sync.registers import Registers
from destination_asana.writing import Executor, Tools, executor_of


@dataclass(frozen=True, slots=True)
class Board:
    """Made before the streams, which use these objects."""

    tools: Tools
    executor: Executor
    identity: Identity
    registers: Registers


def board_of(config: Config, routes: Collection[Route]) -> Board:
    tools = tools_of(config, read_only=config.only_plans)
    executor = executor_of(tools, dry_run=config.only_plans)
    projects = list(dict.fromkeys(route.project_gid for route in routes if route.of_documents or route.of_numbers))
    identity = Identity(tools.client, tools.fields, projects, tools.observer)
    return Board(tools, executor, identity, registers_of(tools, executor, identity, routes))
