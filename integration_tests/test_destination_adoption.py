"""Documents take over the tasks that people made before the first sync, and only those that are certain."""

import json

import pytest

from integration_tests.destination_messages import invoice, invoice_id, line, order, order_id, state
from integration_tests.destination_support import KARI, comments, lines_of
from integration_tests.sandbox.harness import AsanaSandbox

SOREN = "soren.ostergaard@nordlys.example"
REGISTER = AsanaSandbox.PROJECT
MATCH = {"adopt": "match"}


def by_hand(destination, name, project=REGISTER, **data):
    return destination.as_person("POST", "/tasks", name=name, projects=[project], **data)["gid"]


def a_project(destination, name="Old orders"):
    return destination.as_person("POST", "/projects", name=name, workspace=AsanaSandbox.WORKSPACE)["gid"]


def a_field(destination, name, kind="text", project=REGISTER, **more):
    data = {"name": name, "resource_subtype": kind, "workspace": AsanaSandbox.WORKSPACE, **more}
    made = destination.as_person("POST", "/custom_fields", **data)
    destination.as_person("POST", f"/projects/{project}/addCustomFieldSetting", custom_field=made["gid"])
    return made["gid"]


def read(destination, gid):
    fields = (
        "name,notes,completed,assignee.email,due_on,memberships.project,memberships.section.name,projects,num_subtasks"
    )
    return destination.asana.as_person("GET", f"/tasks/{gid}", query={"opt_fields": fields})


def everything(destination, project=REGISTER):
    """The names of all tasks of a project, by gid."""
    return {task["gid"]: task["name"] for task in destination.asana.state(project)["tasks"]}


def listings(destination, project=REGISTER):
    pages = [e for e in destination.requests("GET") if e["path"] == "/tasks" and e["query"].get("project") == project]
    return [e for e in pages if "modified_since" not in e["query"]]


# --- what an adopted task keeps and gets -----------------------------------------------------------------------------


def test_an_adopted_task_gets_the_document_and_keeps_what_people_gave_it(destination):
    urgent = destination.as_person("POST", f"/projects/{REGISTER}/sections", name="Urgent")["gid"]
    gid = by_hand(
        destination,
        "Paper from Nordic Office (000001)",
        assignee=SOREN,
        html_notes="<body>Ask <b>Åsa</b></body>".replace("b>", "strong>"),
    )
    destination.as_person("POST", f"/sections/{urgent}/addTask", task=gid)
    destination.as_person("POST", f"/tasks/{gid}/stories", text="Called them")
    destination.as_person("POST", f"/tasks/{gid}/subtasks", name="Get a quote")
    run = destination.write(
        order(lines=[line(1, "Paper A4")]),
        state("purchase_orders"),
        supplier_mapping=[{"supplier": "*", "assignee": KARI}],
        section_by_status=True,
        change_comments=True,
        **MATCH,
    )
    task = destination.task(order_id())
    assert (task["gid"], task["name"], task["due_on"]) == (gid, "PO 000001 · Nordic Office AS", "2026-02-03")
    assert (task["assignee"], task["completed"]) == (SOREN, False)
    assert (
        task["memberships"] == [{"project": REGISTER, "section": "Urgent"}]
        or task["memberships"][0]["section"] == "Urgent"
    )
    assert comments(task) == ["Called them"]
    assert task["notes"].startswith("Ask Åsa\n")
    assert "From Visma.net" in task["notes"]
    assert lines_of(task) == ["Get a quote", "1. Paper A4 — 10 × 25.00 = 250.00 NOK"]
    fields = task["fields"]
    assert (fields["Visma amount"], fields["Visma status"], fields["Visma supplier"]) == (
        250,
        "Open",
        "Nordic Office AS",
    )
    assert len(run.states) == 1
    assert "purchase_orders: 1 adopted." in run.log
    assert f"Adopted: {order_id()} (PO 000001) takes over the task “Paper from Nordic Office (000001)”" in run.log
    assert "Adoption: 1 documents take over a task that people had made; 0 do not" in run.log
    assert list(everything(destination)) == [gid]
    # Afterwards it is a document like any other.
    destination.fresh_log()
    destination.write(order(lines=[line(1, "Paper A4")]), state("purchase_orders"), **MATCH)
    assert destination.written == []
    destination.write(order(status="Closed"), **MATCH)
    task = destination.task(order_id())
    assert (task["gid"], task["completed"], task["notes"].count("From Visma.net")) == (gid, True, 1)


def test_an_adopted_task_that_nobody_has_sorted_is_sorted_at_once(destination):
    """A task where new tasks go is in nobody's section. Else the next sync, which knows no difference, would move it."""
    gid = by_hand(destination, "Paper from Nordic Office (000001)")
    settings = {"section_by_status": True, **MATCH}
    destination.write(order(), **settings)
    task = destination.task(order_id())
    assert (task["gid"], task["memberships"][0]["section"]) == (gid, "Open")
    destination.fresh_log()
    destination.write(order(), **settings)
    assert destination.written == []


@pytest.mark.parametrize(("done", "status"), [(True, "Open"), (False, "Closed"), (True, "Closed"), (False, "Open")])
def test_the_completed_state_holds_until_the_status_changes(destination, done, status):
    gid = by_hand(destination, "PO 000001 Nordic Office AS", completed=done)
    mapping = [{"supplier": "*", "assignee": KARI}]
    destination.write(order(status=status), supplier_mapping=mapping, **MATCH)
    assert destination.task(order_id())["assignee"] == (KARI if not done and status == "Open" else None)
    destination.write(order(status=status, orderTotal=7.0), **MATCH)
    task = destination.task(order_id())
    assert (task["gid"], task["completed"]) == (gid, done)
    other = {"Open": "Closed", "Closed": "Open"}[status]
    destination.write(order(status=other), **MATCH)
    assert destination.task(order_id())["completed"] is (other == "Closed")


def test_number_and_amount_in_peoples_own_fields(destination):
    number, total = a_field(destination, "Our order no."), a_field(destination, "Total", "number")
    gid = by_hand(destination, "Paper for the office", custom_fields={number: "000001", total: 250})
    destination.write(order(), **MATCH)
    assert destination.task(order_id())["gid"] == gid
    assert destination.task(order_id())["fields"]["Our order no."] == "000001"


@pytest.mark.parametrize("written", ["1250.00", "1,250.00", "1 250,00", "1\u00a0250,- kr", "1250"])
def test_an_amount_as_people_write_it(destination, written):
    gid = by_hand(destination, f"Faktura 200001: {written}")
    destination.write(invoice(), **MATCH)
    assert destination.task(invoice_id())["gid"] == gid


def test_a_task_of_another_project_joins_the_register_and_stays_in_its_own(destination):
    old = a_project(destination)
    section = destination.as_person("POST", f"/projects/{old}/sections", name="Waiting")["gid"]
    gid = by_hand(destination, "PO 000001 Nordic Office AS", old)
    destination.as_person("POST", f"/sections/{section}/addTask", task=gid)
    destination.write(order(1), order(2), section_by_status=True, adopt_project_gids=[old], **MATCH)
    task = destination.task(order_id())
    assert task["gid"] == gid
    assert {(each["project"], each["section"]) for each in task["memberships"]} == {
        (old, "Waiting"),
        (REGISTER, "Open"),
    } or {each["section"] for each in task["memberships"]} == {"Waiting", "Open"}
    assert len(everything(destination)) == 2


@pytest.mark.parametrize(("elsewhere", "calls"), [(False, 3), (True, 5)])
def test_what_adoption_costs(destination, elsewhere, calls):
    """Two calls more than the one that creates a task; four, if the task comes from another project."""
    old = a_project(destination)
    destination.write(invoice(1))
    by_hand(destination, "Faktura 200001, Nordic Office", old if elsewhere else REGISTER)
    destination.fresh_log()
    destination.write(invoice(), adopt_project_gids=[old], **MATCH)
    gid = destination.task(invoice_id())["gid"]
    assert len([each for each in destination.requests() if each["path"].startswith(f"/tasks/{gid}")]) == calls


def test_closed_documents_that_get_no_task_take_one_over(destination):
    gid = by_hand(destination, "PO 000001 Nordic Office AS", completed=True)
    by_hand(destination, "PO 000002")
    closed = [order(n, status="Closed") for n in (1, 2, 3)]
    run = destination.write(*closed, state("purchase_orders"), create_closed=False, **MATCH)
    assert {visma_id: task["gid"] for visma_id, task in destination.tasks.items()} == {order_id(1): gid}
    assert f"Not adopted: {order_id(2)} (PO 000002) takes over no task, because" in run.log
    assert len(run.states) == 1


def test_off_by_default(destination):
    by_hand(destination, "PO 000001 Nordic Office AS")
    destination.write(order())
    assert len(everything(destination)) == 2


# --- what is not certain ---------------------------------------------------------------------------------------------


def test_doubts_are_listed_and_the_documents_created(destination):
    twice = [by_hand(destination, "PO 000001 Nordic Office AS"), by_hand(destination, "000001 nordic office, urgent")]
    shared = by_hand(destination, "Nordic Office: PO 000002 and 000003")
    bare = by_hand(destination, "PO 000004")
    typo = by_hand(destination, "PO 000050 Nordic Office AS")
    longer = by_hand(destination, "PO 1000006 Nordic Office AS")
    right = by_hand(destination, "PO 000007 Nordic Office AS")
    run = destination.write(*(order(n) for n in range(1, 8)), state("purchase_orders"), **MATCH)
    assert len(destination.tasks) == 7
    assert destination.task(order_id(7))["gid"] == right
    assert {gid: everything(destination)[gid] for gid in (*twice, shared, bare, typo, longer)} == {
        twice[0]: "PO 000001 Nordic Office AS",
        twice[1]: "000001 nordic office, urgent",
        shared: "Nordic Office: PO 000002 and 000003",
        bare: "PO 000004",
        typo: "PO 000050 Nordic Office AS",
        longer: "PO 1000006 Nordic Office AS",
    }
    said = "\n".join(run.warnings)
    assert f"Not adopted: {order_id(1)} (PO 000001) takes over no task, because several tasks fit: " in said
    assert (
        f"“Nordic Office: PO 000002 and 000003” (https://app.asana.com/0/0/{shared}) fits other documents as well: "
        in said
    )
    assert (
        f"“PO 000004” (https://app.asana.com/0/0/{bare}) names the number, but neither the supplier nor the amount"
        in said
    )
    assert len(run.warnings) == 4
    assert (
        "Adoption: 1 documents take over a task that people had made; 4 do not, because it is not certain which (the reasons "
        f"are above); for 2 no task was found: {order_id(5)}, {order_id(6)}." in run.log
    )
    [left] = [text for text in run.log.splitlines() if "stay as they are" in text]
    assert typo in left
    assert longer in left
    assert bare not in left


def test_a_second_document_of_the_same_checkpoint_makes_a_task_uncertain(destination):
    """One number for an order and an invoice of the same supplier; the STATE between them makes it certain again."""
    gid = by_hand(destination, "000001 Nordic Office AS")
    destination.write(order("000001"), invoice("000001"), state("supplier_invoices"), **MATCH)
    assert gid not in {task["gid"] for task in destination.tasks.values()}


def test_a_document_that_is_in_asana_already_makes_a_task_uncertain(destination):
    destination.write(order("000001"))
    gid = by_hand(destination, "000001 Nordic Office AS")
    run = destination.write(invoice("000001"), **MATCH)
    assert destination.task(invoice_id("000001"))["gid"] != gid
    assert f"fits other documents as well: {order_id()}" in run.log


def test_two_companies_with_the_same_number(destination):
    ours, theirs = (by_hand(destination, f"PO 000001 {name}") for name in ("Nordic Office", "Fjord Data"))
    fjord = {"internalId": 9, "number": "60001", "name": "Fjord Data AS"}
    destination.write(order(), order(company_id="4100999", supplier=fjord), **MATCH)
    assert destination.task(order_id())["gid"] == ours
    assert destination.task("PurchaseOrderId:4100999/RegularOrder/000001")["gid"] == theirs


def test_another_company_in_a_project_of_its_own(destination):
    """Its order is in Asana, far from here, and fits the task as well."""
    elsewhere, old = a_project(destination, "Company B"), a_project(destination)
    destination.write(order(company_id="4100999"), project_gid=elsewhere)
    destination.asana.control("POST", "search/refresh")
    gid = by_hand(destination, "PO 000001 Nordic Office", old)
    destination.write(order(), adopt_project_gids=[old], **MATCH)
    assert destination.task(order_id())["gid"] != gid


def test_subtasks_documents_and_the_syncs_own_tasks_are_not_taken(destination):
    parent = by_hand(destination, "This month")
    sub = destination.as_person("POST", f"/tasks/{parent}/subtasks", name="PO 000001 Nordic Office AS")["gid"]
    destination.as_person("POST", f"/tasks/{sub}/addProject", project=REGISTER)
    destination.write(invoice(200002, amount="broken"), on_record_error="quarantine")
    [attention] = destination.attention
    destination.write(invoice(200002, currencyId="Nordic Office AS"), order(), on_record_error="quarantine", **MATCH)
    assert destination.task(order_id())["gid"] != sub
    assert destination.task(invoice_id(200002))["gid"] != attention["gid"]
    assert len(destination.tasks) == 2


def test_the_heartbeat_is_not_listed_among_peoples_tasks(destination):
    settings = {"heartbeat": {"assignee": KARI, "days": 3}}
    destination.write(order(), **settings)
    coffee = by_hand(destination, "Buy coffee")
    run = destination.write(order(2), **settings, **MATCH)
    [left] = [text for text in run.log.splitlines() if "stay as they are" in text]
    assert left.endswith(f"they stay as they are: “Buy coffee” (https://app.asana.com/0/0/{coffee}).")


def test_a_visma_id_typed_in_by_hand(destination):
    """It adopts the task without any setting: no amount or number needs to be in it."""
    destination.write(order(9))
    gid = by_hand(destination, "The chairs we talked about", notes="Call first", completed=True)
    destination.as_person("PUT", f"/tasks/{gid}", custom_fields={destination.field("Visma ID")["gid"]: order_id()})
    destination.write(order())
    task = destination.task(order_id())
    assert (task["gid"], task["completed"]) == (gid, True)
    assert task["notes"].startswith("Call first")
    assert "From Visma.net" not in task["notes"]
    assert task["fields"]["Visma amount"] == 250


# --- report and dry run ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "config", [{"adopt": "report"}, {"adopt": "match", "dry_run": True}, {"adopt": "report", "dry_run": True}]
)
def test_a_report_lists_everything_and_writes_nothing(destination, config, tmp_path):
    gid = by_hand(destination, "PO 000001 Nordic Office AS", completed=True)
    by_hand(destination, "PO 000002")
    files = {"audit_log_path": str(tmp_path / "audit.jsonl"), "quarantine_path": str(tmp_path / "quarantine.jsonl")}
    messages = [order(1), order(2), order(3), state("purchase_orders")]
    table = tmp_path / "report.csv"
    run = destination.write(*messages, **config, **files, report_path=str(table))
    [row] = [row for row in table.read_text("utf-8-sig").splitlines() if row.startswith(order_id(1))]
    assert row.startswith(f"{order_id(1)},adopted,https://app.asana.com/")
    assert gid in row
    assert (destination.written, run.states, list(tmp_path.glob("*.jsonl*"))) == ([], [], [])
    assert "purchase_orders: 2 created, 1 adopted." in run.log
    assert f"Adopted: {order_id(1)} (PO 000001) takes over the task “PO 000001 Nordic Office AS”" in run.log
    assert f"Not adopted: {order_id(2)} (PO 000002) takes over no task" in run.log
    assert f"for 1 no task was found: {order_id(3)}." in run.log
    assert (
        f"Dry run, {order_id(1)} (PO 000001) would be adopted: name: PO 000001 Nordic Office AS → PO 000001 · Nordic"
        in run.log
    )
    assert f"Visma ID: (empty) → {order_id(1)}" in run.log
    assert len(listings(destination)) == 1
    # What it lists is what then happens.
    run = destination.write(*messages, **{**files, **MATCH})
    assert "purchase_orders: 2 created, 1 adopted." in run.log
    assert destination.task(order_id(1))["gid"] == gid
    lines = map(json.loads, (tmp_path / "audit.jsonl").read_text().splitlines())
    [adopted] = [each for each in lines if each["asana_gid"] == gid]
    assert adopted["action"] == "updated"
    assert adopted["changes"]["Visma ID"] == {"before": None, "after": order_id(1)}
    assert adopted["changes"]["name"] == {
        "before": "PO 000001 Nordic Office AS",
        "after": "PO 000001 · Nordic Office AS",
    }


def test_check_names_a_project_that_cannot_be_looked_into(destination):
    verdict = destination.check(adopt="match", adopt_project_gids=["1299999999999999"]).verdict
    assert verdict["status"] == "FAILED"
    assert verdict["message"].startswith("adopt_project_gids: Asana does not show the project 1299999999999999")
    run = destination.write(order(), adopt="match", adopt_project_gids=["1299999999999999"], code=1)
    assert run.error["message"].startswith("adopt_project_gids: Asana does not show the project 1299999999999999")
    assert not [each for each in destination.written if each.startswith("POST /tasks")]


def test_an_archived_project_may_be_looked_into(destination):
    old = a_project(destination)
    gid = by_hand(destination, "PO 000001 Nordic Office AS", old)
    destination.as_person("PUT", f"/projects/{old}", archived=True)
    assert destination.check(adopt="match", adopt_project_gids=[old]).verdict["status"] == "SUCCEEDED"
    destination.write(order(), adopt_project_gids=[old], **MATCH)
    assert destination.task(order_id())["gid"] == gid
