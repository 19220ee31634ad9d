"""Record → Document: identity, names, amounts, dates, status and lines, as Visma means them."""

import pytest
from destination_asana.documents import translate
from destination_asana.errors import RecordError
from destination_asana.line_items import Option
from destination_asana.visma_ids import identity, label_of, visma_id_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20))
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)


def test_an_order_becomes_a_document_with_every_field(make_order):
    document = translate("purchase_orders", make_order())
    assert document.visma_id == "PurchaseOrderId:4100251/RegularOrder/000123"
    assert document.name == "PO 000123 · Nordic Office AS"
    assert document.due_date == "2026-02-03"
    assert document.fields == {
        "Visma ID": "PurchaseOrderId:4100251/RegularOrder/000123",
        "Visma supplier": "Nordic Office AS",
        "Visma amount": 250.0,
        "Visma balance": None,
        "Visma currency": "NOK",
        "Visma due date": "2026-02-03",
        "Visma document date": "2026-01-07",
        "Visma status": "Open",
        "Visma line items": "10 × Paper A4",
        "Visma GL accounts": (Option("6800", "Office supplies"),),
        "Visma cost centers": (Option("330", "Marketing"), Option("10", "Bergen")),
    }
    assert [line.name for line in document.lines] == ["1. Paper A4 — 10 × 25.00 = 250.00 NOK"]


def test_a_supplier_invoice_becomes_a_document(make_invoice):
    document = translate("supplier_invoices", make_invoice())
    assert document.visma_id == "SupplierInvoiceId:4100251/Invoice/200123"
    assert document.name == "Invoice 200123 · Nordic Office AS"
    assert document.fields["Visma amount"] == 1250.0
    assert document.fields["Visma balance"] == 1250.0
    assert [line.name for line in document.lines] == ["1. Toner — 2 × 500.00 = 1000.00 NOK"]


def test_a_customer_invoice_has_its_customer_where_a_supplier_would_be():
    record = {
        "company_id": "4100251",
        "documentType": "Invoice",
        "referenceNumber": "100001",
        "customer": {"number": "10018", "name": "Umeå Konferens & Möten AB"},
        "documentDate": "2026-01-10T00:00:00",
        "documentDueDate": "2026-01-24T00:00:00",
        "currencyId": "SEK",
        "amount": 1276.81,
        "amountInCurrency": 1293.1,
        "status": "Open",
    }
    document = translate("customer_invoices", record)
    assert document.visma_id == "CustomerInvoiceId:4100251/Invoice/100001"
    assert document.name == "Invoice 100001 · Umeå Konferens & Möten AB"
    assert document.fields["Visma amount"] == 1293.1, "the amount belongs to the currency beside it"
    assert document.fields["Visma currency"] == "SEK"


@pytest.mark.parametrize("kind", ["CreditAdj", "creditadj"])
def test_a_credit_note_is_negative_and_named_so(make_invoice, kind):
    document = translate("supplier_invoices", make_invoice(documentType=kind, amount=300.0, balance=-300.0))
    assert document.name == "Credit note 200123 · Nordic Office AS"
    assert document.fields["Visma amount"] == -300.0
    assert document.fields["Visma balance"] <= 0


def test_a_paid_credit_note_has_no_negative_zero(make_invoice):
    document = translate(
        "supplier_invoices", make_invoice(documentType="CreditAdj", balance=0.0, balanceInCurrency=0.0)
    )
    assert str(document.fields["Visma balance"]) == "0.0"


@pytest.mark.parametrize(
    ("status", "closed"),
    [("Closed", True), ("Cancelled", True), ("Voided", True), ("voided", True), ("Open", False), (None, None)],
)
def test_closed_cancelled_and_voided_are_done(make_invoice, status, closed):
    assert translate("supplier_invoices", make_invoice(status=status)).closed is closed


def test_the_key_keeps_its_spelling_and_is_compared_without_case(make_order):
    document = translate("purchase_orders", make_order(orderNbr="po-7a"))
    assert document.visma_id.endswith("/po-7a")
    assert document.key == translate("purchase_orders", make_order(orderNbr="PO-7A")).key


@pytest.mark.parametrize("part", ["company_id", "orderType", "orderNbr"])
@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_missing_part_of_the_key_is_named(make_order, part, value):
    with pytest.raises(RecordError) as caught:
        translate("purchase_orders", make_order(**{part: value}))
    assert caught.value.field == part
    assert "no identity" in caught.value.problem


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"orderTotal": "a lot"}, "orderTotal"),
        ({"orderTotal": True}, "orderTotal"),
        ({"orderTotal": 1e15}, "orderTotal"),
        ({"promisedOn": "soon"}, "promisedOn"),
        ({"promisedOn": "2026-02-30T00:00:00"}, "promisedOn"),
        ({"supplier": "Nordic"}, "supplier"),
        ({"lines": {}}, "lines"),
        ({"lines": ["one"]}, "lines[0]"),
        ({"lines": [{"lineNbr": 1.5}]}, "lines[0].lineNbr"),
        ({"status": []}, "status"),
    ],
)
def test_a_value_of_the_wrong_type_names_field_and_document(make_order, change, field):
    with pytest.raises(RecordError) as caught:
        translate("purchase_orders", make_order(**change))
    assert caught.value.field == field
    assert caught.value.visma_id == "PurchaseOrderId:4100251/RegularOrder/000123"


@pytest.mark.parametrize("source", ["purchase_orders", "supplier_invoices", "customer_invoices"])
def test_nulls_everywhere_but_in_the_key_are_not_errors(make_order, make_invoice, source):
    record = make_order() if source == "purchase_orders" else make_invoice()
    key = {"company_id", "orderType", "orderNbr", "documentType", "referenceNumber"}
    document = translate(source, {name: value if name in key else None for name, value in record.items()})
    assert {name for name, value in document.fields.items() if value} == {"Visma ID"}
    assert document.name in ("PO 000123", "Invoice 200123")
    assert document.lines == []


def test_nulls_inside_lines_are_not_errors(make_order):
    lines = [None, {"lineNbr": None, "inventory": None, "sub": {"segments": [None]}, "account": None}, {}]
    document = translate("purchase_orders", make_order(lines=lines))
    assert [line.name for line in document.lines] == ["1. (no description)", "2. (no description)"]


def test_lines_come_in_line_order_and_those_without_a_number_get_free_ones(make_order):
    lines = [{"lineNbr": 3, "lineDescription": "c"}, {"lineDescription": "x"}, {"lineNbr": 1, "lineDescription": "a"}]
    document = translate("purchase_orders", make_order(lines=lines))
    assert [line.name for line in document.lines] == ["1. a", "2. x", "3. c"]


def test_a_stream_of_another_name_is_told_by_its_records(make_order, make_invoice):
    assert translate("erp_orders", make_order()).visma_id.startswith("PurchaseOrderId:")
    assert translate("bills", make_invoice()).visma_id.startswith("SupplierInvoiceId:")
    assert translate("bills", make_invoice(customer={"name": "x"})).visma_id.startswith("CustomerInvoiceId:")
    with pytest.raises(RecordError, match="neither like an order"):
        translate("things", {"id": 1})


def test_long_texts_fit_into_asana(make_order):
    name = "N" * 3000
    document = translate("purchase_orders", make_order(supplier={"name": name}))
    assert len(document.name) <= 1024
    assert len(document.fields["Visma supplier"]) <= 1024


def test_what_asana_told_visma_does_not_come_back(make_order):
    note = "Call first.\n--- Asana ---\nAsana · 2026-11-23 10:15 UTC · completed by Kari"
    assert translate("purchase_orders", make_order(note=note)).note == "Call first."
    theirs = "Asana · call Kari\n--- Asana --- is where they work"
    assert translate("purchase_orders", make_order(note=theirs)).note == theirs


def test_visma_id_of_a_broken_record(make_order):
    assert visma_id_of("purchase_orders", make_order(orderTotal="x")) == "PurchaseOrderId:4100251/RegularOrder/000123"
    assert visma_id_of("purchase_orders", make_order(orderNbr=None)) is None
    assert visma_id_of("purchase_orders", "not a record") is None


def test_the_label_of_a_visma_id():
    assert label_of("PurchaseOrderId:1/RegularOrder/000123") == "PO 000123"
    assert label_of("SupplierInvoiceId:1/CreditAdj/9") == "Credit note 9"
    assert label_of("CustomerInvoiceId:1/Invoice/100/1") == "Invoice 100/1"
    assert identity(" A:B ") == "a:b"


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_a_field_holds_it_is_a_document_or_a_named_error(make_order, make_invoice, data):
    """No value of any field may end in anything but a Document Asana can hold or a RecordError."""
    source = data.draw(st.sampled_from(["purchase_orders", "supplier_invoices", "customer_invoices"]))
    record = make_order() if source == "purchase_orders" else make_invoice()
    for name in data.draw(st.lists(st.sampled_from(sorted(record)), min_size=1, max_size=3)):
        record[name] = data.draw(JSON)
    try:
        document = translate(source, record)
    except RecordError:
        return
    assert 0 < len(document.name) <= 1024
    for value in document.fields.values():
        assert value is None or isinstance(value, (float, tuple)) or 0 < len(value) <= 1024
