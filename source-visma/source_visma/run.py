"""The console script."""

import gc
import io
import logging
import os
import signal
import sys


def run() -> None:
    """Runs the Airbyte command that stands in the process's arguments; exit code 143 when SIGTERM ends it, 130 on Ctrl-C, 1
    when its reader goes."""
    # As the first process of a container Python would ignore SIGTERM. Nothing has to be put away: states that left count.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: os._exit(128 + number))
    # The protocol's lines are UTF-8 in every locale.
    for stream in {sys.stdout, sys.__stdout__, sys.stderr}:
        if isinstance(stream, io.TextIOWrapper) and stream.encoding.lower() != "utf-8":
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    # What is imported stays, and records have no cycles: collecting among them is a third of the time of a read.
    gc.disable()
    from source_visma.entrypoint import files, launch  # noqa: PLC0415
    from source_visma.source import SourceVisma  # noqa: PLC0415

    args = sys.argv[1:]
    source = SourceVisma(*files(args))
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    gc.enable()
    # A log line nobody reads any more is no reason for a traceback on standard error.
    logging.raiseExceptions = False
    try:
        launch(source, args)
    except BrokenPipeError:
        # The reader has gone. Requests under way, and their repeats, must not hold the process: nobody wants them any more.
        os._exit(1)
