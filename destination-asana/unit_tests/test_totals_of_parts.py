"""The total of a supplier document in its own currency, which Visma gives in the company's currency only."""

from decimal import Decimal
from typing import Any

import pytest
from destination_asana.documents.currency import DocumentAmounts
from destination_asana.documents.errors import RecordError
from destination_asana.documents.reader import Reader
from destination_asana.documents.translation import translate

D = Decimal
# A paid document in a currency of which 10 are 1 of the company's: nothing but its line totals gives the rate.
PAID: dict[str, Any] = {"currencyId": "SEK", "balance": 0, "balanceInCurrency": 0}


def read(record: dict[str, Any]) -> tuple[Decimal | None, Decimal | None, bool]:
    amounts = DocumentAmounts(Reader(record), [])
    return amounts.amount(), amounts.balance(), amounts.unknown


@pytest.mark.parametrize(
    ("own", "plain", "total"),
    [
        # The rate alone gives 1,000.02 in most cases; the parts give 1,000.00, which is two cents away.
        pytest.param({"detailTotal": 800, "vatTotal": 200}, "100.002", "1000.00", id="lines and VAT"),
        pytest.param({"detailTotal": 1000, "vatTotal": 200}, "100.002", "1000.00", id="VAT-inclusive lines"),
        pytest.param(
            {"detailTotal": 850, "vatTotal": 200, "discountTotal": 50}, "100.002", "1000.00", id="document discount"
        ),
        pytest.param(
            {"detailTotal": 800, "vatTotal": 200, "discountTotal": 50}, "100.002", "1000.00", id="discounted lines"
        ),
        pytest.param(
            {"detailTotal": "800.20", "vatTotal": 200, "roundingDiff": "0.20"}, "100.002", "1000.00", id="rounded down"
        ),
        pytest.param(
            {"detailTotal": "799.80", "vatTotal": 200, "roundingDiff": "0.20"}, "100.002", "1000.00", id="rounded up"
        ),
        pytest.param(
            {"detailTotal": 800, "vatTotal": 200, "roundingDiff": "0.20"}, "100.002", "1000.00", id="not rounded"
        ),
        pytest.param({"detailTotal": 800, "vatTotal": 200}, "99.998", "1000.00", id="from below"),
        pytest.param({"detailTotal": 800, "vatTotal": 200}, "100.003", "1000.03", id="three cents away"),
        # Parts that Visma does not give are nothing.
        pytest.param({"detailTotal": 1000}, "99.901", "999.01", id="one below the lines"),
        pytest.param({"detailTotal": 1000}, "100.101", "1001.01", id="one above the lines"),
    ],
)
def test_the_parts_give_the_cent(own: dict[str, Any], plain: str, total: str) -> None:
    details = D(str(own["detailTotal"]))
    record = PAID | {f"{name}InCurrency": value for name, value in own.items()}
    record |= {"amount": plain, "detailTotal": str(details / 10)}
    assert read(record) == (D(total), D(0), False)


def test_an_unpaid_document_owes_its_total() -> None:
    record = {"currencyId": "EUR", "amount": 11500, "balance": 11500, "balanceInCurrency": 1000}
    assert read(record) == (D(1000), D(1000), False)


def test_a_total_too_large_for_asana_names_its_field() -> None:
    record = PAID | {"amount": 9_000_000_000_000, "detailTotal": 1, "detailTotalInCurrency": 2}
    with pytest.raises(RecordError) as caught:
        read(record)
    assert str(caught.value) == "amount: 18000000000000 is larger than Asana can store to the cent"


def test_what_was_not_known_stays_unknown() -> None:
    record = {"currencyId": "EUR", "amount": 11500, "balance": 5750, "detailTotal": 9200, "detailTotalInCurrency": 800}
    amounts = DocumentAmounts(Reader(record), [])
    assert (amounts.balance(), amounts.unknown) == (None, True)
    assert (amounts.amount(), amounts.unknown) == (D(1000), True)


@pytest.mark.parametrize(
    ("record", "amount", "balance"),
    [
        # Only a balance above zero stands in for an amount.
        ({"amount": None, "balance": 0, "balanceInCurrency": 0}, None, D(0)),
        ({"amount": None, "amountInCurrency": 0, "balance": None}, D(0), None),
        ({"amount": 0, "balance": "0.50", "balanceInCurrency": "0.50"}, D("0.50"), D("0.50")),
        ({"amount": 0, "balance": "0.01", "balanceInCurrency": "0.01"}, D("0.01"), D("0.01")),
    ],
)
def test_an_amount_that_nobody_entered(record: dict[str, Any], amount: Decimal | None, balance: Decimal | None) -> None:
    assert read(record) == (amount, balance, False)


def test_a_credit_note_without_amounts(make_invoice: Any) -> None:
    record = make_invoice(documentType="DebitAdj", amount=None, balance=None, balanceInCurrency=None)
    document = translate("supplier_invoices", record)
    assert (document.fields["Visma amount"], document.fields["Visma balance"]) == (None, None)
    assert not document.unknown_amounts
