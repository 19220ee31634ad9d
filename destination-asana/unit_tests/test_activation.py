"""Objects of the data activation, the pure part: mapped fields → a document that knows what it was told."""

import pytest
from destination_asana.config import Operation
from destination_asana.documents.errors import RecordError
from destination_asana.documents.translation import translate
from destination_asana.sync.activation import OBJECTS, destination_catalog

KEY = {"company_id": "1", "orderType": "RegularOrder", "orderNbr": "9"}
ORDER = OBJECTS["purchase_order"]


def test_only_carried_fields_are_compared():
    document = ORDER.read({**KEY, "status": "Open", "orderTotal": 5}, Operation.UPSERT)
    assert document.fields == {
        "Visma ID": "PurchaseOrderId:1/RegularOrder/9",
        "Visma document type": "Purchase order",
        "Visma status": "Open",
        "Visma amount": 5.0,
    }
    assert not any(document.gives(part) for part in ("name", "due_on", "description", "lines"))


def test_a_null_is_carried():
    document = ORDER.read({**KEY, "promisedOn": None}, Operation.UPSERT)
    assert document.gives("due_on")
    assert document.fields["Visma due date"] is None


def test_flat_fields_are_laid_over_a_nested_object():
    document = ORDER.read({**KEY, "supplier": {"number": "1", "name": "A"}, "supplierName": "B"}, Operation.UPSERT)
    assert (document.supplier_name, document.supplier_number) == ("B", "1")
    assert document.gives("name")


def test_a_single_number_is_the_documents_own_and_a_pair_is_read_as_visma_means_it():
    key = {"company_id": "1", "documentType": "Invoice", "referenceNumber": "9", "currencyId": "EUR"}
    invoices = OBJECTS["supplier_invoice"]
    alone = invoices.read({**key, "amount": 80, "balance": 5}, Operation.UPSERT)
    assert (alone.fields["Visma amount"], alone.fields["Visma balance"]) == (80.0, 5.0)
    paired = invoices.read({**key, "amount": 920, "amountInCurrency": 80}, Operation.UPSERT)
    assert paired.fields["Visma amount"] == 80.0
    assert "Visma balance" not in paired.fields


@pytest.mark.parametrize(
    ("mapped", "amount", "balance", "lines"),
    [
        # One column is in the company's currency as soon as the other one shows it.
        ({"amount": 9200, "balance": 2300, "balanceInCurrency": 200}, None, 200.0, []),
        ({"amount": 9200, "balance": 9200, "balanceInCurrency": 800}, 800.0, 800.0, []),
        ({"amount": 9200, "balance": 0, "balanceInCurrency": 0}, None, 0.0, []),
        ({"amount": 800, "balance": 200, "balanceInCurrency": 200}, 800.0, 200.0, []),
        ({"balance": 2300, "amount": 9200, "amountInCurrency": 800}, 800.0, None, []),
        ({"amount": 9200, "balance": 2300, "invoiceLines": [{"lineNumber": 1, "cost": 9200, "costInCurrency": 800}]},
         None, None, ["1. (no description) — 800.00 EUR"]),
        ({"amount": 800, "balance": 200, "invoiceLines": [{"lineNumber": 1, "cost": 640}]},
         800.0, 200.0, ["1. (no description) — 640.00 EUR"]),
    ],
)  # fmt: skip
def test_a_number_in_the_companys_currency_is_not_taken_for_the_documents(mapped, amount, balance, lines):
    key = {"company_id": "1", "documentType": "Invoice", "referenceNumber": "9", "currencyId": "EUR"}
    document = OBJECTS["supplier_invoice"].read({**key, **mapped}, Operation.UPSERT)
    assert (document.fields.get("Visma amount"), document.fields.get("Visma balance")) == (amount, balance)
    assert [line.name for line in document.lines] == lines


@pytest.mark.parametrize("lines", ["lines", "invoiceLines"])
def test_lines_of_a_customers_document_are_mapped_by_either_name(lines):
    row = {"company_id": "1", "documentType": "CreditNote", "referenceNumber": "9", "currencyId": "SEK"}
    row |= {lines: [{"lineNumber": 2, "description": "Hall", "amount": 950, "amountInCurrency": 1000}]}
    document = OBJECTS["customer_invoice"].read(row, Operation.UPSERT)
    assert document.gives("lines")
    assert document.fields["Visma line items"] == "Hall"
    assert [line.name for line in document.lines] == ["2. Hall — -1000.00 SEK"]
    for operation in ("append_dedup", "append", "update"):
        assert lines in OBJECTS["customer_invoice"].json_schema(operation)["properties"]


def test_a_customers_name_is_no_suppliers():
    key = {"company_id": "1", "documentType": "CreditNote", "referenceNumber": "9"}
    document = OBJECTS["customer_invoice"].read({**key, "customerName": "Kunde AS", "amount": 8}, Operation.UPSERT)
    assert document.fields == {
        "Visma ID": "CustomerInvoiceId:1/CreditNote/9",
        "Visma document type": "Sales credit note",
        "Visma customer": "Kunde AS",
        "Visma supplier": None,
        "Visma amount": -8.0,
    }


def test_an_update_leaves_the_description_alone():
    record = {**KEY, "supplierName": "B", "note": "n"}
    assert ORDER.read(record, Operation.UPSERT).gives("description")
    assert not ORDER.read(record, Operation.UPDATE).gives("description")


def test_a_whole_record_of_the_classic_way_gives_everything(make_order):
    classic = translate("purchase_orders", make_order())
    assert all(classic.gives(part) for part in ("name", "due_on", "description", "lines"))


@pytest.mark.parametrize("record", [None, [], "text", {"company_id": "1"}, {**KEY, "orderTotal": "much"}])
def test_what_cannot_be_read_is_a_record_error(record):
    with pytest.raises(RecordError):
        ORDER.read(record, Operation.UPSERT)


def test_each_operation_of_an_object_comes_once():
    operations = destination_catalog()["destination_catalog"]["operations"]
    pairs = [(each["object_name"], each["sync_mode"]) for each in operations]
    assert len(set(pairs)) == len(pairs) == 4 * len(OBJECTS)
