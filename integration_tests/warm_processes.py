"""Connectors as processes that start at once: forks of a process that has imported them.

Importing the CDK takes longer than most syncs of a test. A fork is a whole process with its own standard streams, exit code
and signals; the tests of the console scripts themselves start them from nothing.
"""

import contextlib
import multiprocessing
import os
import runpy
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from source_visma.components.clock import CLOCK

PRELOADED = [
    "destination_asana.run",
    "destination_asana.launch",
    "source_visma.run",
    "source_visma.entrypoint",
    "source_visma.source",
    "source_visma.probe.command",
    "destination_asana.probe.command",
    __name__,
]


def start(
    command: Path, arguments: list[str], stdin: str, stdout: str, stderr: str, pace: float = 1.0, rate: float = 1.0
) -> Any:
    """Starts a console script with files (or pipes) for its three standard streams; gives the multiprocessing process.

    The pauses of source-visma pass ``pace`` times as fast; its clock runs at this ``rate``. The process is a daemon: a test
    that fails while its input is open must not keep the others waiting for it for ever.
    """
    return fork(_become, str(command), arguments, stdin, stdout, stderr, pace, rate)


def fork(target: Callable[..., None], *arguments: Any) -> Any:
    """Calls this function in a daemon that has imported the connectors; gives the multiprocessing process."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    process = context.Process(target=target, args=arguments, daemon=True)
    with _nameless_main():
        process.start()
    return process


@contextlib.contextmanager
def _nameless_main() -> Iterator[None]:
    """Without the name of the program that runs the tests: each fork would import it, and pytest takes longer than a sync."""
    main = sys.modules["__main__"]
    spec, main.__spec__ = main.__spec__, None
    file = main.__dict__.pop("__file__", None)
    try:
        yield
    finally:
        main.__spec__ = spec
        if file is not None:
            main.__file__ = file


class Hurried:
    """A clock whose pauses pass sooner than they last. All other time is the machine's, at this rate: however slow the machine is,
    the waits for an answer last as long as they do with the real clock."""

    def __init__(self, pace: float, rate: float) -> None:
        self._pace, self._rate, self._skipped, self._lock = pace, rate, 0.0, threading.Lock()

    def now(self) -> float:
        return time.monotonic() * self._rate + self._skipped

    def sleep(self, seconds: float) -> None:
        end = self.now() + seconds
        time.sleep(seconds / self._pace / self._rate)
        with self._lock:  # threads that pause side by side skip the same time
            self._skipped += max(0.0, end - self.now())


def _become(command: str, arguments: list[str], stdin: str, stdout: str, stderr: str, pace: float, rate: float) -> None:
    """In a fresh fork: become the console script."""
    if (pace, rate) != (1.0, 1.0):
        clock = Hurried(pace, rate)
        CLOCK.now, CLOCK.sleep = clock.now, clock.sleep  # type: ignore[method-assign]
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    for number, descriptor in enumerate((os.open(stdin, os.O_RDONLY), os.open(stdout, flags), os.open(stderr, flags))):
        os.dup2(descriptor, number)
    sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w")
    sys.argv = [command, *arguments]
    try:
        runpy.run_path(command, run_name="__main__")
    except Exception:
        # As the interpreter does at the end of a process of its own; a fork of multiprocessing would print a traceback.
        sys.excepthook(*sys.exc_info())
        sys.exit(1)
