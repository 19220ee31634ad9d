"""The quarantine file: rejected records as Airbyte RECORD messages, each with its reason, ready for a replay."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping
from typing import IO, Any

import orjson

from destination_asana.protocol.audit import append, open_for_appending
from destination_asana.protocol.messages import dump


class Quarantine:
    """Keeps rejected records in a JSON-lines file. Thread-safe.

    A record that is already in the file is not added again. Otherwise a replay that fails would make the file grow while
    it is being read.
    """

    def __init__(self, path: str | None) -> None:
        self._path = path
        self._file: IO[bytes] | None = open_for_appending(path, "quarantine_path") if path else None
        self._known: set[bytes] | None = None
        self._lock = threading.Lock()

    def add(self, record: Mapping[str, Any], reason: str) -> None:
        """Appends the record (the `record` object of its message) unless the file has it. It is on disk before this returns."""
        if self._file is None:
            return
        digest = _digest(record)
        with self._lock:
            if self._known is None:
                self._known = self._read()
            if digest not in self._known:
                append(self._file, {"type": "RECORD", "record": record, "reason": reason}, durable=True)
                self._known.add(digest)

    def _read(self) -> set[bytes]:
        known = set()
        with open(self._path or "", "rb") as file:
            for line in file:
                try:
                    known.add(_digest(json.loads(line)["record"]))
                except (ValueError, KeyError, TypeError):
                    continue
        return known


def _digest(record: Mapping[str, Any]) -> bytes:
    content = [record.get("stream"), record.get("namespace"), record.get("data")]
    return hashlib.sha256(dump(content, orjson.OPT_SORT_KEYS)).digest()
