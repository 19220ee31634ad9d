"""Standard input, read by a separate thread."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable

IDLE_SECONDS = 2.0


def read_ahead(lines: Iterable[bytes]) -> Iterable[bytes | None]:
    """The lines of the input, and None whenever no line has come for a while, so that the caller can finish pending work."""
    inbox: queue.Queue[bytes | BaseException | None] = queue.Queue(maxsize=500)

    def read() -> None:
        try:
            for line in lines:
                inbox.put(line)
            inbox.put(None)
        except BaseException as error:
            inbox.put(error)

    threading.Thread(target=read, name="stdin", daemon=True).start()
    while True:
        try:
            line = inbox.get(timeout=IDLE_SECONDS)
        except queue.Empty:
            yield None
            continue
        if line is None:
            return
        if isinstance(line, BaseException):
            raise line
        yield line
