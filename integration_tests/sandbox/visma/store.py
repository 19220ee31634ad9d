"""Rows in memory: one sorted table per entity, each row with its record, its stamp and its serialised forms."""

from __future__ import annotations

import base64
import bisect
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from integration_tests.sandbox.visma import stamps
from integration_tests.sandbox.visma.wire import to_json

Record = dict[str, Any]
Key = tuple[str, ...]


class RowVersions:
    """SQL Server's rowversion: one counter for the whole database, shown as base64 of eight bytes.

    ``last`` is the version given out last.
    """

    def __init__(self, start: int = 0x4D180000) -> None:
        self.last = start

    def next(self) -> str:
        """A new version, e.g. ``AAAAAE0YIiI=``."""
        self.last += 1
        return base64.b64encode(self.last.to_bytes(8, "big")).decode()


class Row:
    """A record with its parsed stamp. ``locked`` rows refuse a PUT."""

    __slots__ = ("_forms", "key", "locked", "modified", "record")

    def __init__(self, key: Key, record: Record, modified_field: str) -> None:
        self.key = key
        self.record = record
        self.modified = stamps.parse(record.get(modified_field))
        self.locked = False
        self._forms: dict[Any, bytes] = {}

    def form(self, name: Any, shape: Callable[[Record], Record]) -> bytes:
        """The record as JSON after ``shape``, cached under ``name`` until the row is replaced."""
        if name not in self._forms:
            self._forms[name] = to_json(shape(self.record))
        return self._forms[name]


class Table:
    """Rows sorted by number, then type: oldest reference first, as measured on the real service."""

    def __init__(self, key_of: Callable[[Record], Key], modified_field: str = "lastModifiedDateTime") -> None:
        self._key_of = key_of
        self._modified_field = modified_field
        self._order: list[Key] = []
        self._rows: dict[Key, Row] = {}

    def __len__(self) -> int:
        return len(self._order)

    def __iter__(self) -> Iterator[Row]:
        return (self._rows[key[::-1]] for key in self._order)

    def get(self, key: Key) -> Row | None:
        """The row of this key."""
        return self._rows.get(key)

    def at(self, position: int) -> Row:
        """The row at a position in list order; negative counts from the end. Raises IndexError."""
        return self._rows[self._order[position][::-1]]

    def put(self, record: Record) -> Row:
        """Adds the record, or replaces the one of the same key."""
        row = Row(self._key_of(record), record, self._modified_field)
        old = self._rows.get(row.key)
        if old is None:
            bisect.insort(self._order, row.key[::-1])
        else:
            row.locked = old.locked
        self._rows[row.key] = row
        return row

    def remove(self, key: Key) -> Row:
        """Removes the row for good; the real service keeps no trace either. Raises KeyError."""
        if key not in self._rows:
            raise KeyError("/".join(key))
        row = self._rows.pop(key)
        self._order.pop(bisect.bisect_left(self._order, key[::-1]))
        return row

    def since(self, moment: datetime) -> list[Row]:
        """Rows stamped at or after the moment, and those whose stamp cannot be read."""
        return [row for row in self if row.modified is None or row.modified >= moment]
