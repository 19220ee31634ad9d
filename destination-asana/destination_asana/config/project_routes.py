"""The entries of `project_routes`: which documents also belong to which Asana projects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from destination_asana.errors import config_error
from destination_asana.planning.routing import ProjectRoute


def project_routes_of(entries: Iterable[Mapping[str, str]]) -> tuple[ProjectRoute, ...]:
    """The entries without surrounding spaces. Raises config_error for a blank value."""
    return tuple(_entry(number, entry) for number, entry in enumerate(entries))


def _entry(number: int, entry: Mapping[str, str]) -> ProjectRoute:
    value = entry["value"].strip()
    if not value:
        raise config_error(f"The settings are not valid: project_routes.{number}.value must not be empty.")
    return ProjectRoute(entry["by"], value, entry["project_gid"], (entry.get("section") or "").strip() or None)
