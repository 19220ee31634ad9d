"""The route of each stream of the catalog: by the object it is mapped to or, without one, by its name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from destination_asana.config import Config, Operation, Route, RouteKind, source_of
from destination_asana.documents import KIND_OF_STREAM, Kind
from destination_asana.errors import config_error
from destination_asana.protocol import StreamKey
from destination_asana.sync.activation import OBJECTS, DocumentObject

FULL_REFRESH = "full_refresh"

# The routes of a catalog's streams.
Routes = Mapping[StreamKey, Route]


def routes_of(config: Config, catalog: Mapping[str, Any]) -> Routes:
    """The routes of all streams of a catalog. Raises config_error, before the first write, if a stream has none."""
    streams = [(configured.get("stream") or {}, configured) for configured in catalog.get("streams") or []]
    return {
        (described.get("namespace"), described.get("name")): replace(
            route_of(config, configured), whole=configured.get("sync_mode") == FULL_REFRESH
        )
        for described, configured in streams
    }


def route_of(config: Config, configured: Mapping[str, Any]) -> Route:
    """The route of one configured stream. Raises config_error."""
    stream = str((configured.get("stream") or {}).get("name"))
    object_name = configured.get("destination_object_name")
    operation = str(configured.get("destination_sync_mode") or Operation.UPSERT)
    if not object_name:
        return replace(config.route(stream), operation=operation)
    known = OBJECTS.get(object_name)
    if known is None:
        raise config_error(
            f"The stream “{stream}” is mapped to the object “{object_name}”, which this connector does not have. It has "
            f"{', '.join(OBJECTS)}. Refresh the destination's objects and map the stream again. Nothing was written."
        )
    _check_key(stream, known, operation, configured.get("primary_key"))
    listed = stream if stream in config.streams else known.source
    route = replace(
        config.route(listed), stream=stream, source=known.source, operation=operation, object_name=known.name
    )
    if not route.of_documents:
        raise config_error(
            f"The stream “{stream}” is mapped to the object {known.name}, but the settings write it as {route.kind}. Change its "
            "entry under “streams” to task or project. Nothing was written."
        )
    return route


def projects_of(kind: Kind, config: Config, routes: Iterable[Route]) -> list[str]:
    """The Asana projects where documents of a kind have their tasks, whichever sync brings them: by the `routes` of this
    one, the entries of the settings, and the preset. A stream of another name than Visma's may bring any kind."""
    listed = [
        config.route(name)
        for name in dict.fromkeys((kind.value, *config.streams))
        if name not in config.streams or config.streams[name]["write_as"]["type"] in (RouteKind.TASK, RouteKind.PROJECT)
        if KIND_OF_STREAM.get(source_of(name), kind) is kind
    ]
    found = (each for each in (*routes, *listed) if KIND_OF_STREAM.get(each.source, kind) is kind)
    return list(dict.fromkeys(route.project_gid for route in found if route.of_documents))


def _check_key(stream: str, known: DocumentObject, operation: str, primary_key: Any) -> None:
    """The matching key arrives as the stream's primary key: a list of paths."""
    chosen = [path[-1] if isinstance(path, list) and path else path for path in primary_key or []]
    if operation == Operation.APPEND or not chosen or set(chosen) == set(known.key):
        return
    raise config_error(
        f"The stream “{stream}” matches {known.name} by {', '.join(map(str, chosen))}, but a document is identified by "
        f"{', '.join(known.key)} together. Choose that matching key. Nothing was written."
    )
