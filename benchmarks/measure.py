"""Runs one command and reads what the operating system counted for it."""

from __future__ import annotations

import os
import subprocess
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
