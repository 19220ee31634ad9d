"""standalone/sync.py as a module, for tests of what a process shows by chance only."""

import importlib.util
from pathlib import Path
from types import ModuleType


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("standalone_sync", Path(__file__).parents[1] / "standalone/sync.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
