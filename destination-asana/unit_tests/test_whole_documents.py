"""One record of each kind with everything that Asana gets to see of it: fields, rows of the description, lines."""

from typing import Any

import pytest
from destination_asana.documents.errors import RecordError
from destination_asana.documents.line_items import Delivery, LineItem, Option
from destination_asana.documents.order_references import Share
from destination_asana.documents.subject import Subject
from destination_asana.documents.translation import translate

ORDER: dict[str, Any] = {
    "company_id": "4100251",
    "orderType": "RegularOrder",
    "orderNbr": "000123",
    "status": "Open",
    "date": "2026-01-07T00:00:00",
    "promisedOn": "2026-02-03T00:00:00",
    "supplier": {"number": "50012", "name": "Nordic  Office AS"},
    "supplierRef": "Offer 17",
    "description": "Paper for the winter",
    "terms": {"id": "30", "description": "Net 30 days"},
    "branch": {"number": "1", "name": "Head office"},
    "owner": {"id": "9", "name": "Kari Nordmann"},
    "currency": "EUR",
    "orderTotal": 312.5,
    "lineTotal": 250.0,
    "lineTotalInBaseCurrency": 2875.0,
    "note": " Deliver to gate B. ",
    "lastModifiedDateTime": "2026-01-07T08:00:00.1",
    "lines": [
        {
            "lineNbr": 2,
            "lineType": "GoodsForInventory",
            "lineDescription": " Paper  A4 ",
            "orderQty": 10.0,
            "unitCost": 27.5,
            "amount": 250.0,
            "extCost": 275.0,
            "receivedAmt": 100.0,
            "promised": "2026-02-10T00:00:00",
            "qtyOnReceipts": 4,
            "account": {"number": "6800", "description": "Office supplies"},
            "project": {"id": "P1001", "description": "Website"},
            "sub": {
                "segments": [
                    {
                        "segmentId": 1,
                        "segmentDescription": "Department",
                        "segmentValue": "330",
                        "segmentValueDescription": "Marketing",
                    },
                    {"segmentId": 2, "segmentValue": ""},
                ]
            },
        }
    ],
}
INVOICE: dict[str, Any] = {
    "company_id": "4100251",
    "documentType": "DebitAdj",
    "referenceNumber": "200123",
    "status": "Open",
    "date": "2026-01-10T00:00:00",
    "dueDate": "2026-01-24T00:00:00",
    "supplier": {"number": "50012", "name": "Nordic Office AS"},
    "supplierReference": "F-1",
    "buyerReference": "B-2",
    "paymentRefNo": "8899",
    "description": "January",
    "currencyId": "EUR",
    "amount": 1150.0,
    "balance": 575.0,
    "balanceInCurrency": 50.0,
    "detailTotal": 1150.0,
    "detailTotalInCurrency": 100.0,
    "lastModifiedDateTime": "2026-01-10T08:00:00",
    "invoiceLines": [
        {
            "lineNumber": 1,
            "inventoryNumber": "TONER-7",
            "quantity": 2.0,
            "unitCost": 575.0,
            "unitCostInCurrency": 50.0,
            "cost": 1150.0,
            "costInCurrency": 100.0,
            "poNumber": "500001",
            "project": {"id": "P1002 ", "description": None},
            "account": {"number": "6800", "description": "Office supplies"},
            "subaccount": {"segments": [{"segmentId": "1", "segmentValue": "330"}]},
        },
        {"lineNumber": 2, "transactionDescription": "Freight", "poNumber": "500001"},
        {"lineNumber": 3, "transactionDescription": "Drums", "poNumber": "500002", "cost": 0, "costInCurrency": 0},
    ],
}
SALE: dict[str, Any] = {
    "company_id": "4100251",
    "documentType": "Invoice",
    "referenceNumber": "100123",
    "status": "Balanced",
    "documentDate": "2026-03-01T00:00:00",
    "documentDueDate": "2026-03-15T00:00:00",
    "customer": {"number": "10018", "name": "Kunde AB"},
    "customerRefNumber": "Anna",
    "externalReference": "WEB-9",
    "paymentReference": "123456",
    "invoiceText": "Thank you",
    "project": {"id": "P1001", "description": "Website"},
    "branch": {"id": "2", "name": "Shop"},
    "currencyId": "SEK",
    "amount": 760.0,
    "amountInCurrency": 800.0,
    "balance": 380.0,
    "balanceInCurrency": 400.0,
    "note": "Dunned once",
    "lastModifiedDateTime": "2026-03-02T08:00:00",
    "invoiceLines": [
        {
            "lineNumber": 7,
            "inventoryNumber": "RENT",
            "description": "Rent of a hall",
            "quantity": 4,
            "unitPrice": 190.0,
            "unitPriceInCurrency": 200.0,
            "amount": 760.0,
            "amountInCurrency": 800.0,
            "account": {"number": "3000"},
            "project": "P1003",
            "subaccount": {"segments": [{"segmentId": 1, "segmentValue": "20", "segmentValueDescription": "Hire"}]},
        }
    ],
}
PROJECT: dict[str, Any] = {
    "company_id": "4100251",
    "internalID": 3101,
    "projectID": "P1001     ",
    "description": "New   website",
    "status": "OnHold",
    "startDate": "2026-02-01T00:00:00",
    "endDate": "2026-06-30T00:00:00",
    "projectManager": {"employeeName": "Kari Li", "contact": {"email": "kari@example.com"}},
    "customer": {"number": "10018", "name": "Kunde AB"},
    "branch": {"number": "1", "name": "Head office"},
    "note": "Second try",
    "lastModifiedDateTime": "2026-02-02T08:00:00",
}


def test_an_order() -> None:
    document = translate("purchase_orders", ORDER)
    assert document.fields == {
        "Visma ID": "PurchaseOrderId:4100251/RegularOrder/000123",
        "Visma document type": "Purchase order",
        "Visma supplier": "Nordic Office AS",
        "Visma customer": None,
        "Visma amount": 312.5,
        "Visma balance": None,
        "Visma currency": "EUR",
        "Visma due date": "2026-02-03",
        "Visma document date": "2026-01-07",
        "Visma status": "Open",
        "Visma line items": "10 × Paper A4",
        "Visma GL accounts": (Option("6800", "Office supplies"),),
        "Visma cost centers": (Option("330", "Marketing", "1", "Department"),),
        "Visma projects": (Option("P1001", "Website"),),
        "Visma committed": 250.0,
        "Visma received": 100.0,
    }
    assert document.facts == [
        ("Supplier", "Nordic  Office AS (50012)"),
        ("Supplier reference", "Offer 17"),
        ("Description", "Paper for the winter"),
        ("Terms", "Net 30 days"),
        ("Branch", "Head office"),
    ]
    assert document.lines == [
        LineItem(
            2,
            "Paper A4",
            "10",
            "Paper A4 — 10 × 27.50 = 250.00 EUR · 4 of 10 received",
            Option("6800", "Office supplies"),
            (Option("330", "Marketing", "1", "Department"),),
            Delivery("2026-02-10", False, " · 4 of 10 received"),
        )
    ]
    assert document.label == "PO 000123"
    assert (document.supplier_name, document.supplier_number) == ("Nordic Office AS", "50012")
    assert (document.status, document.due_date, document.owner) == ("Open", "2026-02-03", "Kari Nordmann")
    assert (document.note, document.version) == ("Deliver to gate B.", "2026-01-07T08:00:00.1")
    assert document.subject == Subject(
        projects=(("P1001", "Website"),),
        cost_centers=(("330", "Marketing"),),
        branches=(("1", "Head office"),),
        suppliers=(("50012", "Nordic  Office AS"),),
    )


def test_a_suppliers_credit_note_in_another_currency() -> None:
    document = translate("supplier_invoices", INVOICE)
    assert document.fields == {
        "Visma ID": "SupplierInvoiceId:4100251/DebitAdj/200123",
        "Visma document type": "Purchase credit note",
        "Visma supplier": "Nordic Office AS",
        "Visma customer": None,
        "Visma amount": -100.0,
        "Visma balance": -50.0,
        "Visma currency": "EUR",
        "Visma due date": "2026-01-24",
        "Visma document date": "2026-01-10",
        "Visma status": "Open",
        "Visma line items": "2 × TONER-7; Freight; Drums",
        "Visma GL accounts": (Option("6800", "Office supplies"),),
        "Visma cost centers": (Option("330", None, "1"),),
        "Visma projects": (Option("P1002", None),),
        "Visma purchase orders": "500001: -100.00; 500002: 0.00",
    }
    assert document.facts == [
        ("Supplier", "Nordic Office AS (50012)"),
        ("Supplier reference", "F-1"),
        ("Payment reference", "8899"),
        ("Purchase orders", "500001, 500002"),
        ("Description", "January"),
    ]
    assert [line.name for line in document.lines] == [
        "1. TONER-7 — 2 × 50.00 = -100.00 EUR",
        "2. Freight",
        "3. Drums — 0.00 EUR",
    ]
    assert [line.account for line in document.lines] == [Option("6800", "Office supplies"), None, None]
    assert [line.cost_centers for line in document.lines] == [(Option("330", None, "1"),), (), ()]
    assert (document.supplier_number, document.owner, document.money) == ("50012", None, None)
    assert not document.unknown_amounts
    assert document.subject == Subject(
        projects=(("P1002", None),), cost_centers=(("330", None),), suppliers=(("50012", "Nordic Office AS"),)
    )


def test_a_credit_note_tells_both_currencies_of_each_order() -> None:
    freight = {**INVOICE["invoiceLines"][1], "cost": 115.0, "costInCurrency": 10.0}
    first, _, third = INVOICE["invoiceLines"]
    document = translate("supplier_invoices", INVOICE | {"invoiceLines": [first, freight, third]})
    assert document.shares == {"500001": Share(-110, -1265), "500002": Share(0, 0)}
    assert document.reference_rows == ["500001: -110.00 = -1265.00", "500002: 0.00 = 0.00"]


def test_a_sales_invoice() -> None:
    document = translate("customer_invoices", SALE)
    assert document.fields == {
        "Visma ID": "CustomerInvoiceId:4100251/Invoice/100123",
        "Visma document type": "Sales invoice",
        "Visma supplier": None,
        "Visma customer": "Kunde AB",
        "Visma amount": 800.0,
        "Visma balance": 400.0,
        "Visma currency": "SEK",
        "Visma due date": "2026-03-15",
        "Visma document date": "2026-03-01",
        "Visma status": "Balanced",
        "Visma line items": "4 × Rent of a hall",
        "Visma GL accounts": (Option("3000", None),),
        "Visma cost centers": (Option("20", "Hire", "1"),),
        "Visma projects": (Option("P1001", "Website"), Option("P1003", None)),
    }
    assert document.facts == [
        ("Customer", "Kunde AB (10018)"),
        ("Customer reference", "Anna"),
        ("External reference", "WEB-9"),
        ("Payment reference", "123456"),
        ("Invoice text", "Thank you"),
    ]
    assert [line.name for line in document.lines] == ["7. Rent of a hall — 4 × 200.00 = 800.00 SEK"]
    assert document.lines[0].cost_centers == (Option("20", "Hire", "1"),)
    assert (document.name, document.supplier_number) == ("Sales invoice 100123 · Kunde AB", "10018")
    assert (document.note, document.version) == ("Dunned once", "2026-03-02T08:00:00")
    assert document.subject == Subject(
        projects=(("P1001", "Website"), ("P1003", None)), cost_centers=(("20", "Hire"),), branches=(("2", "Shop"),)
    )


def test_a_projects_card() -> None:
    document = translate("projects", PROJECT)
    assert document.fields == {
        "Visma ID": "ProjectId:4100251/3101",
        "Visma document type": "Project",
        "Visma due date": "2026-06-30",
        "Visma document date": "2026-02-01",
        "Visma status": "OnHold",
    }
    assert document.facts == [
        ("Project ID", "P1001"),
        ("Project description", "New website"),
        ("Project manager", "Kari Li"),
        ("Customer", "Kunde AB (10018)"),
        ("Start date", "2026-02-01"),
        ("Branch", "Head office"),
    ]
    assert (document.name, document.label) == ("Project P1001 · New website", "Project P1001")
    assert (document.supplier_name, document.supplier_number, document.lines) == (None, None, [])
    assert (document.status, document.due_date) == ("OnHold", "2026-06-30")
    assert (document.manager_email, document.note) == ("kari@example.com", "Second try")
    assert document.version == "2026-02-02T08:00:00"


@pytest.mark.parametrize(
    ("stream", "record", "change", "row"),
    [
        ("purchase_orders", ORDER, {"terms": {"id": "30"}}, ("Terms", "30")),
        ("purchase_orders", ORDER, {"branch": {"number": "1"}}, ("Branch", "1")),
        ("purchase_orders", ORDER, {"supplier": {"number": "50012"}}, ("Supplier", "50012")),
        ("purchase_orders", ORDER, {"supplier": {"name": "Nordic Office AS"}}, ("Supplier", "Nordic Office AS")),
        ("supplier_invoices", INVOICE, {"supplierReference": None}, ("Supplier reference", "B-2")),
        ("projects", PROJECT, {"branch": {"number": "1"}}, ("Branch", "1")),
    ],
)
def test_what_stands_in_for_a_part_that_is_missing(
    stream: str, record: dict[str, Any], change: dict[str, Any], row: tuple[str, str]
) -> None:
    assert row in translate(stream, record | change).facts


def test_without_a_name_the_number_of_the_party_stands_in_the_name_of_the_task() -> None:
    assert translate("purchase_orders", ORDER | {"supplier": {"number": "50012"}}).name == "PO 000123 · 50012"
    assert translate("purchase_orders", ORDER | {"supplier": {}}).name == "PO 000123"


def test_an_account_or_cost_centre_of_several_lines_is_named_once() -> None:
    line = ORDER["lines"][0]
    other = {"segmentId": 2, "segmentValue": "330", "segmentValueDescription": "Bergen"}
    lines = [line, line | {"lineNbr": 3, "sub": {"segments": [other, *line["sub"]["segments"]]}}]
    document = translate("purchase_orders", ORDER | {"lines": lines})
    assert document.fields["Visma GL accounts"] == (Option("6800", "Office supplies"),)
    assert document.fields["Visma cost centers"] == (
        Option("330", "Marketing", "1", "Department"),
        Option("330", "Bergen", "2"),
    )


def test_amounts_are_rounded_to_the_cent() -> None:
    assert translate("purchase_orders", ORDER | {"orderTotal": "312.505"}).fields["Visma amount"] == 312.51


@pytest.mark.parametrize(
    ("stream", "record", "message"),
    [
        ("purchase_orders", "text", "record: is not an object"),
        (
            "things",
            {"id": 1},
            "record: looks neither like an order nor like an invoice (no orderNbr, no referenceNumber)",
        ),
        (
            "purchase_orders",
            ORDER | {"orderType": " ", "orderNbr": None},
            "orderType, orderNbr: is missing, and without it the document has no identity",
        ),
        (
            "supplier_invoices",
            INVOICE | {"referenceNumber": "9" * 2000},
            "documentType/referenceNumber: is longer than Asana allows (1024 characters)",
        ),
        (
            "projects",
            PROJECT | {"company_id": None, "projectID": ""},
            "company_id: is missing, and without it the document has no identity",
        ),
        (
            "projects",
            PROJECT | {"projectID": ""},
            "ProjectId:4100251/3101: projectID: is missing, and without it the project has no identity",
        ),
    ],
)
def test_a_record_that_is_no_document_says_why(stream: str, record: Any, message: str) -> None:
    with pytest.raises(RecordError) as caught:
        translate(stream, record)
    assert str(caught.value) == message
