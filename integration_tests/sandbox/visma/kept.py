"""A company that outlives the process: ``--data FILE`` is read at the start and written when the server stops."""

from __future__ import annotations

import json
import os
from pathlib import Path

from integration_tests.sandbox.visma.dimensions import Dimensions
from integration_tests.sandbox.visma.entities import ENTITIES
from integration_tests.sandbox.visma.store import Table
from integration_tests.sandbox.visma.world import World


def load(world: World, path: Path) -> None:
    """Restores the saved company in place of the seeded one, if there is a file."""
    if not path.exists():
        return
    kept = json.loads(path.read_text())
    world.versions.last = kept["version"]
    world.dimensions = Dimensions(kept["dimensions"], world.versions)
    for name, records in kept["records"].items():
        world.tables[name] = Table(ENTITIES[name].key_of)
        for record in records:
            world.tables[name].put(record)


def save(world: World, path: Path) -> None:
    """Writes the company, completely or not at all."""
    kept = {
        "version": world.versions.last,
        "dimensions": [world.dimensions.dimension(name) for name in world.dimensions.names()],
        "records": {name: [row.record for row in table] for name, table in world.tables.items()},
    }
    unfinished = path.with_suffix(".new")
    unfinished.write_text(json.dumps(kept))
    os.replace(unfinished, path)
