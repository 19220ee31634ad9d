"""The texts that `discover` adds to the schemas: each belongs to a field, nearly every field has one."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from source_visma.field_descriptions import described, descriptions

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = yaml.safe_load((ROOT / "source-visma" / "source_visma" / "manifest.yaml").read_text("utf-8"))
STREAMS = [stream["name"] for stream in MANIFEST["streams"]]


def fields(path: str, schema: dict[str, Any]) -> dict[str, str | None]:
    """The description of each field by its path."""
    found: dict[str, str | None] = {}
    for name, part in schema.get("properties", {}).items():
        here = f"{path}.{name}"
        found[here] = part.get("description")
        found |= fields(here, part)
        if isinstance(part.get("items"), dict):
            found |= fields(here, part["items"])
    return found


def without_texts(schema: Any) -> Any:
    """The schema without descriptions of fields. A field may itself be called description."""
    if not isinstance(schema, dict):
        return schema
    copy = {key: without_texts(value) for key, value in schema.items() if key != "description"}
    if "properties" in schema:
        copy["properties"] = {name: without_texts(part) for name, part in schema["properties"].items()}
    return copy


@pytest.fixture(scope="module")
def every() -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for name in STREAMS:
        found |= fields(name, described(name, MANIFEST["schemas"][name]))
    return found


def test_nearly_every_field_says_what_it_means(every: dict[str, str | None]) -> None:
    assert sum(text is not None for text in every.values()) >= 2_460
    assert len(every) == 2_497


def test_each_text_belongs_to_a_field(every: dict[str, str | None]) -> None:
    names = {path.rpartition(".")[2] for path in every}
    assert [
        key for key in descriptions() if ("." in key and key not in every) or ("." not in key and key not in names)
    ] == []


def test_no_text_has_a_line_break_or_breaks_a_table() -> None:
    for key, text in descriptions().items():
        assert text == " ".join(text.split()), key
        assert "|" not in text, key


def test_a_name_that_means_two_things_has_two_texts(every: dict[str, str | None]) -> None:
    assert every["projects.status"] == "State of the project, such as in planning, active or completed"
    assert every["employees.status"] == "State of the employee, such as Active, OnHold or Inactive"
    assert every["purchase_orders.lineTotal"] == "Sum of the lines without VAT, in the order's currency"
    assert every["supplier_invoices.invoiceLines.cost"] == "Amount of the line without VAT, in the company's currency"
    assert (
        every["supplier_invoices.invoiceLines.costInCurrency"]
        == "Amount of the line without VAT, in the document's currency"
    )


@pytest.mark.parametrize(
    ("field", "words"),
    [
        # The official document writes some periods with the month first, others with the year first.
        ("supplier_invoices.postPeriod", "MMYYYY"),
        ("journal_transactions.postPeriod", "MMYYYY"),
        ("purchase_receipts.postPeriod", "MMYYYY"),
        ("customer_invoices.postPeriod", "YYYYMM"),
        ("supplier_invoices.financialPeriod", "YYYYMM"),
        ("purchase_orders.lines.qtyOnReceipts", "not released yet"),
        ("purchase_orders.lines.orderType", "blanket order"),
        ("purchase_orders.status", "Voided is Rejected"),
        ("purchase_orders.controlTotal", "order's currency"),
        ("journal_transactions.controlTotal", "company's currency"),
        ("journal_transactions.controlTotalInCurrency", "document's currency"),
        ("supplier_invoices.balance", "of a DebitAdj what can still be set off"),
        ("customer_credit_notes.balanceInCurrency", "set off, in the document's currency"),
        ("supplier_invoices.exchangeRate", "the document does not say which"),
        ("project_budgets.committedOpenAmount", "not been received or invoiced"),
        ("branches.lastModifiedDateTime", "in UTC"),
        ("accounts.cashAccount", "Whether"),
        ("supplier_payments.balance", "only released applications count"),
        ("customers.status", "CreditHold"),
    ],
)
def test_a_text_says_what_visma_means(every: dict[str, str | None], field: str, words: str) -> None:
    assert words in str(every[field])


def test_the_amount_of_a_line_is_not_called_the_total_of_its_document(every: dict[str, str | None]) -> None:
    inner = {path: text or "" for path, text in every.items() if path.count(".") > 1}
    assert [path for path, text in inner.items() if text.startswith("Total of the document")] == []
    assert every["customer_invoices.invoiceLines.amount"] == (
        "Amount of the line after its discount, in the company's currency"
    )


def test_the_currency_of_an_open_order_is_not_guessed(every: dict[str, str | None]) -> None:
    """Visma documents no currency for it."""
    assert every["purchase_orders.openBalance"] == "Amount that is ordered and has not been received"


@pytest.mark.parametrize("name", STREAMS)
def test_a_schema_is_otherwise_unchanged(name: str) -> None:
    before = MANIFEST["schemas"][name]
    assert "description" not in {key for part in before["properties"].values() for key in part}
    assert without_texts(described(name, before)) == without_texts(before)


def test_the_page_is_the_generated_one() -> None:
    import importlib.util  # noqa: PLC0415

    spec = importlib.util.spec_from_file_location("stream_reference", ROOT / "source-visma" / "stream_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (ROOT / "docs" / "streams.md").read_text("utf-8") == module.page(), "make streams"
