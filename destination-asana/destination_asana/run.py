"""The console script `destination-asana`."""

from __future__ import annotations

import sys

from airbyte_cdk.logger import PRINT_BUFFER, init_logger
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from destination_asana.destination import DestinationAsana


def run() -> None:
    """Entry point; an error ends as one LOG line and one TRACE message in words, and exit code 1."""
    logger = init_logger("airbyte")
    try:
        DestinationAsana().run(sys.argv[1:])
    except AirbyteTracedException as error:
        logger.error(str(error))
        PRINT_BUFFER.flush()
        error.emit_message()
        sys.exit(1)
    except Exception as error:
        traced = AirbyteTracedException(
            message="The connector met a case it was not built for. Please report it with the log of this run.",
            internal_message=f"{type(error).__name__}: {error}",
            failure_type=FailureType.system_error,
            exception=error,
        )
        logger.error(f"{traced.message} ({type(error).__name__})")
        PRINT_BUFFER.flush()
        traced.emit_message()
        sys.exit(1)
    finally:
        PRINT_BUFFER.flush()
