"""The source as a class: the manifest of this package, run by Airbyte's CDK."""

import json
import sys
from importlib import resources
from pathlib import Path
from typing import Any

from airbyte_cdk.models import (
    AirbyteStateMessage,
    AirbyteStateMessageSerializer,
    AirbyteStateType,
    ConfiguredAirbyteCatalog,
    ConfiguredAirbyteCatalogSerializer,
    SyncMode,
)
from airbyte_cdk.sources.declarative.concurrent_declarative_source import ConcurrentDeclarativeSource
from airbyte_cdk.utils.yaml_loader import safe_load_yaml

from source_visma import components
from source_visma.components.cdk import limit_queue

# The manifest names its classes as Airbyte's source-declarative-manifest image does.
sys.modules["source_declarative_manifest.components"] = components

RECORDS_IN_MEMORY = 2_000


class SourceVisma(ConcurrentDeclarativeSource):
    """Visma.net ERP, as manifest.yaml and the components describe it."""

    def __init__(self, catalog: Any = None, config: Any = None, state: Any = None, **options: Any) -> None:
        state = [part for part in state or () if not _read_in_full(part, catalog)]
        if catalog is not None and config is not None:
            config = {**config, "chosen_streams": [entry.stream.name for entry in catalog.streams]}
        manifest = safe_load_yaml(resources.files("source_visma").joinpath("manifest.yaml").read_text("utf-8"))
        super().__init__(catalog=catalog, config=config, state=state, source_config=manifest, **options)
        # The CDK's 10,000 records would be some 150 MB of invoices, when whoever reads our output is slow.
        limit_queue(self, RECORDS_IN_MEMORY)

    @staticmethod
    def read_config(config_path: str) -> dict[str, Any]:
        """The settings in the file. What is null is as if not said: tools that know the specification write every optional
        setting, null where there is nothing to say."""
        config = _content(config_path)
        if not isinstance(config, dict):
            raise ValueError("it must hold a JSON object.")
        return {name: value for name, value in config.items() if value is not None}

    @classmethod
    def read_catalog(cls, catalog_path: str) -> ConfiguredAirbyteCatalog:
        """The configured catalog in the file."""
        return ConfiguredAirbyteCatalogSerializer.load(_content(catalog_path))

    @classmethod
    def read_state(cls, state_path: str) -> list[AirbyteStateMessage]:
        """The states in the file, one for each stream. Raises ValueError for one that names no stream."""
        found = (_content(state_path) if state_path else None) or []
        if not isinstance(found, list):
            raise ValueError("it must hold a JSON list.")
        return [state for part in found for state in _states(AirbyteStateMessageSerializer.load(part))]


def _content(path: str) -> Any:
    """The JSON in a file that people may have saved by hand: with or without a byte order mark, in the encoding that shows in
    its bytes, whatever the locale."""
    try:
        return json.loads(Path(path).read_bytes())
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8. Save it anew with the encoding UTF-8.") from None


def _read_in_full(state: Any, catalog: Any) -> bool:
    """Whether this is the state of a stream that the catalog wants read from its beginning."""
    if catalog is None or state.stream is None:
        return False
    name = state.stream.stream_descriptor.name
    modes = [entry.sync_mode for entry in catalog.streams if entry.stream.name == name]
    return SyncMode.full_refresh in modes


def _states(message: AirbyteStateMessage) -> list[AirbyteStateMessage]:
    """The message as this source saves states: one for each stream."""
    if message.global_ is not None:
        shared = message.global_.shared_state
        if shared is not None and vars(shared):
            raise ValueError("it holds a GLOBAL state with a shared part, which only another source can have saved.")
        streams = message.global_.stream_states or []
    elif message.stream is not None:
        streams = [message.stream]
    else:
        raise ValueError("it holds a state that names no stream, which only another source can have saved.")
    return [AirbyteStateMessage(type=AirbyteStateType.STREAM, stream=stream) for stream in streams]
