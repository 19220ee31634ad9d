"""Amounts of an invoice are in the document's currency, or empty; an exchange rate decides nothing."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from destination_asana.documents.currency import DocumentAmounts
from destination_asana.documents.reader import Reader
from destination_asana.documents.translation import translate
from hypothesis import given
from hypothesis import strategies as st

# One invoice of 1,000.00 in its own currency, as a company of another currency sees it. The number called exchange rate
# is what Visma writes beside the same amounts when the pair of currencies multiplies, divides, counts by the hundred, or
# when it writes none. Company amounts per document amount: 11.5, and 0.95 for the rate by the hundred.
RATES = [
    pytest.param({"exchangeRate": 11.5}, "11.5", id="multiply"),
    pytest.param({"exchangeRate": 0.08695652}, "11.5", id="divide"),
    pytest.param({"exchangeRate": 95.0}, "0.95", id="per 100"),
    pytest.param({}, "11.5", id="no rate"),
]
# What the 1,000.00 are made of, in the document's currency.
MAKE_UPS: list[Any] = [
    pytest.param({"detailTotal": "800.00", "vatTotal": "200.00"}, id="plain"),
    pytest.param({"detailTotal": "800.24", "vatTotal": "200.06", "roundingDiff": "0.30"}, id="rounding difference"),
    pytest.param({"detailTotal": "850.00", "vatTotal": "200.00", "discountTotal": "50.00"}, id="document discount"),
    pytest.param({"detailTotal": "1000.00", "vatTotal": "200.00"}, id="VAT-inclusive mode"),
]
PAID = [
    pytest.param("1000.00", "1000.00", id="unpaid"),
    pytest.param("400.00", "400.00", id="part paid"),
    pytest.param("0.00", "0.00", id="paid"),
]


def in_company_currency(amount: str, factor: str) -> float:
    return float((Decimal(amount) * Decimal(factor)).quantize(Decimal("0.01"), ROUND_HALF_UP))


def twice(totals: dict[str, str], factor: str) -> dict[str, float]:
    """Totals in the document's currency as Visma gives them: the plain ones in the company's."""
    plain = {name: in_company_currency(amount, factor) for name, amount in totals.items()}
    return plain | {f"{name}InCurrency": float(amount) for name, amount in totals.items()}


@pytest.mark.parametrize(("balance", "left"), PAID)
@pytest.mark.parametrize("make_up", MAKE_UPS)
@pytest.mark.parametrize(("rate", "factor"), RATES)
@pytest.mark.parametrize("kind", ["supplier_invoices", "customer_invoices"])
def test_amount_balance_and_lines_are_in_the_documents_currency(kind, rate, factor, make_up, balance, left):
    details = make_up["detailTotal"]
    suppliers = kind == "supplier_invoices"
    line = {"lineNumber": 1, "quantity": 4}
    line |= twice({"cost" if suppliers else "amount": details}, factor)
    line |= twice({"unitCost" if suppliers else "unitPrice": "212.50"}, factor)
    line["transactionDescription" if suppliers else "description"] = "Oak"
    record = {
        "company_id": "1",
        "documentType": "Invoice",
        "referenceNumber": "9",
        "currencyId": "EUR",
        **rate,
        **twice({**make_up, "balance": balance}, factor),
        "amount": in_company_currency("1000.00", factor),
        "invoiceLines": [line],
    }
    if not suppliers:
        record["amountInCurrency"] = 1000.0
    document = translate(kind, record)
    assert document.fields["Visma amount"] == 1000.00
    assert document.fields["Visma balance"] == float(left)
    assert document.fields["Visma currency"] == "EUR"
    assert [each.name for each in document.lines] == [f"1. Oak — 4 × 212.50 = {details} EUR"]
    assert not document.unknown_amounts


def read(record: dict[str, Any]) -> tuple[Decimal | None, Decimal | None, bool]:
    amounts = DocumentAmounts(Reader(record), [])
    return amounts.amount(), amounts.balance(), amounts.unknown


FOREIGN = {"currencyId": "EUR", "exchangeRate": 11.5, "amount": 11500.0}


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        pytest.param({**FOREIGN, "balance": 5750.0, "balanceInCurrency": 500.0}, (None, Decimal(500)), id="no totals"),
        pytest.param(
            {**FOREIGN, "balance": 5750.0, "balanceInCurrency": 500.0, "detailTotal": 0.0, "detailTotalInCurrency": 0.0},
            (None, Decimal(500)),
            id="totals of nothing",
        ),
        pytest.param({**FOREIGN, "balance": 5750.0}, (None, None), id="company currency alone"),
        pytest.param({**FOREIGN, "balance": 0.0}, (None, Decimal(0)), id="nothing is nothing in any currency"),
        pytest.param(
            {**FOREIGN, "amount": 0.0, "balance": 11500.0, "detailTotal": 9200.0, "detailTotalInCurrency": 800.0},
            (None, None),
            id="before release, without a balance of its own",
        ),
        pytest.param(
            {**FOREIGN, "balance": 4600.0, "balanceInCurrency": 400.0, "detailTotal": 9200.0, "detailTotalInCurrency": 9200.0},
            (None, Decimal(400)),
            id="totals that contradict each other",
        ),
        # Zeros tell nothing: what is paid leaves nothing in any currency.
        pytest.param({**FOREIGN, "balance": 0.0, "balanceInCurrency": 0.0}, (None, Decimal(0)), id="paid"),
        pytest.param(
            {**FOREIGN, "balance": "0.0000", "balanceInCurrency": "-0.0", "vatTotal": 0, "vatTotalInCurrency": 0, "detailTotal": 9200.0},
            (None, Decimal(0)),
            id="paid, a total without its twin",
        ),
        pytest.param(
            {**FOREIGN, "balance": 0.0, "balanceInCurrency": 0.0, "discountTotal": 575.0, "discountTotalInCurrency": 50.0},
            (None, Decimal(0)),
            id="paid, a discount alone comes twice",
        ),
    ],
)  # fmt: skip
def test_what_nothing_tells_is_empty_and_known_to_be(record, expected):
    assert read(record) == (*expected, True)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        pytest.param({"currencyId": "NOK", "amount": 100.0, "balance": 40.0, "balanceInCurrency": 40.0}, (100, 40), id="equal"),
        pytest.param(
            {"currencyId": "NOK", "amount": 100.0, "balance": 0.0, "balanceInCurrency": 0.0, "vatExemptTotal": 100.0, "vatExemptTotalInCurrency": 100.0},
            (100, 0),
            id="paid",
        ),
        pytest.param({"amount": 100.0, "balance": 0.0, "balanceInCurrency": 0.0}, (100, 0), id="paid, no currency to be wrong about"),
        pytest.param({"amount": 100.0, "balance": 40.0}, (100, 40), id="no currency to be wrong about"),
        pytest.param(
            {"currencyId": "NOK", "amount": 100.0, "balance": 0.0, "balanceInCurrency": 0.0, "discountTotal": 5.0, "discountTotalInCurrency": 0.0, "detailTotal": 105.0, "detailTotalInCurrency": 105.0},
            (100, 0),
            id="a number that was not filled in",
        ),
        pytest.param(
            {"currencyId": "NOK", "amount": 100.0, "amountInCurrency": 0.0, "balance": 40.0, "balanceInCurrency": 40.0},
            (100, 40),
            id="a customer's amount that was not filled in",
        ),
        pytest.param({"amount": None, "balance": None}, (None, None), id="nothing known"),
        pytest.param({"amount": 0.0, "balance": 1250.0, "balanceInCurrency": 1250.0}, (1250, 1250), id="not yet released"),
        pytest.param({"amount": None, "balance": 9.0, "balanceInCurrency": 9.0}, (9, 9), id="not yet released, blank"),
        pytest.param(
            {"currencyId": "EUR", "amount": 0.0, "balance": 11500.0, "balanceInCurrency": 1000.0},
            (1000, 1000),
            id="not yet released, foreign",
        ),
        pytest.param(
            {"currencyId": "EUR", "amount": 0.0, "amountInCurrency": 0.0, "balance": 950.0, "balanceInCurrency": 1000.0},
            (1000, 1000),
            id="a customer's, not yet released, foreign",
        ),
        pytest.param({"currencyId": "EUR", "amount": 0.0, "balance": 0.0, "balanceInCurrency": 0.0}, (0, 0), id="zeros"),
        pytest.param(
            {**FOREIGN, "balance": 11500.0, "balanceInCurrency": 0.0, "detailTotal": 9200.0, "detailTotalInCurrency": 800.0},
            (1000, 0),
            id="unpaid, with a balance of its own that was not filled in",
        ),
        # 3,333.33 × 801.27 ÷ 9,214.60 is 289.85; net and VAT together are 289.87.
        pytest.param(
            {
                "currencyId": "EUR", "amount": 3333.33, "balance": 0.0, "balanceInCurrency": 0.0,
                "detailTotal": 9214.60, "detailTotalInCurrency": 801.27, "vatTotalInCurrency": -511.40, "vatTotal": -5881.27,
            },
            (Decimal("289.87"), 0),
            id="two cents from the sum of its parts",
        ),
        # As above, but three cents away: the computed total stands.
        pytest.param(
            {
                "currencyId": "EUR", "amount": 3333.33, "balance": 0.0, "balanceInCurrency": 0.0,
                "detailTotal": 9214.60, "detailTotalInCurrency": 801.27, "vatTotalInCurrency": -511.39, "vatTotal": -5881.27,
            },
            (Decimal("289.85"), 0),
            id="three cents from the sum of its parts",
        ),
    ],
)  # fmt: skip
def test_amount_and_balance(record, expected):
    assert read(record) == (*expected, False)


def test_lines_tell_the_currency_where_the_totals_are_all_nothing():
    record = {"currencyId": "EUR", "amount": 11500.0, "balance": 0.0, "balanceInCurrency": 0.0}
    lines = [Reader({"cost": 11500.0, "costInCurrency": 1000.0})]
    assert DocumentAmounts(Reader(record), lines).amount() is None
    assert DocumentAmounts(Reader(record), [Reader({"cost": 9.0, "costInCurrency": 9.0})]).amount() == 11500
    assert DocumentAmounts(Reader(record), [Reader({"cost": 0.0, "costInCurrency": 0.0})]).amount() is None


def test_lines_tell_the_currency_where_a_total_happens_to_be_equal():
    """A rest of one cent is one cent in two currencies that stand near each other."""
    record = {"currencyId": "SEK", "amount": 9500.0, "balance": 0.01, "balanceInCurrency": 0.01}
    assert DocumentAmounts(Reader(record), [Reader({"cost": 9500.0, "costInCurrency": 10000.0})]).amount() is None


def test_a_line_in_company_currency_alone_has_no_amount_beside_another_currency():
    record = {
        "company_id": "1",
        "documentType": "Invoice",
        "referenceNumber": "9",
        "currencyId": "EUR",
        **twice({"balance": "1000.00", "detailTotal": "1000.00"}, "11.5"),
        "amount": 11500.0,
        "invoiceLines": [
            {"lineNumber": 1, "transactionDescription": "Oak", "quantity": 4, "unitCost": 2875, "cost": 11500}
        ],
    }
    document = translate("supplier_invoices", record)
    assert [line.name for line in document.lines] == ["1. Oak — 4"]
    assert document.unknown_amounts


cents = st.integers(1, 10**8).map(lambda number: Decimal(number) / 100)
factors = st.decimals("0.01", "150", places=4).filter(lambda factor: not Decimal("0.5") < factor < 2)


@given(net=cents, vat=st.sampled_from(["0", "0.12", "0.25"]), factor=factors, paid=st.sampled_from([0, 1, 2]))
def test_no_foreign_amount_is_ever_the_companys(net, vat, factor, paid):
    """Within what rounding to the cent leaves of a ratio, the amount is the true one; never the plain number."""
    hundredth = Decimal("0.01")
    tax = (net * Decimal(vat)).quantize(hundredth, ROUND_HALF_UP)
    true, left = net + tax, ((net + tax) * paid / 2).quantize(hundredth, ROUND_HALF_UP)
    record: dict[str, Any] = {"currencyId": "EUR", "exchangeRate": float(factor)}
    record |= twice({"detailTotal": str(net), "vatTotal": str(tax), "balance": str(left)}, str(factor))
    record["amount"] = in_company_currency(str(true), str(factor))
    amount, balance, unknown = read(record)
    assert balance == left
    details = Decimal(str(record["detailTotal"]))
    if details < 1 or record["amount"] < 1:
        return
    assert not unknown
    assert amount is not None
    error = true * Decimal("0.006") * (1 / details + 1 / net + 1 / Decimal(str(record["amount"]))) + hundredth
    assert abs(amount - true) <= error
