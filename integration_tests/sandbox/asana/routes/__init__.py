"""The API's endpoints, one module per resource. `load_all` imports them, which registers their routes."""

import importlib
import pkgutil

from .. import field_records, records

SHAPES = (records, field_records)
"""Importing these registers how every type of object is shown."""


def load_all() -> None:
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
