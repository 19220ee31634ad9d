"""Record → Document, by the route of its stream: as Visma sends it, or as an object whose fields a connection has mapped."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from destination_asana.config import Route
from destination_asana.documents.cost_centers import CostCenterSegments
from destination_asana.documents.document import Document
from destination_asana.documents.fields import COST_CENTERS
from destination_asana.documents.translate import translate
from destination_asana.documents.visma_ids import company_of
from destination_asana.sync.activation import OBJECTS


class DocumentReader:
    """Reads the records of one stream. `segments` says which segment values of a line are cost centres."""

    def __init__(self, route: Route, segments: CostCenterSegments) -> None:
        self._route = route
        self._segments = segments

    def read(self, data: Any) -> Document:
        """Raises RecordError for a record that is no document."""
        known = OBJECTS.get(self._route.object_name or "")
        document = known.translate(data, self._route.operation) if known else translate(self._route.source, data)
        if COST_CENTERS not in document.fields:
            return document
        cost_centers = self._segments.only(company_of(document.visma_id), document.fields[COST_CENTERS])
        return replace(document, fields={**document.fields, COST_CENTERS: cost_centers})
