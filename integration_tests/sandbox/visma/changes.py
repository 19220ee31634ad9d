"""Changes to the company's data, as people and jobs make them in the real system: stamp and row version change."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from integration_tests.sandbox.visma.entities import ENTITIES
from integration_tests.sandbox.visma.store import Key, Record, Row
from integration_tests.sandbox.visma.world import World


def merge(record: Record, values: Record) -> Record:
    """The record with the values merged in: objects are merged, lists and scalars replaced."""
    merged = dict(record)
    for name, value in values.items():
        old = merged.get(name)
        merged[name] = merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else copy.deepcopy(value)
    return merged


def change(
    world: World,
    entity: str,
    key: Key,
    values: Record,
    unset: list[str] | None = None,
    stamp: str | None = None,
) -> Row:
    """Changes a record. ``stamp`` is written as given; the default is now. Raises KeyError if there is no such record."""
    table = world.tables[entity]
    row = table.get(key)
    if row is None:
        raise KeyError("/".join(key))
    record = merge(row.record, values)
    for name in unset or []:
        record.pop(name, None)
    return _store(world, entity, record, stamp, row)


def add(world: World, entity: str, values: Record, stamp: str | None = None, like: Key | None = None) -> Row:
    """Adds a copy of another record (``like``, else the last) with the values merged in and the next free number.

    Raises KeyError if ``like`` does not exist or the key is taken, ValueError if there is nothing to copy and the values
    lack a part of the key.
    """
    table = world.tables[entity]
    if like is not None and table.get(like) is None:
        raise KeyError("/".join(like))
    if not len(table) and not set(ENTITIES[entity].key) <= set(values):
        raise ValueError(f"{entity} is empty: give a whole record")
    source = table.get(like) if like is not None else (table.at(-1) if len(table) else None)
    record = copy.deepcopy(source.record) if source else {}
    for name, number in _next_numbers(world, entity).items():
        record[name] = number
    record = merge(record, values)
    if "createdDateTime" in record and "createdDateTime" not in values:
        record["createdDateTime"] = stamp or world.clock.stamp()
    if table.get(ENTITIES[entity].key_of(record)) is not None:
        raise KeyError(f"{'/'.join(ENTITIES[entity].key_of(record))} exists already")
    return _store(world, entity, record, stamp, None)


def remove(world: World, entity: str, key: Key) -> Row:
    """Deletes a record without a trace. Raises KeyError if there is no such record."""
    row = world.tables[entity].remove(key)
    world.notify(entity, "/".join(key), row.record, None)
    return row


def _store(world: World, entity: str, record: Record, stamp: str | None, old: Row | None) -> Row:
    if ENTITIES[entity].stamped:
        record["lastModifiedDateTime"] = (
            stamp if stamp is not None else world.clock.stamp(utc=ENTITIES[entity].utc and world.settings.utc_stamps)
        )
    if ENTITIES[entity].etag:
        record["timeStamp"] = world.versions.next()
    if old is not None and ENTITIES[entity].key_of(record) != old.key:
        world.tables[entity].remove(old.key)
    row = world.tables[entity].put(record)
    world.notify(entity, "/".join(row.key), old.record if old else None, record)
    return row


def _next_numbers(world: World, entity: str) -> dict[str, Any]:
    """The next free number of the entity's number fields."""
    numbers: dict[str, Any] = {}
    rows = list(world.tables[entity])
    for name in (
        ENTITIES[entity].key[-1],
        "internalId",
        "internalID",
        "accountID",
        "subaccountId",
        "employeeId",
        "branchId",
    ):
        values = [row.record[name] for row in rows if name in row.record]
        if not values:
            continue
        if isinstance(values[0], int):
            numbers[name] = max(values) + 1
        else:
            digits = max((value for value in values if value.isdigit()), key=int, default="0")
            numbers[name] = str(int(digits) + 1).zfill(len(digits))
    return numbers


def apply(world: World, order: dict[str, Any]) -> dict[str, Any]:
    """Carries out one order from a control request: ``{"op": "add" | "change" | "delete", "entity": …, …}``.

    Also ``{"op": "revoke"}`` for all tokens and ``{"op": "settings", "set": …}``. README.md lists the keys.
    Returns ``{"key": …, "record": …}``. Raises ValueError, KeyError or IndexError.
    """
    order = dict(order)
    operation, entity = order.pop("op", None), order.pop("entity", None)
    if operation == "revoke":
        return {"revoked": world.tokens.revoke_all()}
    if operation == "settings":
        world.settings.change(order["set"])
        return {"settings": order["set"]}
    if operation not in ("add", "change", "delete"):
        raise ValueError(f"op is add, change, delete, revoke or settings, not {operation!r}")
    if entity == "segmentvalue":
        return _apply_to_value(world, operation, order)
    if entity not in world.tables:
        raise ValueError(f"unknown entity {entity!r}; known: {', '.join(world.tables)}, segmentvalue")
    if operation == "add":
        like = order.pop("like", None)
        row = add(world, entity, like=_key(like) if like else None, values=order.pop("set", {}), **order)
        return {"key": "/".join(row.key), "record": row.record}
    position, text = order.pop("position", None), order.pop("key", "")
    key = _key(text) if position is None else world.tables[entity].at(position).key
    if operation == "delete":
        row = remove(world, entity, key)
    else:
        locked = order.pop("locked", None)
        row = change(world, entity, key, order.pop("set", {}), **order)
        row.locked = row.locked if locked is None else locked
    return {"key": "/".join(row.key), "record": row.record}


def _key(text: str) -> Key:
    return tuple(text.split("/"))


def _apply_to_value(world: World, operation: str, order: dict[str, Any]) -> dict[str, Any]:
    dimension, segment, value_id = order["key"].split("/", 2)
    old = next(
        (v for v in world.dimensions.segment(dimension, segment)["segmentValues"] if v["valueId"] == value_id), None
    )
    if operation == "delete":
        world.dimensions.remove_value(dimension, segment, value_id)
        world.notify("segmentvalue", order["key"], old, None)
        return {"key": order["key"], "record": None}
    values = {**order.get("set", {}), "valueId": value_id}
    record = world.dimensions.put_value(dimension, segment, values, order.get("stamp") or world.clock.stamp())
    world.notify("segmentvalue", order["key"], old, record)
    return {"key": order["key"], "record": record}


@dataclass
class Trigger:
    """Orders carried out between two requests of a reader: after every ``after``-th request of ``path``, ``times`` times.

    ``path`` is the whole path. The orders have the form of ``apply``.
    """

    path: str
    orders: list[dict[str, Any]]
    after: int = 1
    times: int = 1
    seen: int = 0
    fired: int = 0


def fire_triggers(world: World, path: str) -> None:
    """Carries out the orders that are due after a request of this path."""
    for trigger in world.triggers:
        if trigger.path != path or trigger.fired >= trigger.times:
            continue
        trigger.seen += 1
        if trigger.seen % trigger.after == 0:
            trigger.fired += 1
            for order in trigger.orders:
                apply(world, order)
