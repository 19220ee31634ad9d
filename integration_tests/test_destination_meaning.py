"""What Visma's documents mean: types and signs, currencies, rounding, which fields, and tasks of earlier versions."""

import re
from urllib.request import urlopen

import pytest

from integration_tests.destination_messages import (
    COMPANY,
    account,
    catalog,
    invoice,
    invoice_id,
    line,
    order,
    order_id,
    state,
    status,
)
from integration_tests.destination_support import lines_of

CUSTOMER = {"number": "10018", "name": "Umeå Konferens"}


def sales(stream, kind, number=300001, lines="lines", **changes):
    """The RECORD of a customer's document with one line."""
    data = {
        "supplier": None,
        "customer": CUSTOMER,
        "documentType": kind,
        "documentDate": "2026-01-10T00:00:00",
        "documentDueDate": "2026-01-24T00:00:00",
        "amountInCurrency": 1250.0,
        "invoiceLines": None,
        lines: [{"lineNumber": 1, "description": "Hall", "quantity": 2, "unitPriceInCurrency": 500, "amountInCurrency": 1000}],
    }  # fmt: skip
    return invoice(number, stream, **{**data, **changes})


def fields(destination, visma_id, *names):
    values = destination.task(visma_id)["fields"]
    return [values.get(f"Visma {name}") for name in names]


# --- types and signs -------------------------------------------------------------------------------------------------


def test_a_debit_adjustment_is_the_suppliers_credit_note(destination):
    own = {"lineNumber": 1, "transactionDescription": "Toner", "quantity": 1, "unitCost": 400, "cost": 400}
    paid = {"amount": 500.0, "balance": 200.0, "balanceInCurrency": 200.0, "invoiceLines": [own]}
    destination.write(*(invoice(7, documentType=kind, **paid) for kind in ("DebitAdj", "CreditAdj", "Prepayment")))
    found = {}
    for kind in ("DebitAdj", "CreditAdj", "Prepayment"):
        task = destination.task(invoice_id(7, kind))
        found[kind] = [task["name"], *fields(destination, invoice_id(7, kind), "document type", "amount", "balance")]
        found[kind] += lines_of(task)
    assert found == {
        "DebitAdj": ["Credit note 7 · Nordic Office AS", "Purchase credit note", -500, -200, "1. Toner — 1 × 400.00 = -400.00 NOK"],
        "CreditAdj": ["Credit adjustment 7 · Nordic Office AS", "Credit adjustment", 500, 200, "1. Toner — 1 × 400.00 = 400.00 NOK"],
        "Prepayment": ["Prepayment 7 · Nordic Office AS", "Prepayment", 500, None, "1. Toner — 1 × 400.00 = 400.00 NOK"],
    }  # fmt: skip


def test_customers_documents_of_every_stream_with_their_lines(destination):
    messages = [
        sales("customer_invoices", "Invoice", lines="invoiceLines"),
        sales("customer_credit_notes", "CreditNote"),
        sales("customer_debit_notes", "DebitNote"),
        sales("customer_overdue_charges", "FinCharge"),
    ]
    destination.write(*messages)
    found = {}
    for task in destination.tasks.values():
        values = task["fields"]
        assert (values.get("Visma customer"), values.get("Visma supplier")) == ("Umeå Konferens", None)
        found[task["name"]] = [
            values["Visma ID"],
            values["Visma document type"],
            values["Visma amount"],
            *lines_of(task),
        ]
    family = f"CustomerInvoiceId:{COMPANY}"
    assert found == {
        "Sales invoice 300001 · Umeå Konferens": [f"{family}/Invoice/300001", "Sales invoice", 1250, "1. Hall — 2 × 500.00 = 1000.00 NOK"],
        "Sales credit note 300001 · Umeå Konferens": [f"{family}/CreditNote/300001", "Sales credit note", -1250, "1. Hall — 2 × 500.00 = -1000.00 NOK"],
        "Debit note 300001 · Umeå Konferens": [f"{family}/DebitNote/300001", "Debit note", 1250, "1. Hall — 2 × 500.00 = 1000.00 NOK"],
        "Overdue charge 300001 · Umeå Konferens": [f"{family}/FinCharge/300001", "Overdue charge", 1250, "1. Hall — 2 × 500.00 = 1000.00 NOK"],
    }  # fmt: skip
    destination.fresh_log()
    destination.write(*messages)
    assert destination.written == []


def test_a_list_of_one_type_marks_no_document_of_another_as_missing(destination):
    """Credit notes come from a list of their own: a whole list of invoices tells nothing of them."""
    family = f"CustomerInvoiceId:{COMPANY}"
    notes = [sales("customer_credit_notes", "CreditNote", number) for number in (1, 2)]
    bills = [sales("customer_invoices", "Invoice", number, lines="invoiceLines") for number in (1, 2)]
    destination.write(*notes, *bills, sales("customer_debit_notes", "DebitNote", 1))

    def gone():
        return {key for key, task in destination.tasks.items() if task["fields"]["Visma status"] == "Gone from Visma"}

    mixed = catalog("customer_invoices", "customer_credit_notes", mode="append_dedup", customer_invoices="overwrite")
    names = ("customer_invoices", "customer_credit_notes")
    destination.write(bills[0], notes[0], *map(status, names), configured=mixed, mark_missing=True)
    assert gone() == {f"{family}/Invoice/2"}
    whole = catalog("customer_credit_notes", mode="overwrite")
    destination.write(notes[1], status(names[1]), configured=whole, mark_missing=True)
    assert gone() == {f"{family}/Invoice/2", f"{family}/CreditNote/1"}


def test_orders_that_share_a_number_are_told_apart(destination):
    kinds = ("RegularOrder", "DropShip", "Blanket", "StandardBlanket")
    destination.write(*(order(4, orderType=kind) for kind in kinds))
    found = {
        task["name"]: (task["fields"]["Visma document type"], task["due_on"]) for task in destination.tasks.values()
    }
    assert found == {
        "PO 000004 · Nordic Office AS": ("Purchase order", "2026-02-03"),
        "PO 000004 (drop ship) · Nordic Office AS": ("Purchase order", "2026-02-03"),
        "Blanket PO 000004 · Nordic Office AS": ("Blanket order", "2026-02-03"),
        "PO template 000004 · Nordic Office AS": ("Order template", None),
    }
    destination.write(invoice(1, status="Scheduled"))
    assert destination.task(invoice_id(1))["due_on"] is None
    assert fields(destination, invoice_id(1), "due date", "status") == [None, "Scheduled"]


def test_the_board_tells_payables_from_receivables(destination):
    """By its columns, and by its filter."""
    customer = {"supplier": None, "customer": {"name": "Umeå Konferens"}}
    destination.write(
        order(4),
        order(4, orderType="Blanket"),
        invoice(1),
        invoice(2, documentType="DebitAdj"),
        invoice(1, "customer_invoices", **customer),
        invoice(3, "customer_credit_notes", documentType="CreditNote", **customer),
    )
    board = f"{destination.asana.url}/0/{destination.asana.PROJECT}/board"
    with urlopen(f"{board}?group=type") as page:
        columns = re.findall(r'<h2[^>]*>.*?<span class="name">([^<]+)<', page.read().decode())
    assert set(columns) == {
        "Purchase order",
        "Blanket order",
        "Purchase invoice",
        "Purchase credit note",
        "Sales invoice",
        "Sales credit note",
    }
    with urlopen(board) as page:
        options = re.findall(r'<select name="type">(.*?)</select>', page.read().decode(), re.DOTALL)[0]
    keys = {name: key for key, name in re.findall(r'<option value="([^"]*)"[^>]*>([^<]+)<', options)}
    assert keys == {"All types": "", **{name: keys[name] for name in columns}}
    with urlopen(f"{board}?type={keys['Sales credit note']}") as page:
        assert re.findall(r"<h3>.*?<a [^>]*>([^<]+)</a>", page.read().decode()) == [
            "Sales credit note 3 · Umeå Konferens"
        ]


# --- currencies ------------------------------------------------------------------------------------------------------

FOREIGN = {"currencyId": "EUR", "exchangeRate": 0.08695652, "amount": 11500.0}


def test_a_foreign_invoice_is_in_its_own_currency_throughout(destination):
    totals = {"balance": 4600.0, "balanceInCurrency": 400.0, "detailTotal": 9200.0, "detailTotalInCurrency": 800.0}
    own = {"lineNumber": 1, "transactionDescription": "Oak", "quantity": 2, "unitCost": 4600.0, "unitCostInCurrency": 400.0,
           "cost": 9200.0, "costInCurrency": 800.0}  # fmt: skip
    run = destination.write(invoice(**FOREIGN, **totals, invoiceLines=[own]))
    assert fields(destination, invoice_id(), "amount", "balance", "currency") == [1000, 400, "EUR"]
    assert lines_of(destination.task(invoice_id())) == ["1. Oak — 2 × 400.00 = 800.00 EUR"]
    assert run.warnings == []


def test_an_amount_nothing_tells_is_empty_and_named_once_and_counted(destination):
    part_paid = {**FOREIGN, "balance": 4600.0, "balanceInCurrency": 400.0}
    run = destination.write(
        invoice(1, **part_paid), invoice(2, **part_paid), invoice(1, **part_paid), state("supplier_invoices")
    )
    assert fields(destination, invoice_id(1), "amount", "balance", "currency") == [None, 400, "EUR"]
    assert run.state_ids == [1]
    for number in (1, 2):
        [named] = [text for text in run.warnings if text.startswith(f"{invoice_id(number)}:")]
        assert "only in the company's currency and not in EUR" in named
    assert "in their own currency: 2, named above" in run.warnings[-1]
    assert len(run.warnings) == 3
    assert "11500" not in run.output
    [without_code] = destination.write(invoice(3, **{**part_paid, "currencyId": None})).warnings[:-1]
    assert "only in the company's currency and not in its own. Look them up in Visma" in without_code
    warnings = destination.write(invoice(1, **part_paid), dry_run=True).warnings
    assert len(warnings) == 2


def test_a_paid_foreign_invoice_without_other_totals_shows_no_amount_rather_than_the_companys(destination):
    """Nothing is left to pay of it in either currency, which does not make the two one."""
    paid = {**FOREIGN, "status": "Closed", "balance": "0.0000", "balanceInCurrency": "0.0000"}
    details = {"detailTotal": "9200.0000", "detailTotalInCurrency": "800.0000"}
    own = {"lineNumber": 1, "transactionDescription": "Oak", "cost": "9200.0000", "costInCurrency": None}
    run = destination.write(
        invoice(1, **paid),
        invoice(2, **paid, documentType="DebitAdj", invoiceLines=[own]),
        invoice(3, **paid, **details, documentType="DebitAdj"),
        state("supplier_invoices"),
    )
    assert fields(destination, invoice_id(1), "amount", "balance", "currency") == [None, 0, "EUR"]
    assert fields(destination, invoice_id(2, "DebitAdj"), "amount", "balance", "currency") == [None, 0, "EUR"]
    assert lines_of(destination.task(invoice_id(2, "DebitAdj"))) == ["1. Oak"]
    assert fields(destination, invoice_id(3, "DebitAdj"), "amount", "balance", "currency") == [-1000, 0, "EUR"]
    named = [text.partition(": amounts")[0] for text in run.warnings if ": amounts stay empty" in text]
    assert sorted(named) == [invoice_id(2, "DebitAdj"), invoice_id(1)]


def test_before_release_the_amount_is_the_balance(destination):
    unreleased = {"amount": 0.0, "balance": 950.0, "balanceInCurrency": 1000.0, "currencyId": "SEK"}
    destination.write(
        invoice(1, status="Balanced", **unreleased),
        sales("customer_invoices", "Invoice", **{**unreleased, "amountInCurrency": 0.0}),
        sales("customer_credit_notes", "CreditNote", **{**unreleased, "amountInCurrency": None}),
    )
    family = f"CustomerInvoiceId:{COMPANY}"
    for visma_id, amount in (
        (invoice_id(1), 1000),
        (f"{family}/Invoice/300001", 1000),
        (f"{family}/CreditNote/300001", -1000),
    ):
        assert fields(destination, visma_id, "amount", "balance", "currency") == [amount, amount, "SEK"]


# --- zero, empty, and the decimals of a field ------------------------------------------------------------------------


def test_empty_and_zero_are_two_things_both_ways(destination):
    for balance in (None, 0.0, None, 0.0, 5.0, 0.0):
        destination.write(invoice(balance=balance, balanceInCurrency=balance, amountInCurrency=1250.0))
        assert fields(destination, invoice_id(), "balance") == [balance]
        destination.fresh_log()
        destination.write(invoice(balance=balance, balanceInCurrency=balance, amountInCurrency=1250.0))
        assert destination.written == []


@pytest.mark.parametrize(("places", "amounts"), [(0, {2.5: 3, 3.5: 4, 0.5: 1}), (1, {0.25: 0.3, 0.35: 0.4, 2.45: 2.5})])
def test_halves_go_up_in_a_field_of_fewer_decimals(destination, places, amounts):
    destination.write(order())
    gid = destination.field("Visma amount")["gid"]
    destination.as_person("PUT", f"/custom_fields/{gid}", precision=places)
    messages = [order(number, orderTotal=amount) for number, amount in enumerate(amounts, 1)]
    credit = invoice(1, documentType="DebitAdj", amount=next(iter(amounts)), amountInCurrency=next(iter(amounts)))
    destination.write(*messages, credit)
    found = [fields(destination, order_id(number), "amount") for number in range(1, len(amounts) + 1)]
    assert found == [[amount] for amount in amounts.values()]
    assert fields(destination, invoice_id(1, "DebitAdj"), "amount") == [-next(iter(amounts.values()))]
    destination.fresh_log()
    destination.write(*messages, credit)
    assert destination.written == []


# --- which fields a project gets -------------------------------------------------------------------------------------


def fields_of_project(destination):
    [project] = destination.asana.state(destination.asana.PROJECT)["projects"]
    return {name for name in project["custom_fields"] if name.startswith("Visma")}


def test_a_project_gets_the_fields_its_streams_need(destination):
    destination.write(order())
    assert "Visma supplier" in fields_of_project(destination)
    assert "Visma customer" not in fields_of_project(destination)
    destination.write(sales("customer_overdue_charges", "FinCharge"))
    assert "Visma customer" in fields_of_project(destination)


def test_fields_that_are_left_out_are_neither_made_nor_written(destination):
    left_out = {"Visma document type", "Visma balance", "Visma GL accounts", "Visma due date"}
    coded = line(account={"number": "6800", "description": "Office"})
    messages = [account("6800", "Office"), order(lines=[coded]), invoice()]
    run = destination.write(*messages, state("accounts"), leave_out_fields=sorted(left_out))
    assert run.state_ids == [1]
    assert not left_out & {field["name"] for field in destination.asana.state()["custom_fields"]}
    assert not left_out & fields_of_project(destination)
    assert set(destination.task(order_id())["fields"]) == {
        "Visma ID",
        "Visma supplier",
        "Visma amount",
        "Visma currency",
        "Visma document date",
        "Visma status",
        "Visma line items",
        "Visma committed",
        "Visma received",
        "Visma invoiced",
        "Visma remaining",
    }
    assert destination.task(order_id())["due_on"] == "2026-02-03"


def test_what_is_left_out_later_keeps_its_values(destination):
    destination.write(invoice())
    destination.fresh_log()
    destination.write(invoice(balance=1.0, balanceInCurrency=1.0), leave_out_fields=["Visma balance"])
    assert destination.written == []
    assert fields(destination, invoice_id(), "balance") == [1250]


def test_a_field_the_sync_cannot_do_without_is_not_left_out(destination):
    run = destination.write(order(), leave_out_fields=["Visma ID"], code=1)
    assert "leave_out_fields.0 must be one of Visma document type, " in run.error["message"]
    assert destination.written == []


# --- tasks of version 0.1.0 ------------------------------------------------------------------------------------------


def made_by_0_1_0(destination, visma_id, name, **values):
    """A task as version 0.1.0 had left it; `values` by the field's last words."""
    by_name = {field["name"]: field for field in destination.asana.state()["custom_fields"]}
    custom_fields = {by_name["Visma ID"]["gid"]: visma_id}
    for words, value in values.items():
        field = by_name[f"Visma {words}"]
        options = {option["name"]: option["gid"] for option in field.get("options") or []}
        custom_fields[field["gid"]] = options.get(value, value)
    completed = values.get("status") in ("Closed", "Cancelled", "Voided")
    data = {
        "name": name,
        "projects": [destination.asana.PROJECT],
        "completed": completed,
        "custom_fields": custom_fields,
    }
    return destination.as_person("POST", "/tasks", **data)["gid"]


def fields_of_0_1_0(destination):
    kinds = {"ID": "text", "supplier": "text", "amount": "number", "balance": "number", "status": "enum"}
    for words, kind in kinds.items():
        data = {"name": f"Visma {words}", "resource_subtype": kind, "workspace": destination.asana.WORKSPACE}
        data |= {"precision": 2} if kind == "number" else {}
        data |= {"enum_options": [{"name": "Open"}, {"name": "Voided"}]} if kind == "enum" else {}
        made = destination.as_person("POST", "/custom_fields", **data)
        path = f"/projects/{destination.asana.PROJECT}/addCustomFieldSetting"
        destination.as_person("POST", path, custom_field=made["gid"])


def test_tasks_of_the_first_version_turn_when_their_records_come_again(destination):
    fields_of_0_1_0(destination)
    sold = f"CustomerInvoiceId:{COMPANY}/Invoice/300001"
    before = {
        invoice_id(7, "DebitAdj"): (
            "Debit note 7 · Nordic Office AS",
            {"amount": 500, "balance": 500, "status": "Open"},
        ),
        invoice_id(8, "CreditAdj"): (
            "Credit note 8 · Nordic Office AS",
            {"amount": -90, "balance": -90, "status": "Open"},
        ),
        order_id(9): (
            "PO 000009 · Nordic Office AS",
            {"supplier": "Nordic Office AS", "amount": 250, "status": "Voided"},
        ),
        sold: ("Invoice 300001 · Umeå Konferens", {"supplier": "Umeå Konferens", "amount": 1250, "status": "Open"}),
    }
    gids = {key: made_by_0_1_0(destination, key, name, **values) for key, (name, values) in before.items()}
    destination.write(
        invoice(7, documentType="DebitAdj", amount=500.0, balance=500.0, balanceInCurrency=500.0),
        invoice(8, documentType="CreditAdj", amount=90.0, balance=90.0, balanceInCurrency=90.0),
        order(9, status="Voided"),
        sales("customer_invoices", "Invoice", lines="invoiceLines"),
    )
    assert {key: task["gid"] for key, task in destination.tasks.items()} == gids
    names = ("amount", "balance", "status", "document type", "supplier", "customer")
    after = {
        key: [task["name"], task["completed"], *fields(destination, key, *names)]
        for key, task in destination.tasks.items()
    }
    assert after == {
        invoice_id(7, "DebitAdj"): ["Credit note 7 · Nordic Office AS", False, -500, -500, "Open", "Purchase credit note", "Nordic Office AS", None],
        invoice_id(8, "CreditAdj"): ["Credit adjustment 8 · Nordic Office AS", False, 90, 90, "Open", "Credit adjustment", "Nordic Office AS", None],
        order_id(9): ["PO 000009 · Nordic Office AS", False, 250, None, "Rejected", "Purchase order", "Nordic Office AS", None],
        sold: ["Sales invoice 300001 · Umeå Konferens", False, 1250, 1250, "Open", "Sales invoice", None, "Umeå Konferens"],
    }  # fmt: skip


def test_lines_of_the_first_version_turn_with_their_document(destination):
    fields_of_0_1_0(destination)
    gid = made_by_0_1_0(destination, invoice_id(7, "DebitAdj"), "Debit note 7 · Nordic Office AS", status="Open")
    for name in ("1. Toner — 1 × 400.00 = 400.00 NOK", "2. (no description) — 0 × 0.00 = 100.00 NOK"):
        destination.as_person("POST", f"/tasks/{gid}/subtasks", name=name)
    lines = [
        {"lineNumber": 1, "transactionDescription": "Toner", "quantity": 1, "unitCost": 400, "cost": 400},
        {"lineNumber": 2, "transactionDescription": "", "quantity": 0, "unitCost": 0, "cost": 100,
         "account": {"number": "4300", "description": "Goods for resale"}},
    ]  # fmt: skip
    destination.write(invoice(7, documentType="DebitAdj", invoiceLines=lines))
    task = destination.task(invoice_id(7, "DebitAdj"))
    assert lines_of(task) == ["1. Toner — 1 × 400.00 = -400.00 NOK", "2. Goods for resale — -100.00 NOK"]
    assert len(task["subtasks"]) == 2
