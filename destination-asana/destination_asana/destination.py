"""The protocol edge: spec, check, discover and write on standard input and output."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson
from airbyte_cdk.destinations import Destination
from airbyte_cdk.logger import PRINT_BUFFER
from airbyte_cdk.models import (
    AirbyteConnectionStatus,
    AirbyteMessage,
    AirbyteMessageSerializer,
    ConfiguredAirbyteCatalog,
    ConfiguredAirbyteCatalogSerializer,
    ConnectorSpecification,
    DestinationSyncMode,
    Status,
    Type,
)
from airbyte_cdk.utils.airbyte_secrets_utils import get_secrets, update_secrets
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from destination_asana.check import check
from destination_asana.config import SPEC, Config, without_nulls
from destination_asana.errors import config_error
from destination_asana.protocol.messages import dump
from destination_asana.sync.activation import destination_catalog
from destination_asana.sync.assembly import assemble

DOCUMENTATION_URL = "https://docs.airbyte.com/integrations/destinations/asana"
# Docker waits ten seconds between SIGTERM and SIGKILL.
GRACE_SECONDS = 9.0


class DestinationAsana(Destination):
    """Airbyte destination. Messages stay raw objects: the CDK's own round trip drops `state.id` and fields it does not know."""

    def spec(self, *args: Any, **kwargs: Any) -> ConnectorSpecification:
        return ConnectorSpecification(
            documentationUrl=DOCUMENTATION_URL,
            connectionSpecification=SPEC,
            supportsIncremental=True,
            supported_destination_sync_modes=[
                DestinationSyncMode.append_dedup,
                DestinationSyncMode.append,
                DestinationSyncMode.overwrite,
            ],
        )

    def check(self, logger: Any, config: Mapping[str, Any]) -> AirbyteConnectionStatus:
        try:
            return check(Config.parse(config))
        except AirbyteTracedException as error:
            return AirbyteConnectionStatus(status=Status.FAILED, message=str(error))

    def write(
        self,
        config: Mapping[str, Any],
        configured_catalog: ConfiguredAirbyteCatalog,
        input_messages: Iterable[AirbyteMessage],
    ) -> Iterable[AirbyteMessage]:
        """For callers in the same process: messages in, released STATE messages out."""
        catalog = ConfiguredAirbyteCatalogSerializer.dump(configured_catalog)
        lines = (orjson.dumps(AirbyteMessageSerializer.dump(message)) for message in input_messages)
        released: list[dict[str, Any]] = []
        self.write_lines(config, catalog, lines, released.append)
        yield from (AirbyteMessageSerializer.load(message) for message in released)

    def write_lines(
        self,
        config: Mapping[str, Any],
        catalog: Mapping[str, Any],
        lines: Iterable[bytes],
        emit: Any,
        stopping: threading.Event | None = None,
    ) -> None:
        """Writes lines of Airbyte messages; `emit` gets each message that goes back as soon as it may leave."""
        assemble(Config.parse(config), catalog, emit, stopping or threading.Event()).run(lines)

    # --- command line ----------------------------------------------------------------------------------------------

    def parse_args(self, args: list[str]) -> argparse.Namespace:
        """The CDK's commands, and `discover`, which it has for sources only."""
        if args[:1] != ["discover"]:
            return super().parse_args(args)
        parser = argparse.ArgumentParser(prog="destination-asana discover")
        parser.add_argument("--config", required=True, help="path to the json configuration file")
        return parser.parse_args(args[1:], argparse.Namespace(command="discover"))

    def run(self, args: list[str]) -> int:  # type: ignore[override]
        """Runs one command and gives the exit code: 0, or 143 when SIGTERM ended a write early, 130 when Ctrl-C did.

        Raises on errors."""
        parsed = self.parse_args(args)
        if parsed.command == "spec":
            _emit(AirbyteMessageSerializer.dump(AirbyteMessage(type=Type.SPEC, spec=self.spec())))
            return 0
        config = without_nulls(_read_json(parsed.config, "--config"))
        update_secrets(get_secrets(SPEC, config))
        if parsed.command == "check":
            status = self.check(None, config)
            _emit(AirbyteMessageSerializer.dump(AirbyteMessage(type=Type.CONNECTION_STATUS, connectionStatus=status)))
            return 0
        if parsed.command == "discover":
            Config.parse(config)
            _emit(destination_catalog())
            return 0
        return self._run_write_command(config, parsed)

    def _run_write_command(self, config: Mapping[str, Any], parsed: argparse.Namespace) -> int:
        stopping = threading.Event()
        code = 0

        def stop(number: int, _frame: object) -> None:
            nonlocal code
            code = 128 + number
            stopping.set()
            _leave_after(GRACE_SECONDS, code)

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        # Not sys.stdin: the interpreter waits for its lock at exit, and the reading thread may hold it for ever.
        lines = open(sys.stdin.fileno(), "rb", closefd=False)  # noqa: SIM115
        self.write_lines(config, _read_json(parsed.catalog, "--catalog"), lines, _emit, stopping)
        return code


def _emit(message: Mapping[str, Any]) -> None:
    """One line, flushed at once and through the same buffer as the log, so that lines never mix."""
    with PRINT_BUFFER.lock:
        PRINT_BUFFER.write(dump(message).decode() + "\n")
        PRINT_BUFFER.flush()


def _leave_after(seconds: float, code: int) -> None:
    """Ends a sync that does not end by itself, since it waits for Asana: whoever sent SIGTERM soon sends SIGKILL. Nothing is
    lost by either, since a STATE leaves only behind its records."""

    def leave() -> None:
        # Held to the end, so that no line is left half written.
        if PRINT_BUFFER.lock.acquire(timeout=0.5):
            PRINT_BUFFER.flush()
        os._exit(code)

    last_resort = threading.Timer(seconds, leave)
    last_resort.daemon = True
    last_resort.start()


def _read_json(path: str, option: str) -> dict[str, Any]:
    try:
        # As bytes: with or without a byte order mark, in the encoding that shows in them.
        content = json.loads(Path(path).read_bytes())
    except OSError as error:
        raise config_error(f"{option}: {path} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise config_error(f"{option}: {path} is not UTF-8. Save it anew with the encoding UTF-8.") from None
    except ValueError as error:
        raise config_error(f"{option}: {path} is not valid JSON ({error}).") from None
    if not isinstance(content, dict):
        raise config_error(f"{option}: {path} must hold a JSON object.")
    return content
