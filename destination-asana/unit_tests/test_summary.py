"""The numbers of the summary: each document once per stream, by the strongest of its outcomes."""

import pytest
from destination_asana.planning import Action
from destination_asana.sync.summary import Summary

ORDER = "PurchaseOrderId:4100251/RegularOrder/500001"


@pytest.mark.parametrize(
    ("outcomes", "row"),
    [
        (["updated", "updated"], "purchase_orders: 1 updated"),
        (["unchanged", "updated"], "purchase_orders: 1 updated"),
        (["updated", "unchanged"], "purchase_orders: 1 updated"),
        (["created", "updated", "completed"], "purchase_orders: 1 created"),
        (["adopted", "updated"], "purchase_orders: 1 adopted"),
        (["updated", "completed"], "purchase_orders: 1 completed"),
        (["unchanged", "unchanged"], "purchase_orders: 1 unchanged"),
    ],
)
def test_a_document_counts_once_by_its_strongest_outcome(outcomes: list[str], row: str) -> None:
    summary = Summary()
    for outcome in outcomes:
        summary.document("purchase_orders", ORDER, Action(outcome))
    assert summary.rows() == [row]


def test_other_documents_streams_and_records_count_for_themselves() -> None:
    summary = Summary()
    for visma_id in (ORDER, ORDER.upper(), "PurchaseOrderId:4100251/Blanket/500001"):
        summary.document("purchase_orders", visma_id, Action.UPDATED)
    summary.document("supplier mapping", ORDER, Action.UPDATED)
    for _ in range(2):
        summary.count("purchase_orders", Action.QUARANTINED)
    assert summary.rows() == ["purchase_orders: 2 updated, 2 quarantined", "supplier mapping: 1 updated"]
