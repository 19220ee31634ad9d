"""Amount and balance of an invoice end up in the document's currency, whichever family Visma put it in."""

import pytest
from destination_asana.currency import amount_and_balance
from destination_asana.values import Reader

COMPANY_PLAIN = {
    "exchangeRate": 11.5,
    "detailTotal": 9200.0,
    "vatTotal": 2300.0,
    "balance": 5750.0,
    "detailTotalInCurrency": 800.0,
    "vatTotalInCurrency": 200.0,
    "balanceInCurrency": 500.0,
}
DOCUMENT_PLAIN = {
    "exchangeRate": 11.5,
    "detailTotal": 800.0,
    "vatTotal": 200.0,
    "balance": 500.0,
    "detailTotalInCurrency": 9200.0,
    "vatTotalInCurrency": 2300.0,
    "balanceInCurrency": 5750.0,
}


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        pytest.param({"amount": 100.0, "balance": 40.0}, (100.0, 40.0), id="one family only"),
        pytest.param({"amount": 1000.0, **COMPANY_PLAIN}, (1000.0, 500.0), id="amount in document currency already"),
        pytest.param({"amount": 11500.0, **COMPANY_PLAIN}, (1000.0, 500.0), id="amount in company currency"),
        pytest.param({"amount": 1000.0, **DOCUMENT_PLAIN}, (1000.0, 500.0), id="plain family is the document's"),
        pytest.param(
            {"amount": 11500.0, "amountInCurrency": 1000.0, **COMPANY_PLAIN}, (1000.0, 500.0), id="customer invoice"
        ),
        pytest.param(
            {
                "amount": 100.0,
                "balance": 100.0,
                "balanceInCurrency": 9.0,
                "detailTotal": 100.0,
                "detailTotalInCurrency": 9.0,
            },
            (100.0, 100.0),
            id="no rate: amount and balance of one family",
        ),
        pytest.param({"amount": None, "balance": None}, (None, None), id="nothing known"),
        pytest.param({"amount": 0, "balance": 0, "balanceInCurrency": 0, "exchangeRate": 11.5}, (0.0, 0.0), id="zeros"),
    ],
)
def test_amount_and_balance(record, expected):
    assert amount_and_balance(Reader(record)) == expected
