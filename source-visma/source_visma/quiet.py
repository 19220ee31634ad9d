"""What the CDK writes into the log without telling people anything: left out, or said once and shorter; all on lines of their own."""

import logging
import re

from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_visma.components.errors import printable

# How the CDK begins the one message about all streams that failed. It repeats the reasons, which stand in the log by then.
FAILED_STREAMS = "During the sync, the following streams did not sync successfully"


class Quiet(logging.Filter):
    """Leaves out the line of the CDK's memory monitor, and the announcement of an error that follows as one."""

    def filter(self, record: logging.LogRecord) -> bool:
        announced = record.levelno == logging.INFO and record.getMessage().startswith(FAILED_STREAMS)
        return not announced and record.module != "memory_monitor"


class Plain(logging.Filter):
    """Makes every message a line of its own, whatever texts of Visma's it repeats."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = printable(record.getMessage()), None
        return True


def keep_quiet() -> None:
    """Puts the filters on the handlers of the log, since a logger's own filter does not see what its children log."""
    for handler in (*logging.getLogger().handlers, *logging.getLogger("airbyte").handlers):
        handler.addFilter(Quiet())
        handler.addFilter(Plain())


def shorter(error: AirbyteTracedException) -> AirbyteTracedException:
    """The CDK's last error with the names of the streams alone; any other error as it is."""
    told = error.message or ""
    if not told.startswith(FAILED_STREAMS):
        return error
    names = re.findall(r"(?:^|: )(\w+): \w+\(", told, re.M)
    return AirbyteTracedException(
        message=f"Not read to the end: {', '.join(dict.fromkeys(names))}. The messages before this one say why.",
        internal_message=error.internal_message,
        failure_type=error.failure_type or AirbyteTracedException().failure_type,
    )
