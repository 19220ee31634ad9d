"""The Airbyte commands spec, check, discover and write, on standard input and output."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Iterable, Mapping
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

from destination_asana import commands
from destination_asana.check import check
from destination_asana.config import SPEC, Config, read_catalog, read_json, without_nulls
from destination_asana.plain import plain
from destination_asana.protocol import dump
from destination_asana.sync import destination_catalog
from destination_asana.sync.assembly import assemble

DOCUMENTATION_URL = "https://github.com/visma-asana/visma-asana/blob/main/destination-asana/README.md"
# Docker waits ten seconds between SIGTERM and SIGKILL.
GRACE_SECONDS = 9.0


class DestinationAsana(Destination):
    """The Airbyte destination. Messages stay raw, because the CDK's own round trip drops `state.id` and unknown fields."""

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
            return AirbyteConnectionStatus(status=Status.FAILED, message=plain(str(error)))

    def write(
        self,
        config: Mapping[str, Any],
        configured_catalog: ConfiguredAirbyteCatalog,
        input_messages: Iterable[AirbyteMessage],
    ) -> Iterable[AirbyteMessage]:
        """For callers in the same process: takes messages and yields the released STATE messages."""
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
        """Writes lines of Airbyte messages. `emit` receives each outgoing message as soon as it may leave."""
        assemble(Config.parse(config), catalog, emit, stopping or threading.Event()).run(lines)

    # --- command line ----------------------------------------------------------------------------------------------

    def parse_args(self, args: list[str]) -> argparse.Namespace:
        return commands.parsed(args)

    def run(self, args: list[str]) -> int:  # type: ignore[override]
        """Runs one command and returns the exit code: 0, or 143 if SIGTERM ended a write early, or 130 for Ctrl-C.

        Raises on errors."""
        parsed = self.parse_args(args)
        if parsed.command == "spec":
            _emit(AirbyteMessageSerializer.dump(AirbyteMessage(type=Type.SPEC, spec=self.spec())))
            return 0
        config = without_nulls(read_json(parsed.config, "--config"))
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
            _exit_after(GRACE_SECONDS, code)

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        # Not sys.stdin: at exit the interpreter waits for its lock, which the reading thread may hold for ever.
        lines = open(sys.stdin.fileno(), "rb", closefd=False)  # noqa: SIM115
        self.write_lines(config, read_catalog(parsed.catalog, "--catalog"), lines, _emit, stopping)
        return code


def _emit(message: Mapping[str, Any]) -> None:
    """Writes one line and flushes it at once, through the same buffer as the log, so that lines never mix."""
    with PRINT_BUFFER.lock:
        PRINT_BUFFER.write(dump(message).decode() + "\n")
        PRINT_BUFFER.flush()


def _exit_after(seconds: float, code: int) -> None:
    """Ends a sync that is still waiting for Asana, because SIGKILL soon follows SIGTERM. Nothing is lost, because a STATE
    leaves only after its records."""

    def leave() -> None:
        # Keeps the lock to the end, so that no line is left half written.
        if PRINT_BUFFER.lock.acquire(timeout=0.5):
            PRINT_BUFFER.flush()
        os._exit(code)

    last_resort = threading.Timer(seconds, leave)
    last_resort.daemon = True
    last_resort.start()
