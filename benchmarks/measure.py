"""Runs one command and reads what the operating system counted for it. What a process holds is read from Linux alone."""

from __future__ import annotations

import gc
import os
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figures:
    """Wall and CPU seconds, peak memory in MB of the largest process, requests the sandbox saw, lines printed."""

    wall: float
    cpu: float
    memory: float
    calls: int
    lines: int


def run(command: list[str], *, stdin: Path | None = None, environment: dict[str, str] | None = None) -> Figures:
    """Runs a command to its end. Raises RuntimeError with the end of what it said when it fails."""
    errors = Path(os.environ.get("TMPDIR", "/tmp")) / f"bench-{os.getpid()}.err"
    with open(stdin or os.devnull, "rb") as source, open(errors, "wb") as said:
        began = time.monotonic()
        process = subprocess.Popen(
            command, stdin=source, stdout=subprocess.PIPE, stderr=said, env={**os.environ, **(environment or {})}
        )
        lines = 0
        tail = b""
        assert process.stdout is not None
        with process.stdout:
            while chunk := process.stdout.read(1 << 20):
                lines += chunk.count(b"\n")
                tail = (tail + chunk)[-2000:]
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
    said_text = errors.read_text(errors="replace")[-1000:]
    errors.unlink()
    if os.waitstatus_to_exitcode(status) != 0:
        raise RuntimeError(f"{' '.join(command[:3])} failed: {said_text} {tail.decode(errors='replace')}")
    process.returncode = 0
    return Figures(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, 0, lines)


def peak_of(process: int) -> float:
    """The most memory that a running process has held, in MB."""
    return _memory(process, "VmHWM")


ENDING_SECONDS = 5.0


def held(before: dict[str, float] | None = None) -> dict[str, float]:
    """What this process holds now, after all garbage is gone: memory in MB, threads, open files.

    `before` is what it held earlier. Threads beyond those get some seconds to end, because a pool ends soon after its work.
    """
    end = time.monotonic() + ENDING_SECONDS
    while before and threading.active_count() > before["threads"] and time.monotonic() < end:
        time.sleep(0.01)
    gc.collect()
    files = len(os.listdir("/proc/self/fd"))
    return {"memory": _memory(os.getpid(), "VmRSS"), "threads": threading.active_count(), "files": files}


def _memory(process: int, name: str) -> float:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"process {process} has ended")
