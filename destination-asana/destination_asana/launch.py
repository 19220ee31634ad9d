"""Runs one command, and turns an error into messages of the protocol."""

from __future__ import annotations

import logging

from airbyte_cdk.logger import PRINT_BUFFER, init_logger
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from destination_asana.destination import DestinationAsana
from destination_asana.plain import PlainMessages, plain
from destination_asana.probe import run as probe


def launch(args: list[str]) -> int:
    """Runs the command in these arguments and returns the exit code. An error becomes one LOG line and one TRACE message in words,
    and exit code 1."""
    if args[:1] == ["probe"]:
        return probe(args[1:])
    logger = init_logger("airbyte")
    # On the handlers, because a logger's own filter does not see what its children log.
    for handler in logging.getLogger().handlers:
        handler.addFilter(PlainMessages())
    code = 0
    try:
        code = DestinationAsana().run(args)
    except AirbyteTracedException as error:
        code = _report(logger, error)
    except Exception as error:
        code = _report(
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


def _report(logger: logging.Logger, error: AirbyteTracedException) -> int:
    error.message = plain(str(error))
    logger.error(error.message)
    PRINT_BUFFER.flush()
    error.emit_message()
    return 1
