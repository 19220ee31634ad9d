"""A workspace in which people have translated every field: the sync goes on with them, and says their names."""

import json

import pytest

from integration_tests.destination_fields_support import assert_stopped, control_field, local_field
from integration_tests.destination_messages import (
    account,
    catalog,
    invoice,
    invoice_id,
    line,
    order,
    order_id,
    state,
)
from integration_tests.destination_project_support import PORTFOLIO
from integration_tests.destination_support import KARI, comments
from integration_tests.sandbox.harness import AsanaSandbox
from integration_tests.test_destination_cards import BUDGETS, CARD, project, row
from integration_tests.test_destination_project_numbers import asana_project

NORWEGIAN = {
    "Visma ID": "Dokumentnøkkel",
    "Visma document type": "Dokumenttype",
    "Visma supplier": "Leverandør",
    "Visma customer": "Kunde",
    "Visma amount": "Beløp",
    "Visma balance": "Restbeløp",
    "Visma currency": "Valuta",
    "Visma due date": "Forfall",
    "Visma document date": "Dato",
    "Visma status": "Tilstand",
    "Visma line items": "Linjer",
    "Visma GL accounts": "Konti",
    "Visma cost centers": "Kostnadssteder",
    "Visma projects": "Prosjekter",
    "Visma purchase orders": "Bestillinger",
    "Visma committed": "Bestilt",
    "Visma received": "Mottatt",
    "Visma invoiced": "Fakturert",
    "Visma remaining": "Gjenstår",
    "Visma budget": "Budsjett",
    "Visma actual": "Påløpt",
}
CONFIGURED = catalog("projects", "project_budgets", "purchase_orders", "supplier_invoices", "accounts")


def named(code):
    return {"internalId": 4, "id": code, "description": f"About {code}"}


BEFORE = [
    account("3000", "Sales"),
    project(),
    row(),
    *BUDGETS,
    order(lines=[line(1, project=named("P1001"), amount=250.0, receivedAmt=0.0)]),
    invoice(
        invoiceLines=[line(1, poNumber="000001", poLineNr=1, costInCurrency=100.0, cost=100.0, project=named("P1001"))]
    ),
    state("purchase_orders", 9),
]
# Every field that can change does.
AFTER = [
    account("3000", "Sales and more"),
    project(status="Completed", startDate="2026-01-06T00:00:00", endDate="2026-07-01T00:00:00"),
    row(revisedBudgetAmount=1.0, committedAmount=2.0, actualAmount=3.0, committedInvoicedAmount=4.0),
    *BUDGETS,
    order(
        orderTotal=99.0,
        currency="SEK",
        status="Closed",
        date="2026-02-01T00:00:00",
        promisedOn="2026-03-01T00:00:00",
        supplier={"number": "50012", "name": "Nordic Office Group AS"},
        lines=[
            line(
                1,
                project=named("P2002"),
                amount=260.0,
                receivedAmt=50.0,
                account={"number": "4000", "description": "Goods"},
            )
        ],
    ),
    invoice(
        amount=77.0,
        balance=7.0,
        balanceInCurrency=7.0,
        invoiceLines=[line(1, poNumber="000001", poLineNr=1, costInCurrency=55.0, cost=55.0, project=named("P2002"))],
    ),
    state("purchase_orders", 9),
]


def rename(destination, names=NORWEGIAN):
    """A person calls every field by another name."""
    there = {field["name"]: field["gid"] for field in destination.asana.state()["custom_fields"]}
    for old, new in names.items():
        if old in there:
            destination.as_person("PUT", f"/custom_fields/{there[old]}", name=new)


def settings(destination, **more):
    return {"configured": CONFIGURED, "route_by_project_name": True, "projects_portfolio_gid": PORTFOLIO, **more}


def test_everything_that_is_said_uses_the_names_people_see(destination):
    sites = asana_project(destination, "P1001 Site")
    destination.write(*BEFORE, **settings(destination))
    rename(destination)
    count = len(destination.asana.state()["custom_fields"])
    destination.fresh_log()
    destination.write(*BEFORE, **settings(destination))
    assert destination.written == []

    dry = destination.write(*AFTER, **settings(destination, dry_run=True))
    audit, report = destination.folder / "audit.jsonl", destination.folder / "report.csv"
    run = destination.write(
        *AFTER, **settings(destination, audit_log_path=str(audit), report_path=str(report), change_comments=True)
    )
    assert len(destination.asana.state()["custom_fields"]) == count
    tasks = {task["fields"]["Dokumentnøkkel"]: task for task in destination.asana.tasks(field="Dokumentnøkkel")}
    said = {text for each in tasks.values() for text in comments(each)}
    lines = [json.loads(text) for text in audit.read_text().splitlines()]
    changed = {name for each in lines for name in each["changes"]}
    words = report.read_text(encoding="utf-8-sig")
    # A row of numbers on the Asana project, an option, and the documents themselves.
    assert "Budsjett: 1000.00 → 1.00" in dry.log
    assert "Konti" in dry.log
    for text in (dry.log, words, "\n".join(said)):
        assert "Beløp: 1250.00 → 77.00" in text or "Beløp: 1250.00 → 99.00" in text
    assert {
        "Beløp",
        "Tilstand",
        "Forfall",
        "Prosjekter",
        "Budsjett",
        "Bestilt",
        "Mottatt",
        "Fakturert",
        "Gjenstår",
    } < changed
    for text in (dry.log, run.log, words, *said, *changed):
        # The heading of the report's first column is “Visma ID” whatever the field is called.
        assert [name for name in NORWEGIAN if name in text and name != "Visma ID"] == []
    assert tasks[order_id()]["fields"]["Bestilt"] is not None
    assert tasks[invoice_id()]["fields"]["Beløp"] == 77
    assert tasks[CARD]["fields"]["Budsjett"] == 1
    [site] = [each for each in destination.asana.state()["projects"] if each["gid"] == sites]
    assert site["fields"]["Budsjett"] == 1


def field_gid(destination, name):
    return destination.field(name)["gid"]


@pytest.mark.parametrize(
    ("renamed", "own", "value"),
    [
        ("Beløp", "Visma amount", 1250),
        ("Konti", "Visma GL accounts", ["3000 Sales"]),
        ("Tilstand", "Visma status", "Open"),
    ],
)
@pytest.mark.parametrize("how", ["deleted", "private"])
def test_a_renamed_field_that_is_gone_is_made_and_filled_again(destination, renamed, own, value, how):
    """Deleted, or hidden from the token's user, which looks the same."""
    lines = [line(1, account={"number": "3000", "description": "Sales"})]
    messages = [account("3000", "Sales"), invoice(invoiceLines=lines)]
    destination.write(*messages)
    rename(destination)
    if how == "deleted":
        destination.as_person("DELETE", f"/custom_fields/{field_gid(destination, renamed)}")
    else:
        control_field(destination, renamed, privacy_setting="private", created_by=KARI)
    run = destination.write(*messages, state("supplier_invoices"))
    [task] = destination.asana.tasks(invoice_id(), field="Dokumentnøkkel")
    assert task["fields"][own] == value
    assert run.state_ids == [1]
    destination.fresh_log()
    destination.write(*messages)
    assert destination.written == []


def test_a_field_of_one_project_alone_is_never_taken_for_a_renamed_one(destination):
    destination.write(invoice())
    rename(destination)
    gid = local_field(destination, AsanaSandbox.PROJECT, "Visma amount", "number")
    destination.write(invoice(amount=77.0))
    [task] = destination.asana.tasks(invoice_id(), field="Dokumentnøkkel")
    assert (task["fields"]["Beløp"], task["fields"].get("Visma amount")) == (77, None)
    assert gid != field_gid(destination, "Beløp")


@pytest.mark.parametrize(
    ("name", "kind"), [("Forfall", "text"), ("Konti", "text"), ("Gjenstår", "text"), ("Tilstand", "text")]
)
def test_a_renamed_field_of_another_type_is_named_as_people_see_it(destination, name, kind):
    messages = [account("3000", "Sales"), order(), state("purchase_orders")]
    destination.write(*messages)
    rename(destination)
    control_field(destination, name, convert_to=kind)
    destination.fresh_log()
    run = destination.write(*messages, code=1)
    assert_stopped(run, f"“{name}”", f"of type {kind}", "Turn it back")
    assert destination.written == []
    dry = destination.write(*messages, code=1, dry_run=True)
    assert f"“{name}”" in dry.error["message"]


def test_fields_renamed_while_the_sync_runs(destination):
    destination.write(invoice(1))
    talk = destination.talk(catalog("supplier_invoices"))
    talk.stdin.write(json.dumps(invoice(1, amount=2.0)) + "\n" + json.dumps(state("supplier_invoices", 1)) + "\n")
    talk.stdin.flush()
    while '"STATE"' not in talk.stdout.readline():
        pass
    rename(destination)
    talk.stdin.write(json.dumps(invoice(2, amount=3.0)) + "\n" + json.dumps(state("supplier_invoices", 2)) + "\n")
    talk.stdin.close()
    output = talk.stdout.read()
    talk.join(240)
    talk.stdout.close()
    assert (talk.exitcode, '"id": 2' in output or '"id":2' in output) == (0, True)
    found = {
        t["fields"]["Dokumentnøkkel"]: t["fields"]["Beløp"] for t in destination.asana.tasks(field="Dokumentnøkkel")
    }
    assert found == {invoice_id(1): 2, invoice_id(2): 3}


def test_a_full_project_names_the_fields_that_can_be_spared_as_people_see_them(destination):
    """The settings know them by the sync's names, so both are said."""
    destination.write(order(), leave_out_fields=["Visma remaining"])
    rename(destination)
    shown = destination.asana.as_person("GET", f"/projects/{AsanaSandbox.PROJECT}/custom_field_settings")
    destination.asana.settings(fields_per_project=len(shown))
    run = destination.write(order(), code=1)
    assert "leave_out_fields" in run.error["message"]
    assert "Visma due date (“Forfall”)" in run.error["message"]
    assert "Visma budget," in run.error["message"]
