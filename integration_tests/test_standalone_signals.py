"""Signals that reach standalone/sync.py while it starts a connector: the list of what to end must not lack the newest."""

import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from integration_tests import standalone_script

SLEEPS = ["sleep", "1000"]
PATIENCE = 240.0  # before it would be killed


@pytest.fixture(scope="module")
def script() -> Any:
    return standalone_script.load()


@pytest.fixture(autouse=True)
def closed(script: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Closes the pipes of the processes, which end with the script and here outlive it."""
    processes: list[Any] = []
    started = script.Process.__init__

    def start(process: Any, *args: Any, **options: Any) -> None:
        processes.append(process)
        started(process, *args, **options)

    monkeypatch.setattr(script.Process, "__init__", start)
    yield
    for process in processes:
        process.stdout.close()
        process.stderr.close()


@pytest.fixture
def interrupted(script: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Any]:
    """Starts a connector; the signal comes when its process is there and nobody holds it yet."""
    started = script.Process.__init__

    def start(process: Any, *args: Any, **options: Any) -> None:
        started(process, *args, **options)
        os.kill(os.getpid(), signal.SIGTERM)

    def make() -> Any:
        with monkeypatch.context() as patch:
            patch.setattr(script.Process, "__init__", start)
            return script.Process("source-visma", SLEEPS, PATIENCE)

    return make


def test_a_connector_that_is_just_being_started_is_ended(script: Any, interrupted: Callable[[], Any]) -> None:
    with script.Running() as running:
        process = running.add(interrupted())
        assert process.wait() == -signal.SIGTERM
    assert running.signals == [signal.SIGTERM]


def test_one_that_runs_already_is_ended_with_it(script: Any, interrupted: Callable[[], Any]) -> None:
    with script.Running() as running:
        first = running.add(script.Process("source-visma", SLEEPS, PATIENCE))
        second = running.add(interrupted())
        assert [first.wait(), second.wait()] == [-signal.SIGTERM] * 2


def test_what_fails_inside_leaves_no_connector_and_the_signals_as_they_were(script: Any) -> None:
    before = signal.getsignal(signal.SIGTERM)
    running = script.Running()

    def fails() -> None:
        with running:
            running.add(script.Process("source-visma", SLEEPS, PATIENCE))
            raise script.SetupError("the catalog lacks a stream")

    with pytest.raises(script.SetupError):
        fails()
    assert [process.returncode for process in running.processes] == [-signal.SIGTERM]
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_short_command_ends_with_the_number_of_the_signal(script: Any, interrupted: Callable[[], Any]) -> None:
    connector = script.Connector.__new__(script.Connector)
    connector.name, connector.start = "source-visma", lambda _verb: interrupted()
    with pytest.raises(SystemExit) as stopped:
        connector.ask("check", "CONNECTION_STATUS")
    assert stopped.value.code == 128 + signal.SIGTERM
