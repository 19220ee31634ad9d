"""The description of one endpoint of the API: path, key, filters of the list, and fields that it shows only on request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from integration_tests.sandbox.visma.filters import Filter
from integration_tests.sandbox.visma.store import Record


@dataclass(frozen=True)
class Entity:
    """One kind of record.

    name: its list path without the version, also its name in control requests.
    key: fields that identify a record; the last one is the number the list is sorted by.
    filters: query parameter → predicate of record and value.
    dates: date parameter → field; each goes with a parameter of the same name plus ``Condition``.
    expands: flag → fields shown only when it is true.
    detail_expands: those of the flags that the by-id request knows too; the other fields always show there.
    blank_in_list: fields the list shows as empty objects.
    default_type: the type meant by a by-id path that carries only the number; ``only_default``: and no other.
    page_cap: largest page, None when the list is not paged.
    metadata: whether the records carry ``metadata`` at all.
    stamped: whether they carry ``lastModifiedDateTime``; ``etag``: and ``timeStamp``.
    utc: whether the stamps are UTC, as far as the setting ``utc_stamps`` has it so.
    by_number: whether one can be asked for by its number.
    """

    name: str
    path: str
    dto: str
    key: tuple[str, ...]
    filters: Mapping[str, Filter] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)
    expands: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    detail_expands: tuple[str, ...] = ()
    blank_in_list: tuple[str, ...] = ()
    default_type: str = ""
    only_default: bool = False
    page_cap: int | None = 1000
    metadata: bool = True
    etag: bool = True
    stamped: bool = True
    utc: bool = False
    by_number: bool = True

    def key_of(self, record: Record) -> tuple[str, ...]:
        """The record's key in the table."""
        return tuple(str(record[name]) for name in self.key)


MODIFIED = {"lastModifiedDateTime": "lastModifiedDateTime"}
