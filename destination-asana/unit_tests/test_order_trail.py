"""Which orders are looked up together."""

import pytest
from destination_asana.planning.money.order_numbers import alike, proves_parts


@pytest.mark.parametrize(
    ("numbers", "groups"),
    [
        # The last digit is open where two share the rest, the last two where four do.
        (["500221", "500229", "500230"], [("50022", ["500221", "500229"])]),
        (["500201", "500212", "500223", "500234"], [("5002", ["500201", "500212", "500223", "500234"])]),
        (["500201", "500202", "500213", "500223"], [("50020", ["500201", "500202"])]),
        # Too short a beginning is found in too much; letters may be told apart by their case.
        (["1021", "1022", "1023"], []),
        (["PO5001", "PO5002"], []),
        (["500221", "500221"], []),
        ([], []),
    ],
)
def test_numbers_that_begin_alike_make_one_question(numbers, groups):
    assert alike(numbers) == groups


@pytest.mark.parametrize(
    ("text", "proof"),
    [
        ("500011: 7.00", True),
        ("PurchaseOrderId:4100251/RegularOrder/500011", True),
        ("600000: 1.00; 500011: 150001.00", True),
        # These hold the beginning as a word of its own.
        ("500011: 50001.00", False),
        ("50001: 3.00; 500012: 7.00", False),
        ("500012: 3.00; 500013: -50001.25", False),
        ("PurchaseOrderId:50001/RegularOrder/500011", False),
        # No number begins so.
        ("150001: 7.00", False),
        ("", False),
    ],
)
def test_what_proves_that_search_finds_parts_of_words(text, proof):
    assert proves_parts(text, "50001") is proof
