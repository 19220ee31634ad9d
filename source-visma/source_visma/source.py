"""The source as a class: the manifest of this package, run by Airbyte's CDK."""

import json
import logging
import sys
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from airbyte_cdk.models import (
    AirbyteCatalog,
    AirbyteConnectionStatus,
    AirbyteMessage,
    AirbyteStateMessage,
    AirbyteStateMessageSerializer,
    AirbyteStateType,
    ConfiguredAirbyteCatalog,
    ConfiguredAirbyteCatalogSerializer,
    FailureType,
    Status,
    SyncMode,
)
from airbyte_cdk.sources.declarative.concurrent_declarative_source import ConcurrentDeclarativeSource
from airbyte_cdk.utils.yaml_loader import safe_load_yaml

from source_visma import components
from source_visma.components.cdk import limit_queue, pass_lines_on
from source_visma.components.errors import give_up
from source_visma.modules import refused_lists

# The manifest names its classes as Airbyte's source-declarative-manifest image does.
sys.modules["source_declarative_manifest.components"] = components

RECORDS_IN_MEMORY = 2_000
LINES_IN_MEMORY = 24  # times Lines.LARGEST


class SourceVisma(ConcurrentDeclarativeSource):
    """Visma.net ERP, as manifest.yaml and the components describe it."""

    def __init__(
        self, catalog: Any = None, config: Any = None, state: Any = None, *, as_lines: bool = False, **options: Any
    ) -> None:
        """With ``as_lines``, a read brings Lines in place of records. Only the entry point of this package knows them."""
        state = [part for part in state or () if not _read_in_full(part, catalog)]
        if catalog is not None and config is not None:
            chosen = [entry.stream.name for entry in catalog.streams]
            config = {**config, "chosen_streams": chosen, "as_lines": as_lines}
        manifest = safe_load_yaml(resources.files("source_visma").joinpath("manifest.yaml").read_text("utf-8"))
        self._names = [stream["name"] for stream in manifest["streams"]]
        if catalog is not None:
            manifest = _part_for(catalog, manifest)
        super().__init__(catalog=catalog, config=config, state=state, source_config=manifest, **options)
        # The CDK's limit of 10,000 records means some 150 MB of invoices when the reader of the output is slow.
        limit_queue(self, LINES_IN_MEMORY if as_lines else RECORDS_IN_MEMORY)
        if as_lines:
            pass_lines_on(self)

    def check(self, logger: logging.Logger, config: Mapping[str, Any]) -> AirbyteConnectionStatus:
        """The CDK's check. When it succeeds, its message names the streams whose module the company lacks."""
        status = super().check(logger, config)
        if status.status is Status.SUCCEEDED:
            refused = refused_lists(config, self.spec(logger).connectionSpecification["properties"])
            if refused:
                status.message = (
                    f"Visma.net refuses {', '.join(refused)}: the company probably lacks the module. A sync skips these streams "
                    "with a warning, and reads the others."
                )
        return status

    def read(
        self,
        logger: logging.Logger,
        config: Mapping[str, Any],
        catalog: ConfiguredAirbyteCatalog,
        state: list[AirbyteStateMessage] | None = None,
    ) -> Iterator[AirbyteMessage]:
        """The CDK's read. Raises config_error at its end for streams that this source does not have: the CDK would read none of
        them, and succeed."""
        yield from super().read(logger, config, catalog, state)
        chosen = [entry.stream.name for entry in catalog.streams]
        unknown = [name for name in chosen if name not in self._names]
        if unknown:
            others = "" if len(unknown) == len(chosen) else " The other streams were read."
            give_up(
                FailureType.config_error,
                f"The catalog names {', '.join(unknown)}, which this source does not have.{others} The streams are "
                f"{', '.join(self._names)}. Correct the name, or write the catalog anew from what discover answers.",
            )

    def discover(self, logger: logging.Logger, config: Mapping[str, Any]) -> AirbyteCatalog:
        """The CDK's catalog, with what the fields mean, which warehouses show as comments of columns."""
        from source_visma.field_descriptions import described  # noqa: PLC0415  # no other command needs the texts

        catalog = super().discover(logger, config)
        for stream in catalog.streams:
            stream.json_schema = described(stream.name, stream.json_schema)
        return catalog

    @staticmethod
    def write_config(config: Mapping[str, Any], config_path: str) -> None:
        """Does nothing. The CDK would leave a copy of the settings, secrets included, in a folder that outlives a killed
        process."""

    @staticmethod
    def read_config(config_path: str) -> dict[str, Any]:
        """The settings in the file. A setting that is null counts as absent: tools that know the specification write every
        optional setting, and null for those without a value."""
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


def _part_for(catalog: Any, manifest: dict[str, Any]) -> dict[str, Any]:
    """The manifest without the streams that the catalog does not name, and without their schemas. To prepare all of them takes
    a third of a second."""
    chosen = {entry.stream.name for entry in catalog.streams}
    streams = [stream for stream in manifest["streams"] if stream["name"] in chosen]
    if not streams:  # a manifest needs one
        return manifest
    ours = {stream["name"] for stream in manifest["streams"]} - chosen
    schemas = {name: schema for name, schema in manifest["schemas"].items() if name not in ours}
    return {**manifest, "streams": streams, "schemas": schemas}


def _content(path: str) -> Any:
    """The JSON in a file, which people may have saved by hand, with or without a byte order mark. The encoding is taken from
    the bytes and does not depend on the locale."""
    try:
        return json.loads(Path(path).read_bytes())
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8. Save it anew with the encoding UTF-8.") from None
    except RecursionError:
        raise ValueError("it is nested too deeply.") from None


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
