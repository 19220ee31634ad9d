"""Airbyte's commands on this source. What the CDK says of unusable files and settings is replaced by words people can act on."""

import os
import sys
from collections.abc import Callable
from typing import Any, cast

from airbyte_cdk.entrypoint import AirbyteEntrypoint
from airbyte_cdk.logger import PRINT_BUFFER
from airbyte_cdk.models import ConnectorSpecification, FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from jsonschema import Draft7Validator, ValidationError

from source_visma.source import SourceVisma

# What a file of the command line is, and what to do when it is not.
FILES = {
    "config": "Correct it; docs/access.md says what belongs into it.",
    "catalog": "Write it anew from what discover answers.",
    "state": "It is the list of the last state of each stream; without a state everything is read again.",
}
TYPES = {"string": "a text in quotes", "integer": "a whole number"}


class Entrypoint(AirbyteEntrypoint):
    """The CDK's commands, with settings checked in the connector's own words."""

    @staticmethod
    def validate_connection(source_spec: ConnectorSpecification, config: Any) -> None:
        """Raises a config_error that names each setting that is wrong, and never its value, which may be a secret."""
        found = sorted(
            Draft7Validator(source_spec.connectionSpecification).iter_errors(config), key=lambda e: str(e.path)
        )
        if found:
            raise _config_error("Config validation error: " + "; ".join(dict.fromkeys(map(_problem, found))) + ".")


def files(args: list[str]) -> list[Any]:
    """Catalog, configuration and state of the command line, None where there is none. Ends the process with status 1 and a
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
            shown = os.fsencode(path).decode("utf-8", "replace")  # a name may hold any bytes
            _config_error(f"--{name}: {shown} cannot be used: {what} {FILES[name]}").emit_message()
            sys.exit(1)
    return contents


def launch(source: SourceVisma, args: list[str]) -> None:
    """Runs the command and prints its messages."""
    entrypoint = Entrypoint(source)
    parsed = entrypoint.parse_args(args)
    with PRINT_BUFFER:
        for message in entrypoint.run(parsed):
            # One write, so that the message and its end stay together beside what other threads print.
            sys.stdout.write(f"{message}\n")


def _config_error(message: str) -> AirbyteTracedException:
    return AirbyteTracedException(message=message, internal_message=message, failure_type=FailureType.config_error)


def _problem(error: ValidationError) -> str:
    where = ".".join(map(str, error.absolute_path)) or "the configuration"
    rule, value, schema = str(error.validator), cast(Any, error.validator_value), cast(dict[str, Any], error.schema)
    if rule == "required":
        return ", ".join(name for name in value if name not in cast(dict[str, Any], error.instance)) + " is missing"
    if rule == "type":
        wanted = next(name for name in ([value] if isinstance(value, str) else value) if name != "null")
        return f"{where} must be {TYPES.get(wanted, wanted)}"
    if rule == "pattern":
        return f"{where} must be {schema['pattern_descriptor']}"
    if rule in ("minimum", "maximum"):
        most = f", at most {schema['maximum']}" if "maximum" in schema else ""
        return f"{where} must be {schema['minimum']} or more{most}"
    return f"{where} must not be empty" if rule == "minLength" else f"{where} is not valid"
