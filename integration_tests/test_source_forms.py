"""Values in other forms on the wire: whatever is wrapped, blank or below zero by nothing, the records are the same."""

import json
import math
from typing import Any

import pytest

from . import wire
from .sandbox.harness import VismaSandbox
from .source_runs import Run, read

pytest_plugins = ["integration_tests.sandbox.visma.testing"]

STREAMS = ["suppliers", "customer_credit_notes", "journal_transactions", "dimensions", "dimension_values"]


def wrapped(value: Any) -> Any:
    """The same with every scalar in an object of its own."""
    if isinstance(value, dict):
        return {name: part if name == "metadata" else wrapped(part) for name, part in value.items()}
    return [wrapped(item) for item in value] if isinstance(value, list) else {"value": value}


def through(visma: VismaSandbox, change: Any, *streams: str) -> Run:
    """Reads streams through a server that changes what the sandbox answers."""

    def edit(method: str, path: str, query: dict[str, str], status: int, body: bytes) -> tuple[int, bytes] | None:
        asked = method == "GET" and path.startswith("/v") and status == 200
        return (200, json.dumps(change(json.loads(body))).encode()) if asked else None

    with wire.Player(visma.url, edit) as player:
        config = {**visma.config, "api_url": player.url, "token_url": f"{player.url}/connect/token"}
        return read(config, *streams)


def records(run: Run, stream: str) -> list[str]:
    return sorted(json.dumps(record, sort_keys=True) for record in run.records(stream))


def earned(run: Run, stream: str) -> list[dict[str, Any]]:
    """The last state but for the address in it, which is the player's or the sandbox's own."""
    return [{name: part for name, part in state.items() if name != "api_url"} for state in run.states(stream)[-1:]]


def test_wrapped_scalars_make_the_same_records(visma: VismaSandbox) -> None:
    """Keys, stamps and the IDs of dimensions included; an attribute keeps its field `value`."""
    bare = read(visma, *STREAMS)
    other = through(visma, wrapped, *STREAMS)
    assert other.code == 0, other.output
    for stream in STREAMS:
        assert records(other, stream) == records(bare, stream) != []
        assert earned(other, stream) == earned(bare, stream)
    attributes = [
        attribute for supplier in other.records("suppliers") for attribute in supplier.get("attributes") or []
    ]
    assert all(set(attribute) == {"id", "value", "description"} for attribute in attributes)


@pytest.mark.parametrize("blank", ["", {"value": ""}], ids=["bare", "wrapped"])
def test_an_empty_stamp_is_none_and_no_zero_is_below_zero(visma: VismaSandbox, blank: Any) -> None:
    def change(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if rows and "balance" in rows[0]:
            rows[0] |= {"lastModifiedDateTime": blank, "balance": -0.0, "amount": {"value": -0.0}}
        return rows

    first, *others = visma.documents("customerCreditNote")
    done = through(visma, change, "customer_credit_notes")
    assert done.code == 0, done.output
    record, *_ = done.records("customer_credit_notes")
    assert record["referenceNumber"] == first["referenceNumber"]
    assert "lastModifiedDateTime" not in record
    assert [math.copysign(1, record[name]) for name in ("balance", "amount")] == [1, 1]
    stamps = [document["lastModifiedDateTime"] for document in others]
    assert done.states("customer_credit_notes")[-1]["lastModifiedDateTime"] == max(stamps)
