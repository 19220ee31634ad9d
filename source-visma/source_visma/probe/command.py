"""`source-visma probe`: reads the settings, asks, prints one line per question, and writes the file."""

import argparse
import logging
import sys
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from typing import Any

from airbyte_cdk.utils.airbyte_secrets_utils import add_to_secrets, filter_secrets
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_visma.components.errors import LOGGER
from source_visma.entrypoint import Entrypoint
from source_visma.probe import report
from source_visma.probe.catalog import QUESTIONS
from source_visma.probe.interview import Outcome, interview
from source_visma.probe.question import Status
from source_visma.probe.service import Service, sign_in
from source_visma.source import SourceVisma

DESCRIPTION = "Asks a live company what the documentation of its API leaves open. Reads only. docs/probe.md"


class _Plain(logging.Formatter):
    """Lines for people, without secrets."""

    def format(self, record: logging.LogRecord) -> str:
        return filter_secrets(f"{record.levelname} {record.getMessage()}")


def run(args: list[str]) -> int:
    """Runs the command. Returns the exit status: 0 when the questions were asked, else 1."""
    parser = argparse.ArgumentParser(prog="source-visma probe", description=DESCRIPTION)
    parser.add_argument("--config", required=True, help="path to the json configuration file")
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help="write the answers to this file, as JSON without names, amounts, texts or secrets",
    )
    parsed = parser.parse_args(args)
    _log_to_standard_error()
    if parsed.output and (why := report.unwritable(parsed.output)):
        return _failed(f"--output: {parsed.output} cannot be written: {why}.")
    try:
        service = _service(parsed.config)
        sign_in(service)
        outcomes = interview(service, QUESTIONS, _tell)
    except AirbyteTracedException as error:
        return _failed(error.message or "The probe failed.")
    if parsed.output:
        try:
            report.write(parsed.output, report.content("source-visma", version("airbyte-source-visma-net"), outcomes))
        except OSError as error:
            return _failed(f"--output: {parsed.output} cannot be written: {error.strerror}.")
    _say(_summary(outcomes, service.calls, parsed.output))
    return 0


def _service(path: str) -> Service:
    try:
        config = SourceVisma.read_config(path)
    except (OSError, ValueError) as error:
        what = error.strerror if isinstance(error, OSError) else " ".join(str(error).split())
        raise AirbyteTracedException(
            message=f"--config: {path} cannot be used: {what} docs/access.md says what belongs into it."
        ) from None
    specification = SourceVisma().spec(LOGGER)
    Entrypoint.validate_connection(specification, config)
    for name in ("client_secret", "client_id", "tenant_id"):
        add_to_secrets(str(config[name]))
    return Service(config, specification.connectionSpecification["properties"])


def _summary(outcomes: list[Outcome], calls: int, output: Any) -> str:
    counts = Counter(outcome.status for outcome in outcomes)
    said = ", ".join(f"{counts[status]} {status}" for status in Status if counts[status])
    where = f" {output} holds the answers; please send it in (docs/probe.md)." if output else ""
    return f"{len(outcomes)} questions with {calls} calls: {said}.{where}"


def _tell(outcome: Outcome) -> None:
    _say(outcome.line)


def _say(text: str) -> None:
    sys.stdout.write(f"{filter_secrets(text)}\n")
    sys.stdout.flush()


def _failed(message: str) -> int:
    sys.stderr.write(f"{filter_secrets(message)}\n")
    return 1


def _log_to_standard_error() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Plain())
    LOGGER.handlers[:] = [handler]
    LOGGER.propagate = False
