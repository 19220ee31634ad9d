"""Which segments of the subaccount are cost centres, as the settings say. Pure."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from destination_asana.documents.line_items import Option

logger = logging.getLogger("airbyte")

# The segmented key whose values are cost centres; others hold warehouses, customers, projects and more.
SUBACCOUNT = "subaccount"


class CostCenterSegments:
    """Knows the segments that count, by id or description; without any in the settings all of them do. Thread-safe."""

    def __init__(self, wanted: Sequence[str]) -> None:
        self._wanted = frozenset(_normal(each) for each in wanted)
        self._names: dict[tuple[str, str], str] = {}
        self._told: set[str] = set()
        self._lock = threading.Lock()

    def accepts(self, company: str, segment: str | None, name: str | None) -> bool:
        """Whether a value of this segment is a cost centre. `name` is the segment's description, where it is at hand."""
        if not self._wanted:
            return True
        if segment is not None and _normal(segment) in self._wanted:
            return True
        known = name or self._names.get((company, segment or ""))
        if known is None:
            self._tell(segment)
            return False
        return _normal(known) in self._wanted

    def only(self, company: str, options: Iterable[Option]) -> tuple[Option, ...]:
        """The cost centres among the segment values of a line."""
        return tuple(each for each in options if self.accepts(company, each.segment, each.segment_name))

    def learn(self, dimension: Mapping[str, Any]) -> None:
        """Remembers the descriptions of a dimension's segments (a record of the stream `dimensions`)."""
        if str(dimension.get("id") or "").strip().casefold() != SUBACCOUNT:
            return
        for segment in dimension.get("segments") or ():
            if isinstance(segment, Mapping) and segment.get("description"):
                key = (str(dimension.get("company_id") or ""), str(segment.get("segmentId")))
                self._names[key] = str(segment["description"])

    def _tell(self, segment: str | None) -> None:
        with self._lock:
            if str(segment) in self._told:
                return
            self._told.add(str(segment))
        logger.warning(
            f"cost_center_segments: what segment {segment} of the subaccount is called is not known, so its values are taken for "
            f"no cost centres. Name segments by their ids (here {segment}), or sync the stream dimensions before dimension_values."
        )


def _normal(text: str) -> str:
    return " ".join(str(text).split()).casefold()
