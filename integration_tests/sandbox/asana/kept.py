"""A workspace that outlives the process: `--data FILE` is read at the start and written when the server stops."""

import os
import pickle
from pathlib import Path

from .sandbox import Sandbox

# What belongs to the process rather than to the workspace.
_LEFT_OUT = ("settings", "listeners")


def load(sandbox: Sandbox, path: Path) -> None:
    """Restores the saved workspace in place of the seeded one, if there is a file."""
    if path.exists():
        vars(sandbox.store).update(pickle.loads(path.read_bytes()))


def save(sandbox: Sandbox, path: Path) -> None:
    """Writes the workspace, completely or not at all."""
    content = {name: value for name, value in vars(sandbox.store).items() if name not in _LEFT_OUT}
    unfinished = path.with_suffix(".new")
    unfinished.write_bytes(pickle.dumps(content))
    os.replace(unfinished, path)
