"""Connectors as processes that start at once: forks of a process that has imported them.

Importing the CDK takes longer than most syncs of a test. A fork is a whole process with its own standard streams, exit code
and signals; the tests of the console scripts themselves start them from nothing.
"""

import multiprocessing
import os
import runpy
import sys
from pathlib import Path
from typing import Any

PRELOADED = ["destination_asana.run", "source_visma.run", "source_visma.entrypoint", "source_visma.source", __name__]


def start(command: Path, arguments: list[str], stdin: str, stdout: str, stderr: str) -> Any:
    """Starts a console script with files (or pipes) for its three standard streams; gives the multiprocessing process.

    It is a daemon: a test that fails while its input is open must not keep the others waiting for it for ever.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    process = context.Process(target=_become, args=(str(command), arguments, stdin, stdout, stderr), daemon=True)
    process.start()
    return process


def _become(command: str, arguments: list[str], stdin: str, stdout: str, stderr: str) -> None:
    """In a fresh fork: become the console script."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    for number, descriptor in enumerate((os.open(stdin, os.O_RDONLY), os.open(stdout, flags), os.open(stderr, flags))):
        os.dup2(descriptor, number)
    sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w")
    sys.argv = [command, *arguments]
    runpy.run_path(command, run_name="__main__")
