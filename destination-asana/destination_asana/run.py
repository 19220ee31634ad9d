"""The console script `destination-asana`."""

from __future__ import annotations

import io
import logging
import os
import signal
import sys

from airbyte_cdk.logger import PRINT_BUFFER, init_logger
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from destination_asana.destination import DestinationAsana


def run() -> None:
    """Entry point; an error ends as one LOG line and one TRACE message in words, and exit code 1."""
    # As the first process of a container Python would ignore SIGTERM. A write has more to put away, see there.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: os._exit(128 + number))
    # The protocol's lines are UTF-8 in every locale.
    for stream in {sys.stdout, sys.__stdout__, sys.stderr}:
        if isinstance(stream, io.TextIOWrapper) and stream.encoding.lower() != "utf-8":
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    # A log line nobody reads any more is no reason for a traceback on standard error.
    logging.raiseExceptions = False
    try:
        code = _run()
        sys.stdout.flush()
    except BrokenPipeError:
        code = 1
    if code:
        # Requests that are still waiting for Asana must not hold the process: all that may leave has left.
        sys.stderr.flush()
        os._exit(code)


def _run() -> int:
    logger = init_logger("airbyte")
    code = 0
    try:
        code = DestinationAsana().run(sys.argv[1:])
    except AirbyteTracedException as error:
        code = _tell(logger, error)
    except Exception as error:
        code = _tell(
            logger,
            AirbyteTracedException(
                message="The connector met a case it was not built for. Please report it with the log of this run.",
                internal_message=f"{type(error).__name__}: {error}",
                failure_type=FailureType.system_error,
                exception=error,
            ),
        )
    finally:
        PRINT_BUFFER.flush()
    return code


def _tell(logger: logging.Logger, error: AirbyteTracedException) -> int:
    logger.error(str(error))
    PRINT_BUFFER.flush()
    error.emit_message()
    return 1
