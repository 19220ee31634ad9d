"""One sync: streams, routes, and the order of its steps.

No other room imports it.
"""

from destination_asana.sync.activation import destination_catalog

__all__ = [
    "destination_catalog",
]
