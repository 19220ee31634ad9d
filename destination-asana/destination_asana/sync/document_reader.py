"""Record → Document, by the route of its stream: a record in Visma's form, or an object whose fields a connection has
mapped."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from destination_asana.config import Route
from destination_asana.documents import CostCenterSegments, Document, company_of, translate
from destination_asana.documents.fields import COST_CENTERS, PROJECTS
from destination_asana.sync.activation import OBJECTS


class DocumentReader:
    """Reads the records of one stream. `segments` knows which segment values of a line are cost centres;
    `non_project_code` is Visma's code for "no project"."""

    def __init__(self, route: Route, segments: CostCenterSegments, non_project_code: str) -> None:
        self._route = route
        self._non_project_code = non_project_code
        self._segments = segments

    def read(self, data: Any) -> Document:
        """Raises RecordError for a record that is not a document."""
        known = OBJECTS.get(self._route.object_name or "")
        document = known.read(data, self._route.operation) if known else translate(self._route.source, data)
        subject = document.subject.without_project(self._non_project_code)
        fields = dict(document.fields)
        if PROJECTS in fields:
            fields[PROJECTS] = subject.project_options
        cost_centers = fields.get(COST_CENTERS)
        if isinstance(cost_centers, tuple):
            fields[COST_CENTERS] = self._segments.only(company_of(document.visma_id), cost_centers)
        return replace(document, fields=fields, subject=subject)
