"""The settings, typed: who signs in, which stream goes where, who is assigned. Refusals name the setting and its remedy.

Imports of the other rooms `documents` (names of fields) and `asana` (ways to sign in) only.
"""

from destination_asana.config.routes import LineItems, Operation, Route, RouteKind
from destination_asana.config.settings import Config, OnRecordError
from destination_asana.config.specification import SPEC, without_nulls
from destination_asana.config.supplier_mapping import MappingEntry

__all__ = [
    "SPEC",
    "Config",
    "LineItems",
    "MappingEntry",
    "OnRecordError",
    "Operation",
    "Route",
    "RouteKind",
    "without_nulls",
]
