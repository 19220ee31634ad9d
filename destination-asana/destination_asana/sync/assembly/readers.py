"""The functions that make documents of a stream's records."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from destination_asana.config import Route
from destination_asana.documents import KIND_OF_STREAM, Document, Kind
from destination_asana.sync.assembly.base import Base
from destination_asana.sync.cards import CardReader
from destination_asana.sync.document_reader import DocumentReader


def read_of(route: Route, base: Base) -> Callable[[Any], Document | None]:
    """The reader of a stream. It returns None for a record that is not a document."""
    non_project_code = base.config.non_project_code
    if KIND_OF_STREAM.get(route.source) is Kind.PROJECTS:
        return CardReader(route.source, non_project_code, base.cards).read
    return DocumentReader(route, base.records.segments, non_project_code).read
