"""A route → its stream, of the class the route asks for."""

from __future__ import annotations

from destination_asana.config import Route, RouteKind
from destination_asana.sync.assembly.base import Base
from destination_asana.sync.assembly.cards import number_stream_of
from destination_asana.sync.assembly.document_streams import DocumentStreams
from destination_asana.sync.assembly.options import option_stream_of
from destination_asana.sync.routes import Routes
from destination_asana.sync.streams import IgnoredStream, Stream, Streams


def streams_of(base: Base, routes: Routes, documents: DocumentStreams) -> Streams:
    """The streams of a catalog. `documents` makes those whose records are documents."""
    made = {key: _stream_of(route, base, documents) for key, route in routes.items()}
    return Streams(made, base.records.segments, documents.outlook)


def _stream_of(route: Route, base: Base, documents: DocumentStreams) -> Stream:
    if route.of_documents:
        return documents.make(route)
    if route.of_numbers:
        return number_stream_of(route, base)
    if route.kind is RouteKind.ENUM_OPTIONS:
        return option_stream_of(route, base)
    return IgnoredStream(route, base.records.results)
