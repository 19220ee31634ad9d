"""Dimensions with their segments and segment values (such as cost centres), nested as in the service."""

from __future__ import annotations

import copy
from typing import Any

from integration_tests.sandbox.visma.errors import not_found
from integration_tests.sandbox.visma.store import Record, RowVersions


class Dimensions:
    """All dimensions of the company. Segments and values have ``lastModified``; dimensions have no stamp."""

    def __init__(self, dimensions: list[Record], versions: RowVersions) -> None:
        self._dimensions = {dimension["id"]: copy.deepcopy(dimension) for dimension in dimensions}
        self._versions = versions

    def names(self) -> list[str]:
        """The ids of the dimensions, which is all that the list endpoint shows."""
        return list(self._dimensions)

    def dimension(self, dimension_id: str, with_values: bool = True) -> Record:
        """One dimension, on request without the values of its segments. Raises RefusedError 404."""
        if dimension_id not in self._dimensions:
            raise not_found()
        dimension = copy.deepcopy(self._dimensions[dimension_id])
        if not with_values:
            for segment in dimension["segments"]:
                segment.pop("segmentValues", None)
        return dimension

    def segment(self, dimension_id: str, segment_id: str) -> Record:
        """One segment with its values. Raises RefusedError 404."""
        return copy.deepcopy(self._segment(dimension_id, segment_id))

    def value(self, dimension_id: str, segment_id: str, name: str, wanted: str) -> Record:
        """The segment value whose field ``name`` (valueId or publicId) is ``wanted``. Raises RefusedError 404."""
        for value in self._segment(dimension_id, segment_id)["segmentValues"]:
            if value[name] == wanted:
                return copy.deepcopy(value)
        raise not_found()

    def put_value(self, dimension_id: str, segment_id: str, changes: Record, stamp: str) -> Record:
        """Adds the value of ``changes["valueId"]``, or changes it. The value and its segment get the stamp."""
        segment = self._segment(dimension_id, segment_id)
        values: list[Record] = segment["segmentValues"]
        found = [value for value in values if value["valueId"] == changes["valueId"]]
        value = found[0] if found else _new_value(segment, changes["valueId"])
        if not found:
            values.append(value)
            values.sort(key=lambda entry: str(entry["valueId"]))
        value.update(changes, lastModified=stamp, timeStamp=self._versions.next())
        return copy.deepcopy(value)

    def remove_value(self, dimension_id: str, segment_id: str, value_id: str) -> None:
        """Removes a value. Raises RefusedError 404."""
        values: list[Record] = self._segment(dimension_id, segment_id)["segmentValues"]
        kept = [value for value in values if value["valueId"] != value_id]
        if len(kept) == len(values):
            raise not_found()
        values[:] = kept

    def _segment(self, dimension_id: str, segment_id: str) -> dict[str, Any]:
        for segment in self._dimensions.get(dimension_id, {}).get("segments", []):
            if str(segment["segmentId"]) == segment_id:
                found: dict[str, Any] = segment
                return found
        raise not_found()


def _new_value(segment: Record, value_id: str) -> Record:
    number = sum(ord(character) << (8 * n) for n, character in enumerate(reversed(value_id)))
    return {
        "internalId": f"00000000-0000-4000-8000-{number % 16**12:012x}",
        "segmentId": segment["segmentId"],
        "valueId": value_id,
        "description": value_id,
        "publicId": f"00000000-0000-4000-9000-{number % 16**12:012x}",
        "active": True,
    }
