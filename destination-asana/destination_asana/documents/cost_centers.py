"""Which segments of the subaccount hold cost centres, according to the settings. Pure."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from destination_asana.documents.line_items import Option
from destination_asana.documents.texts import comparable

logger = logging.getLogger("airbyte")

# The segmented key whose values are cost centres; others hold warehouses, customers, projects and more.
SUBACCOUNT = "subaccount"


class CostCenterSegments:
    """The segments that hold cost centres, by id or description. If the settings name none, all segments do. Thread-safe."""

    def __init__(self, wanted: Sequence[str]) -> None:
        self._wanted = frozenset(comparable(each) for each in wanted)
        self._names: dict[tuple[str, str | None], str] = {}
        self._warned: set[str] = set()
        self._lock = threading.Lock()

    def accepts(self, company: str, segment: str | None, name: str | None) -> bool:
        """Whether a value of this segment is a cost centre. `name` is the segment's description, if the record has it."""
        if not self._wanted:
            return True
        if segment is not None and comparable(segment) in self._wanted:
            return True
        known = name or self._names.get((company, segment))
        if known is None:
            self._warn(segment)
            return False
        return comparable(known) in self._wanted

    def only(self, company: str, options: Iterable[Option]) -> tuple[Option, ...]:
        """The cost centres among the segment values of a line."""
        return tuple(each for each in options if self.accepts(company, each.segment, each.segment_name))

    def learn(self, dimension: Mapping[str, Any]) -> None:
        """Remembers the segment descriptions in a record of the stream `dimensions`."""
        if str(dimension.get("id")).strip().casefold() != SUBACCOUNT:
            return
        for segment in dimension.get("segments") or ():
            if isinstance(segment, Mapping) and segment.get("description"):
                key = (str(dimension.get("company_id") or ""), str(segment.get("segmentId")))
                self._names[key] = str(segment["description"])

    def _warn(self, segment: str | None) -> None:
        with self._lock:
            if str(segment) in self._warned:
                return
            self._warned.add(str(segment))
        logger.warning(
            f"cost_center_segments: the description of subaccount segment {segment} is not known, so its values are not treated as "
            f"cost centres. Name segments by their ids (here {segment}), or sync the stream dimensions before dimension_values."
        )
