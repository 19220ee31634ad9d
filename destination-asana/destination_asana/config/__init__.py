"""The settings, typed: credentials, routes, assignments. An error names the setting and the remedy.

Imports only `documents` (field names), `planning` (routes of documents) and `asana` (authentication) of the other rooms.
"""

from destination_asana.config.file import read_catalog, read_json
from destination_asana.config.routes import LineItems, Operation, Route, RouteKind, source_of
from destination_asana.config.settings import Adopt, Config, OnRecordError
from destination_asana.config.specification import SPEC, without_nulls
from destination_asana.config.supplier_mapping import MappingEntry

__all__ = [
    "SPEC",
    "Adopt",
    "Config",
    "LineItems",
    "MappingEntry",
    "OnRecordError",
    "Operation",
    "Route",
    "RouteKind",
    "read_catalog",
    "read_json",
    "source_of",
    "without_nulls",
]
