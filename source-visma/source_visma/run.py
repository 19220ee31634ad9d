"""The console script."""

import contextlib
import gc
import logging
import os
import select
import signal
import sys
import threading
from typing import NoReturn

from source_visma.startup import prepare_streams, without_sources

HELP = """usage: source-visma COMMAND [OPTIONS]

commands:
  spec                                                   print the settings and their meaning
  check     --config FILE                                test the connection
  discover  --config FILE                                print the streams
  read      --config FILE --catalog FILE [--state FILE]  read records
  probe     --config FILE [--output FILE]                ask the company what the documentation leaves open

source-visma COMMAND --help shows the options of a command.
"""


def run() -> None:
    """Runs the Airbyte command in the process's arguments. The exit code is 143 after SIGTERM, 130 after Ctrl-C, and 1 when
    the reader of the output has gone."""
    # Python ignores SIGTERM as the first process of a container. States that were sent count.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: _leave(128 + number))
    prepare_streams()
    args = sys.argv[1:]
    if args in ([], ["-h"], ["--help"]):
        (sys.stdout if args else sys.stderr).write(HELP)
        sys.exit(0 if args else 2)
    if args[0] == "probe":
        _probe(args[1:])
        return
    # Modules stay in memory and records have no cycles. Garbage collection among them would take a third of a read's time.
    gc.disable()
    with without_sources():
        from source_visma.entrypoint import files, launch  # noqa: PLC0415
        from source_visma.source import SourceVisma  # noqa: PLC0415

    source = SourceVisma(*files(args), as_lines=True)
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    gc.enable()
    # A log line that nobody reads any more must not put a traceback on standard error.
    logging.raiseExceptions = False
    if hasattr(select, "poll"):
        threading.Thread(target=_end_when_the_reader_has_gone, daemon=True).start()
    try:
        launch(source, args)
    except BrokenPipeError:
        # The reader has gone. Nobody wants the requests that are under way, so they must not keep the process alive.
        _leave(1)


def _end_when_the_reader_has_gone() -> None:
    """Ends the process as soon as the reader of the output has gone. A write would tell it, too, but a read that waits for
    Visma writes nothing for minutes."""
    poll = select.poll()
    # Errors and hang-ups are reported without being asked for. A file or a terminal reports neither.
    poll.register(1, 0)
    if any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll()):
        _leave(1)


def _leave(code: int) -> NoReturn:
    """Ends the process at once, and removes the folder that the CDK makes for each command. Nothing is in it."""
    with contextlib.suppress(OSError):
        os.rmdir(os.environ.get("REQUEST_CACHE_PATH", ""))
    os._exit(code)


def _probe(args: list[str]) -> None:
    from source_visma.probe.command import run as probe  # noqa: PLC0415

    try:
        code = probe(args)
        sys.stdout.flush()
    except BrokenPipeError:
        code = 1
    sys.stderr.flush()
    # A request that still waits for Visma must not delay the exit.
    os._exit(code)
