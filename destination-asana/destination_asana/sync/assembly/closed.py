"""The object that decides about closed documents without a task, as the settings ask."""

from __future__ import annotations

from collections.abc import Callable

from destination_asana.sync.assembly.base import Base
from destination_asana.sync.closed_documents import AllAdmitted, ClosedDocuments, ClosedLeftOut
from destination_asana.sync.upsert import Trail


def closed_of(base: Base, trail: Trail, orders_complete: Callable[[], bool]) -> ClosedDocuments:
    """`orders_complete` says whether every stream of orders has come to its end."""
    if base.config.create_closed:
        return AllAdmitted()
    return ClosedLeftOut(
        trail,
        base.records.results,
        base.records.reporting.lines,
        base.control.watermark,
        base.control.work,
        orders_complete=orders_complete,
        show_progress=base.control.progress.show,
    )
