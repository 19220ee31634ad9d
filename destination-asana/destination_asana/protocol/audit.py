"""The audit log: one JSON line per action in Asana, with the values before and after."""

from __future__ import annotations

import datetime
import os
import threading
from collections.abc import Mapping
from typing import IO, Any

from destination_asana.errors import config_error
from destination_asana.protocol.files import make_folder_of, private
from destination_asana.protocol.messages import dump


class AuditLog:
    """Appends to a file; without a path it does nothing. Thread-safe.

    A line holds `time` (UTC, RFC 3339), `visma_id`, `asana_gid`, `action` (created, updated, completed, reopened,
    quarantined), `changes` ({field: {"before": …, "after": …}}), and `reason` for a quarantined record.
    """

    def __init__(self, path: str | None) -> None:
        self._file = open_for_appending(path, "audit_log_path") if path else None
        self._lock = threading.Lock()

    def write(
        self,
        action: str,
        visma_id: str | None,
        gid: str | None,
        changes: Mapping[str, tuple[Any, Any]] | None = None,
        reason: str | None = None,
    ) -> None:
        """Writes one whole line, which survives the end of the process."""
        if self._file is None:
            return
        line: dict[str, Any] = {
            "time": datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "visma_id": visma_id,
            "asana_gid": gid,
            "action": action,
            "changes": {name: {"before": before, "after": after} for name, (before, after) in (changes or {}).items()},
        }
        if reason is not None:
            line["reason"] = reason
        with self._lock:
            append(self._file, line)


def open_for_appending(path: str, setting: str) -> IO[bytes]:
    """Opens a JSON-lines file for appending and makes it and its folder if necessary, for their owner alone. Raises config_error
    that names the setting."""
    try:
        make_folder_of(path)
        file = open(path, "ab+", opener=private)  # noqa: SIM115
        # A process may have been killed in the middle of a line. The next line must not continue it.
        if file.tell() > 0:
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                file.write(b"\n")
    except OSError as error:
        raise config_error(
            f"{setting}: cannot write to {path} ({error.strerror}). In Docker, name a file inside a mounted volume that the "
            "container's user (uid 1000) may write. Nothing was written."
        ) from None
    return file


def append(file: IO[bytes], line: Mapping[str, Any], *, durable: bool = False) -> None:
    """Appends one JSON line; `durable` waits until it is on disk."""
    file.write(dump(line) + b"\n")
    file.flush()
    if durable:
        os.fsync(file.fileno())
