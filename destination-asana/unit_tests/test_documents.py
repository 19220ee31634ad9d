"""Record → Document: identity, names, amounts, dates, status and lines, as Visma means them."""

import pytest
from destination_asana.documents.errors import RecordError
from destination_asana.documents.line_items import Option
from destination_asana.documents.translation import translate
from destination_asana.documents.visma_ids import identity, label_of, visma_id_of
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
        "Visma document type": "Purchase order",
        "Visma supplier": "Nordic Office AS",
        "Visma customer": None,
        "Visma amount": 250.0,
        "Visma balance": None,
        "Visma currency": "NOK",
        "Visma due date": "2026-02-03",
        "Visma document date": "2026-01-07",
        "Visma status": "Open",
        "Visma line items": "10 × Paper A4",
        "Visma GL accounts": (Option("6800", "Office supplies"),),
        "Visma cost centers": (Option("330", "Marketing", "1"), Option("10", "Bergen", "2")),
        "Visma projects": (),
        "Visma committed": 250.0,
        "Visma received": 0.0,
    }
    assert [line.name for line in document.lines] == ["1. Paper A4 — 10 × 25.00 = 250.00 NOK"]


def test_a_supplier_invoice_becomes_a_document(make_invoice):
    document = translate("supplier_invoices", make_invoice())
    assert document.visma_id == "SupplierInvoiceId:4100251/Invoice/200123"
    assert document.name == "Invoice 200123 · Nordic Office AS"
    assert document.fields["Visma document type"] == "Purchase invoice"
    assert document.fields["Visma amount"] == 1250.0
    assert document.fields["Visma balance"] == 1250.0
    assert [line.name for line in document.lines] == ["1. Toner — 2 × 500.00 = 1000.00 NOK"]


def test_a_customer_invoice_has_a_customer_and_no_supplier():
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
    assert document.name == "Sales invoice 100001 · Umeå Konferens & Möten AB"
    assert document.fields["Visma document type"] == "Sales invoice"
    assert document.fields["Visma customer"] == "Umeå Konferens & Möten AB"
    assert document.fields["Visma supplier"] is None
    assert document.fields["Visma amount"] == 1293.1, "the amount belongs to the currency beside it"
    assert document.fields["Visma currency"] == "SEK"


@pytest.mark.parametrize(
    ("order_type", "name", "option"),
    [
        ("RegularOrder", "PO 000123 · Nordic Office AS", "Purchase order"),
        ("DropShip", "PO 000123 (drop ship) · Nordic Office AS", "Purchase order"),
        ("Blanket", "Blanket PO 000123 · Nordic Office AS", "Blanket order"),
        ("StandardBlanket", "PO template 000123 · Nordic Office AS", "Order template"),
        ("ProjectDropShip", "PO 000123 (ProjectDropShip) · Nordic Office AS", "ProjectDropShip"),
    ],
)
def test_orders_are_named_by_their_type(make_order, order_type, name, option):
    document = translate("purchase_orders", make_order(orderType=order_type))
    assert document.name == name
    assert document.fields["Visma document type"] == option
    assert document.fields["Visma amount"] == 250.0
    assert document.fields["Visma balance"] is None


@pytest.mark.parametrize(
    ("kind", "name", "option", "amount", "balance", "line"),
    [
        ("Invoice", "Invoice 200123", "Purchase invoice", 1250.0, 300.0, "1. Toner — 2 × 500.00 = 1000.00 NOK"),
        ("DebitAdj", "Credit note 200123", "Purchase credit note", -1250.0, -300.0, "1. Toner — 2 × 500.00 = -1000.00 NOK"),
        ("debitadj", "Credit note 200123", "Purchase credit note", -1250.0, -300.0, "1. Toner — 2 × 500.00 = -1000.00 NOK"),
        ("CreditAdj", "Credit adjustment 200123", "Credit adjustment", 1250.0, 300.0, "1. Toner — 2 × 500.00 = 1000.00 NOK"),
        ("Prepayment", "Prepayment 200123", "Prepayment", 1250.0, None, "1. Toner — 2 × 500.00 = 1000.00 NOK"),
        ("CreditNote", "CreditNote 200123", "CreditNote", 1250.0, 300.0, "1. Toner — 2 × 500.00 = 1000.00 NOK"),
    ],
)  # fmt: skip
def test_a_suppliers_documents_by_type(make_invoice, kind, name, option, amount, balance, line):
    record = make_invoice(documentType=kind, balance=300.0, balanceInCurrency=300.0)
    document = translate("supplier_invoices", record)
    assert document.name == f"{name} · Nordic Office AS"
    assert document.fields["Visma document type"] == option
    assert (document.fields["Visma amount"], document.fields["Visma balance"]) == (amount, balance)
    assert [each.name for each in document.lines] == [line]
    assert document.fields["Visma due date"] == "2026-01-24"


@pytest.mark.parametrize(
    ("stream", "kind", "name", "option", "amount", "line"),
    [
        ("customer_invoices", "Invoice", "Sales invoice 9", "Sales invoice", 800.0, "1. Rent — 800.00 SEK"),
        ("customer_credit_notes", "CreditNote", "Sales credit note 9", "Sales credit note", -800.0, "1. Rent — -800.00 SEK"),
        ("customer_credit_notes", "CreditMemo", "Sales credit note 9", "Sales credit note", -800.0, "1. Rent — -800.00 SEK"),
        ("customer_debit_notes", "DebitNote", "Debit note 9", "Debit note", 800.0, "1. Rent — 800.00 SEK"),
        ("customer_overdue_charges", "FinCharge", "Overdue charge 9", "Overdue charge", 800.0, "1. Rent — 800.00 SEK"),
        ("customer_invoices", "CashReturn", "CashReturn 9", "CashReturn", -800.0, "1. Rent — -800.00 SEK"),
        ("customer_invoices", "SmallBalanceWo", "SmallBalanceWo 9", "SmallBalanceWo", -800.0, "1. Rent — -800.00 SEK"),
        ("customer_invoices", "SmallCreditWo", "SmallCreditWo 9", "SmallCreditWo", 800.0, "1. Rent — 800.00 SEK"),
        ("customer_invoices", "DebitAdj", "DebitAdj 9", "DebitAdj", 800.0, "1. Rent — 800.00 SEK"),
    ],
)  # fmt: skip
def test_a_customers_documents_by_type(stream, kind, name, option, amount, line):
    record = {
        "company_id": "4100251",
        "documentType": kind,
        "referenceNumber": "9",
        "customer": {"number": "10018", "name": "Kunde AB"},
        "currencyId": "SEK",
        "amount": 760.0,
        "amountInCurrency": 800.0,
        "balance": 760.0,
        "balanceInCurrency": 800.0,
        "lines": [{"lineNumber": 1, "description": "Rent", "amount": 760.0, "amountInCurrency": 800.0}],
    }
    document = translate(stream, record)
    assert document.visma_id == f"CustomerInvoiceId:4100251/{kind}/9"
    assert document.name == f"{name} · Kunde AB"
    assert document.fields["Visma document type"] == option
    assert (document.fields["Visma amount"], document.fields["Visma balance"]) == (amount, amount)
    assert [each.name for each in document.lines] == [line]
    assert (document.fields["Visma customer"], document.fields["Visma supplier"]) == ("Kunde AB", None)


def test_a_claim_on_a_customer_has_no_balance_either():
    record = {"company_id": "1", "documentType": "Prepayment", "referenceNumber": "9", "amount": 5.0, "balance": 5.0}
    document = translate("customer_invoices", record)
    assert (document.name, document.fields["Visma amount"], document.fields["Visma balance"]) == (
        "Prepayment 9",
        5.0,
        None,
    )


def test_of_a_prepayment_no_balance_is_missed(make_invoice):
    """Its balance is not shown, so nothing of it has to be known in its currency."""
    amounts = {
        "amount": 1150,
        "amountInCurrency": 100,
        "balance": 1150,
        "balanceInCurrency": None,
        "invoiceLines": None,
    }
    amounts |= {"currencyId": "EUR", "detailTotal": 1150, "detailTotalInCurrency": 100}
    prepayment = translate("supplier_invoices", make_invoice(documentType="Prepayment", **amounts))
    assert (prepayment.fields["Visma amount"], prepayment.unknown_amounts) == (100.0, False)
    assert translate("supplier_invoices", make_invoice(**amounts)).unknown_amounts


@pytest.mark.parametrize("zero", [0.0, -0.0, "0.0000", "-0.00"])
def test_nothing_is_ever_minus_zero(make_invoice, zero):
    lines = [{"lineNumber": 1, "transactionDescription": "Gift", "quantity": 1, "unitCost": zero, "cost": zero}]
    record = make_invoice(
        documentType="DebitAdj", amount=zero, balance=zero, balanceInCurrency=zero, invoiceLines=lines
    )
    document = translate("supplier_invoices", record)
    assert str(document.fields["Visma amount"]) == "0.0"
    assert str(document.fields["Visma balance"]) == "0.0"
    assert [line.name for line in document.lines] == ["1. Gift — 1 × 0.00 = 0.00 NOK"]


@pytest.mark.parametrize(
    ("status", "name", "closed"),
    [
        ("Closed", "Closed", True),
        ("Cancelled", "Cancelled", True),
        ("Voided", "Rejected", False),
        ("voided", "Rejected", False),
        ("Balanced", "Pending approval", False),
        ("Open", "Open", False),
        ("Hold", "Hold", False),
        (None, None, None),
    ],
)
def test_the_statuses_of_an_order(make_order, status, name, closed):
    document = translate("purchase_orders", make_order(status=status))
    assert document.fields["Visma status"] == name
    assert document.closed is closed


@pytest.mark.parametrize("kind", ["Invoice", "DebitAdj", "Prepayment"])
@pytest.mark.parametrize(
    ("status", "closed"),
    [("Closed", True), ("Voided", True), ("voided", True), ("Balanced", False), ("Prebooked", False), (None, None)],
)
def test_the_statuses_of_an_invoice(make_invoice, kind, status, closed):
    document = translate("supplier_invoices", make_invoice(documentType=kind, status=status))
    assert document.fields["Visma status"] == status
    assert document.closed is closed


def test_templates_are_never_due(make_order, make_invoice):
    for document in (
        translate("purchase_orders", make_order(orderType="StandardBlanket")),
        translate("supplier_invoices", make_invoice(status="Scheduled")),
        translate("purchase_orders", make_order(status="scheduled")),
    ):
        assert document.due_date is None
        assert document.fields["Visma due date"] is None
    assert translate("purchase_orders", make_order(orderType="Blanket")).due_date == "2026-02-03"


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
    assert {name for name, value in document.fields.items() if value} == {"Visma ID", "Visma document type"}
    assert document.name in ("PO 000123", "Invoice 200123", "Sales invoice 200123")
    assert document.lines == []


def test_nulls_inside_lines_are_not_errors(make_order):
    lines = [None, {"lineNbr": None, "inventory": None, "sub": {"segments": [None]}, "account": None}, {}]
    document = translate("purchase_orders", make_order(lines=lines))
    assert [line.name for line in document.lines] == ["1. (no description)", "2. (no description)"]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ({"lineDescription": "Paper", "orderQty": 4, "unitCost": 25}, "1. Paper — 4 × 25.00 NOK"),
        ({"inventory": {"number": "P1", "description": "Copy paper"}, "amount": 10}, "1. Copy paper — 10.00 NOK"),
        ({"inventory": {"number": "QX701"}, "orderQty": 30}, "1. QX701 — 30"),
        ({"account": {"number": "6800", "description": "Office supplies"}, "extCost": 9}, "1. Office supplies — 9.00 NOK"),
        ({"lineDescription": " ", "account": {"number": "6800", "description": None}, "extCost": 9}, "1. 6800 — 9.00 NOK"),
        ({"account": "7140", "amount": 9}, "1. 7140 — 9.00 NOK"),
        ({"account": "  ", "amount": 9}, "1. (no description) — 9.00 NOK"),
        ({"lineType": "Description", "lineDescription": "Gate B", "orderQty": 0, "unitCost": 0, "amount": 0}, "1. Gate B"),
        ({"lineDescription": "With a discount", "orderQty": 10, "unitCost": 25, "extCost": 250, "amount": 225},
         "1. With a discount — 10 × 25.00 = 225.00 NOK"),
    ],
)  # fmt: skip
def test_the_lines_of_an_order(make_order, line, name):
    document = translate("purchase_orders", make_order(lines=[{"lineNbr": 1, **line}]))
    assert [each.name for each in document.lines] == [name]


@pytest.mark.parametrize(
    ("account", "options"),
    [
        ("7140", (Option("7140", None),)),
        (7140, (Option("7140", None),)),
        ("", ()),
        (" ", ()),
        (None, ()),
        ({"number": ""}, ()),
    ],
)
def test_an_account_without_a_number_is_no_option(make_order, account, options):
    document = translate("purchase_orders", make_order(lines=[{"lineNbr": 1, "account": account}]))
    assert document.fields["Visma GL accounts"] == options


def test_a_suppliers_line_as_it_came_on_the_wire(make_invoice):
    line = {
        "lineNumber": 1,
        "transactionDescription": "",
        "quantity": "0.000000",
        "unitCost": "0.000000",
        "unitCostInCurrency": "0.000000",
        "cost": "1000.0000",
        "costInCurrency": "1000.0000",
        "account": {"type": "Expense", "number": "4300", "description": "Goods for resale"},
    }
    document = translate("supplier_invoices", make_invoice(invoiceLines=[line]))
    assert [each.name for each in document.lines] == ["1. Goods for resale — 1000.00 NOK"]
    assert document.fields["Visma line items"] == "Goods for resale"


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


@pytest.mark.parametrize("stream", ["customer_credit_notes", "customer_debit_notes", "customer_overdue_charges"])
def test_every_stream_of_customer_documents_is_one_family(stream):
    record = {"company_id": "1", "documentType": "Invoice", "referenceNumber": "7"}
    assert translate(stream, record).visma_id == "CustomerInvoiceId:1/Invoice/7"


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
    assert label_of("PurchaseOrderId:1/DropShip/000123") == "PO 000123 (drop ship)"
    assert label_of("SupplierInvoiceId:1/DebitAdj/9") == "Credit note 9"
    assert label_of("SupplierInvoiceId:1/CreditAdj/9") == "Credit adjustment 9"
    assert label_of("CustomerInvoiceId:1/Invoice/100/1") == "Sales invoice 100/1"
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
