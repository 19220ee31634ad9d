"""The console script: loads the manifest and hands over to Airbyte's entrypoint."""

import sys
from importlib import resources
from pathlib import Path
from typing import Any

from airbyte_cdk.entrypoint import AirbyteEntrypoint, launch
from airbyte_cdk.sources.declarative.concurrent_declarative_source import ConcurrentDeclarativeSource
from airbyte_cdk.utils.yaml_loader import safe_load_yaml

from source_visma import components

# The manifest names its classes as Airbyte's source-declarative-manifest image does.
sys.modules["source_declarative_manifest.components"] = components


class SourceVisma(ConcurrentDeclarativeSource):
    """The source that manifest.yaml and components.py describe."""

    def __init__(self, catalog: Any = None, config: Any = None, state: Any = None, **options: Any) -> None:
        manifest = safe_load_yaml(resources.files("source_visma").joinpath("manifest.yaml").read_text("utf-8"))
        super().__init__(catalog=catalog, config=config, state=state, source_config=manifest, **options)


def run() -> None:
    """Runs the command that stands in the process's arguments."""
    args = sys.argv[1:]
    catalog, config, state = (
        read(path) if (path := extract(args)) and Path(path).exists() else None
        for read, extract in (
            (SourceVisma.read_catalog, AirbyteEntrypoint.extract_catalog),
            (SourceVisma.read_config, AirbyteEntrypoint.extract_config),
            (SourceVisma.read_state, AirbyteEntrypoint.extract_state),
        )
    )
    launch(SourceVisma(catalog, config, state), args)
