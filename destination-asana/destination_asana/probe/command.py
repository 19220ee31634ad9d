"""`destination-asana probe`: reads the settings, asks, prints one line per question, deletes what it made, and writes the
file."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from airbyte_cdk.utils.airbyte_secrets_utils import filter_secrets
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from destination_asana.asana import AsanaError, UnreachableError
from destination_asana.explained import explained
from destination_asana.probe import report
from destination_asana.probe.catalog import QUESTIONS
from destination_asana.probe.interview import Outcome, interview
from destination_asana.probe.question import Status, Subject
from destination_asana.probe.sign_in import sign_in

DESCRIPTION = "Asks a live workspace what the documentation of Asana's API leaves open. Reads only, unless a project is named. docs/probe.md"


class Stopped(BaseException):
    """A signal ends the probe."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class _Plain(logging.Formatter):
    """Lines for people, without secrets."""

    def format(self, record: logging.LogRecord) -> str:
        return filter_secrets(f"{record.levelname} {record.getMessage()}")


def run(args: list[str]) -> int:
    """Runs the command. Returns the exit status: 0 when the questions were asked, 128 + N after signal N, else 1."""
    parsed = _parser().parse_args(args)
    _log_to_standard_error()
    if parsed.output and (why := report.unwritable(parsed.output)):
        return _failed(f"--output: {parsed.output} cannot be written: {why}.")
    try:
        subject = sign_in(parsed.config, parsed.project, parsed.wait)
        with _stoppable():
            outcomes, left = _ask(subject)
    except Stopped as stopped:
        return 128 + stopped.number
    except (AsanaError, UnreachableError, AirbyteTracedException) as error:
        return _failed(str(explained(error, "The probe")))
    if parsed.output:
        try:
            content = report.content("destination-asana", version("airbyte-destination-asana-finance"), outcomes, left)
            report.write(parsed.output, content)
        except OSError as error:
            return _failed(f"--output: {parsed.output} cannot be written: {error.strerror}.")
    _say(_summary(outcomes, parsed.output))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="destination-asana probe", description=DESCRIPTION)
    add = parser.add_argument
    add("--config", required=True, help="path to the json configuration file")
    add("--project", metavar="GID", help="make tasks in this project, ask about them, and delete them")
    add(
        "--output",
        type=Path,
        metavar="FILE",
        help="write the answers to this file, as JSON without names, amounts, texts or secrets",
    )
    add(
        "--wait",
        type=float,
        default=60.0,
        metavar="SECONDS",
        help="how long to wait until search finds a new task (default: 60)",
    )
    return parser


def _ask(subject: Subject) -> tuple[list[Outcome], int]:
    """The outcomes, and how many tasks are left. What was made is deleted, whatever ends the questions."""
    trial, finished = subject.trial, False
    if trial is not None:
        _name("Left by an earlier probe", trial.project_gid, trial.left_by_others())
        _say(f"The tasks of this run begin with “{trial.name}”. They are deleted at the end.")
    left: dict[str, str] = {}
    try:
        outcomes = interview(subject, QUESTIONS, _tell)
        finished = True
    finally:
        if trial is not None:
            _ignore_signals()
            left = trial.clear(stopped=not finished)
            _name("Left in Asana", trial.project_gid, left)
    return outcomes, len(left)


def _name(what: str, project: str, tasks: Mapping[str, str]) -> None:
    for gid in tasks:
        _say(f"{what}: the task {gid} in the project {project}. Delete it by hand.")


@contextmanager
def _stoppable() -> Iterator[None]:
    """Turns signals into Stopped, so that what was made is deleted first."""

    def stop(number: int, _frame: object) -> None:
        raise Stopped(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    yield


def _ignore_signals() -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)


def _summary(outcomes: list[Outcome], output: Path | None) -> str:
    counts = Counter(outcome.status for outcome in outcomes)
    totals = ", ".join(f"{counts[status]} {status}" for status in Status if counts[status])
    where = f" {output} holds the answers; please send it in (docs/probe.md)." if output else ""
    return f"{len(outcomes)} questions: {totals}.{where}"


def _tell(outcome: Outcome) -> None:
    _say(outcome.line)


def _say(text: str) -> None:
    sys.stdout.write(f"{filter_secrets(text)}\n")
    sys.stdout.flush()


def _failed(message: str) -> int:
    sys.stderr.write(f"{filter_secrets(message)}\n")
    return 1


def _log_to_standard_error() -> None:
    logger = logging.getLogger("airbyte")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Plain())
    logger.handlers[:] = [handler]
    logger.propagate = False
