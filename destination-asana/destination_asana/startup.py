"""What is prepared before the CDK loads: output that arrives whole, and no work for which this connector has no use."""

import inspect
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn


@contextmanager
def without_sources() -> Iterator[None]:
    """Within it, modules load as if their source were not there, as from a package of bytecode alone.

    The CDK makes a serializer for each kind of message, and serpyco-rs parses the source of every class in it for texts that
    nobody reads: a third of the CPU of a start.
    """
    usual = inspect.getsource
    inspect.getsource = _no_source  # type: ignore[assignment]
    try:
        yield
    finally:
        inspect.getsource = usual


def _no_source(item: Any) -> NoReturn:
    raise OSError(f"the source of {item} is not needed")


def prepare_streams() -> None:
    """Makes the output UTF-8 in every locale, and buffers it where Python would not (PYTHONUNBUFFERED).

    Without a buffer, Python drops what a full pipe has not taken when the process is paused and goes on, as by `docker pause`.
    """
    for name in ("__stdout__", "stdout", "stderr"):
        stream = getattr(sys, name)
        if not isinstance(stream, io.TextIOWrapper):
            continue
        if isinstance(stream.buffer, io.RawIOBase):
            whole = open(stream.fileno(), "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
            if name == "__stdout__" and sys.stdout is stream:
                sys.stdout = whole
            setattr(sys, name, whole)
        elif stream.encoding.lower() != "utf-8":
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
