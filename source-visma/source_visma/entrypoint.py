"""Airbyte's commands on this source. Unusable files and settings are reported in words that people can act on."""

import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from airbyte_cdk.entrypoint import AirbyteEntrypoint
from airbyte_cdk.logger import PRINT_BUFFER
from airbyte_cdk.models import AirbyteMessage, ConnectorSpecification, FailureType
from airbyte_cdk.sources.connector_state_manager import HashableStreamDescriptor
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from jsonschema import Draft7Validator, ValidationError

from source_visma.components.cdk import RecordsMonitor
from source_visma.components.lines import Lines
from source_visma.quiet import keep_quiet, shorter
from source_visma.source import SourceVisma

# What each file of the command line must be, and what to do when it is something else.
FILES = {
    "config": "Correct it; docs/access.md says what belongs into it.",
    "catalog": "Write it anew from what discover answers.",
    "state": "It is the list of the last state of each stream; without a state everything is read again.",
}
MOST_PROBLEMS = 5

_TYPES = {
    "string": "a text in quotes",
    "boolean": "true or false",
    "array": "a list",
    "object": "a group of settings",
    "integer": "a whole number",
    "number": "a number",
}


class Entrypoint(AirbyteEntrypoint):
    """The CDK's commands, with settings checked in the connector's own words, and with records that come as Lines."""

    def __init__(self, source: SourceVisma) -> None:
        super().__init__(source)
        self.monitor = RecordsMonitor()
        self.monitor.watch(self)

    def read(self, *args: Any) -> Iterable[AirbyteMessage]:
        """The messages of a read, but for records: their lines are written here, behind every message before them."""
        for message in super().read(*args):
            if isinstance(message, Lines):
                self.monitor.records = message.count
                write(message.text)
            else:
                self.monitor.records = 1
                yield message

    @staticmethod
    def handle_record_counts(message: Any, stream_message_count: defaultdict[HashableStreamDescriptor, float]) -> Any:
        """The message, counted. Lines count as many times as they have records."""
        if not isinstance(message, Lines):
            return AirbyteEntrypoint.handle_record_counts(message, stream_message_count)
        stream_message_count[HashableStreamDescriptor(name=message.stream_name, namespace=None)] += message.count
        return message

    @staticmethod
    def validate_connection(source_spec: ConnectorSpecification, config: Any) -> None:
        """Raises a config_error that names each setting that is wrong, and never its value, which may be a secret."""
        errors = sorted(
            Draft7Validator(source_spec.connectionSpecification).iter_errors(config),
            key=lambda error: [str(part) for part in error.path],
        )
        if errors:
            problems = list(dict.fromkeys(map(_problem, errors)))
            raise _config_error("The settings are not valid: " + "; ".join(problems[:MOST_PROBLEMS]) + ".")


def files(args: list[str]) -> list[Any]:
    """Catalog, configuration and state from the command line; None for those that are not given. Ends the process with status 1 and a
    TRACE message when one cannot be read."""
    readers: dict[str, Callable[[str], Any]] = {
        "catalog": SourceVisma.read_catalog,
        "config": SourceVisma.read_config,
        "state": SourceVisma.read_state,
    }
    extract = {name: getattr(AirbyteEntrypoint, f"extract_{name}") for name in readers}
    contents = []
    for name, read in readers.items():
        path = extract[name](args)
        try:
            contents.append(read(path) if path else None)
        except (OSError, ValueError, TypeError, KeyError) as error:
            what = error.strerror if isinstance(error, OSError) else " ".join(str(error).split())
            name_of_file = os.fsencode(path).decode("utf-8", "replace")  # a name may hold any bytes
            _config_error(f"--{name}: {name_of_file} cannot be used: {what} {FILES[name]}").emit_message()
            sys.exit(1)
    return contents


def launch(source: SourceVisma, args: list[str]) -> None:
    """Runs the command and prints its messages."""
    keep_quiet()
    entrypoint = Entrypoint(source)
    parsed = entrypoint.parse_args(args)
    with PRINT_BUFFER:
        try:
            for message in entrypoint.run(parsed):
                # One write, so that the message and its end stay together beside what other threads print.
                sys.stdout.write(f"{message}\n")
        except AirbyteTracedException as error:
            raise shorter(error) from error


def write(lines: bytes) -> None:
    """Writes whole lines to the output, behind what was printed before."""
    if sys.stdout is not PRINT_BUFFER or sys.__stdout__ is None:
        sys.stdout.write(lines.decode())
        return
    with PRINT_BUFFER.lock:
        PRINT_BUFFER.flush()
        sys.__stdout__.buffer.write(lines)
        sys.__stdout__.flush()


def _config_error(message: str) -> AirbyteTracedException:
    return AirbyteTracedException(message=message, internal_message=message, failure_type=FailureType.config_error)


def _problem(error: ValidationError) -> str:
    """One violation in words."""
    where = ".".join(map(str, error.absolute_path))
    rule, value = str(error.validator), cast(Any, error.validator_value)
    if rule == "required":
        missing = ", ".join(name for name in value if name not in cast(dict[str, Any], error.instance))
        return f"{where}: {missing} is missing" if where else f"{missing} is missing"
    return f"{where} {_rule(rule, value, cast(dict[str, Any], error.schema))}"


def _rule(rule: str, value: Any, schema: Mapping[str, Any]) -> str:
    """What the rule that a setting breaks requires, in words."""
    if rule == "type":
        wanted = next(name for name in ([value] if isinstance(value, str) else value) if name != "null")
        return f"must be {_TYPES[wanted]}"
    if rule in ("minimum", "maximum"):
        bounds = [f"{schema['minimum']} or more"] if "minimum" in schema else []
        bounds += [f"at most {schema['maximum']}"] if "maximum" in schema else []
        return f"must be {', '.join(bounds)}"
    if rule == "pattern":
        return f"must be {schema['pattern_descriptor']}"
    return "must not be empty" if rule == "minLength" else "is not valid"
