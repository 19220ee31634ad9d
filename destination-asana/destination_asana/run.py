"""The console script `destination-asana`."""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys

from destination_asana.startup import prepare_streams, without_sources


def run() -> None:
    """The entry point. The exit code is that of the command, or 1 if the reader of the output has gone."""
    # As the first process of a container, Python would ignore SIGTERM. `write` installs its own handlers.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: os._exit(128 + number))
    prepare_streams()
    # If nobody reads the log any more, that is no reason for a traceback on standard error.
    logging.raiseExceptions = False
    # Modules stay in memory, and records have no cycles. Looking for garbage among them costs CPU and finds little.
    gc.disable()
    with without_sources():
        from destination_asana.launch import launch  # noqa: PLC0415
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    gc.enable()
    try:
        code = launch(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        code = 1
    if code:
        # Requests that still wait for Asana must not delay the exit. All output that may leave has left.
        sys.stderr.flush()
        os._exit(code)
