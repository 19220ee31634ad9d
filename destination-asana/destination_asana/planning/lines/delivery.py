"""When to complete or reopen the item of an order line. Pure."""

from __future__ import annotations

from destination_asana.documents import Delivery


def completion(delivery: Delivery, *, before: bool, completed: bool, by_sync: bool) -> bool | None:
    """Whether to complete (True) or reopen (False) the item of a line; None leaves it alone.

    `before` is `done` at the last sync; `completed` is the item's present state; `by_sync` says whether
    the sync completed it. A person's choice stays until `done` changes, and an item that a person completed is never
    reopened.
    """
    if delivery.done == before:
        return None
    if delivery.done:
        return None if completed else True
    return False if completed and by_sync else None
