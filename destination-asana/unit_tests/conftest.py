"""Records as source-visma writes them, small enough to read."""

from collections.abc import Callable
from typing import Any

import pytest

Make = Callable[..., dict[str, Any]]


@pytest.fixture
def make_order() -> Make:
    """A purchase order with one line; keyword arguments replace or add top-level fields."""

    def make(**changes: Any) -> dict[str, Any]:
        return {
            "company_id": "4100251",
            "orderType": "RegularOrder",
            "orderNbr": "000123",
            "status": "Open",
            "date": "2026-01-07T00:00:00",
            "promisedOn": "2026-02-03T00:00:00",
            "supplier": {"internalId": 7, "number": "50012", "name": "Nordic Office AS"},
            "currency": "NOK",
            "orderTotal": 250.0,
            "lines": [
                {
                    "lineNbr": 1,
                    "inventory": {"number": "PAPER", "description": "Copy paper"},
                    "lineDescription": "Paper A4",
                    "orderQty": 10.0,
                    "unitCost": 25.0,
                    "amount": 250.0,
                    "account": {"number": "6800", "description": "Office supplies"},
                    "sub": {
                        "segments": [
                            {"segmentId": 1, "segmentValue": "330", "segmentValueDescription": "Marketing"},
                            {"segmentId": 2, "segmentValue": "10", "segmentValueDescription": "Bergen"},
                        ]
                    },
                }
            ],
            "lastModifiedDateTime": "2026-01-07T08:00:00.1",
            **changes,
        }

    return make


@pytest.fixture
def make_invoice() -> Make:
    """A supplier invoice with one line; keyword arguments replace or add top-level fields."""

    def make(**changes: Any) -> dict[str, Any]:
        return {
            "company_id": "4100251",
            "documentType": "Invoice",
            "referenceNumber": "200123",
            "status": "Open",
            "date": "2026-01-10T00:00:00",
            "dueDate": "2026-01-24T00:00:00",
            "supplier": {"number": "50012", "name": "Nordic Office AS"},
            "currencyId": "NOK",
            "amount": 1250.0,
            "balance": 1250.0,
            "balanceInCurrency": 1250.0,
            "detailTotal": 1000.0,
            "detailTotalInCurrency": 1000.0,
            "supplierReference": "F-1",
            "invoiceLines": [
                {
                    "lineNumber": 1,
                    "transactionDescription": "Toner",
                    "quantity": 2.0,
                    "unitCostInCurrency": 500.0,
                    "costInCurrency": 1000.0,
                    "account": {"number": "6800", "description": "Office supplies"},
                    "subaccount": {"segments": [{"segmentId": 1, "segmentValue": "330"}]},
                }
            ],
            "lastModifiedDateTime": "2026-01-10T08:00:00",
            **changes,
        }

    return make
