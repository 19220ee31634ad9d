"""What people own stays: assignees, sections, comments, their own fields. And who gets which document."""

import pytest

from integration_tests.destination_messages import COMPANY, catalog, invoice, invoice_id, order, order_id, record, state
from integration_tests.destination_support import KARI

SOREN = "soren.ostergaard@nordlys.example"


def to(assignee, supplier="*"):
    return [{"supplier": supplier, "assignee": assignee}]


def change(destination, visma_id, **data):
    destination.as_person("PUT", f"/tasks/{destination.task(visma_id)['gid']}", **data)


# --- assignees -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("assignee", [KARI, "kari nordmann", "1200000000000011"])
def test_a_mapped_member_gets_the_document(destination, assignee):
    destination.write(invoice(), supplier_mapping=to(assignee, "nordic off*"))
    assert destination.task(invoice_id())["assignee"] == KARI


def test_the_first_match_wins_and_suppliers_nobody_looks_after_are_listed(destination):
    mapping = [*to(SOREN, "50099"), *to(KARI, "Nordic *"), *to(SOREN, "Nordic Office AS")]
    run = destination.write(
        invoice(1),
        invoice(2, supplier={"number": "50099", "name": "Jæren Frakt"}),
        invoice(3, supplier={"number": "1", "name": "Ukjent AS"}),
        invoice(4, supplier={"number": "1", "name": "Ukjent AS"}),
        supplier_mapping=mapping,
    )
    assert [destination.task(invoice_id(n))["assignee"] for n in (1, 2, 3)] == [KARI, SOREN, None]
    assert "No entry of the supplier mapping matches 2 documents, for review: Ukjent AS (2)." in run.log


def test_the_assignee_a_person_chose_stays(destination):
    destination.write(invoice(), supplier_mapping=to(KARI))
    change(destination, invoice_id(), assignee=SOREN)
    destination.write(invoice(amount=1.0), supplier_mapping=to(KARI))
    assert destination.task(invoice_id())["assignee"] == SOREN


def test_an_assignee_a_person_took_away_stays_away(destination):
    destination.write(invoice(), supplier_mapping=to(KARI))
    change(destination, invoice_id(), assignee=None)
    for amount in (1.0, 2.0):
        destination.write(invoice(amount=amount), supplier_mapping=to(KARI))
        assert destination.task(invoice_id())["assignee"] is None


def test_one_look_a_sync_tells_that_a_person_took_the_assignee_away(destination):
    destination.write(invoice(), supplier_mapping=to(KARI))
    change(destination, invoice_id(), assignee=None)
    destination.fresh_log()
    destination.write(invoice(), supplier_mapping=to(KARI))
    assert destination.written == []
    assert len([entry for entry in destination.requests() if entry["path"].endswith("/stories")]) == 1


def test_a_changed_mapping_reaches_unassigned_open_documents_without_their_records(destination):
    destination.write(invoice(1), invoice(2), invoice(3, status="Closed"), invoice(4, supplier={"name": "Other"}))
    change(destination, invoice_id(2), assignee=SOREN)
    configured = catalog("purchase_orders", "supplier_invoices")
    messages = [order(1, supplier=None), state("purchase_orders")]
    run = destination.write(*messages, supplier_mapping=to(KARI, "Nordic*"), configured=configured)
    assert run.state_ids == [1]
    assignees = [destination.task(invoice_id(n))["assignee"] for n in (1, 2, 3, 4)]
    assert assignees == [KARI, SOREN, None, None]
    destination.fresh_log()
    destination.write(order(1, supplier=None), supplier_mapping=to(KARI, "Nordic*"), configured=configured)
    assert destination.written == []


def test_a_changed_mapping_matches_supplier_numbers_too(destination):
    destination.write(invoice(1))
    configured = catalog("purchase_orders", "supplier_invoices")
    destination.write(order(1, supplier=None), supplier_mapping=to(KARI, "50012"), configured=configured)
    assert destination.task(invoice_id(1))["assignee"] == KARI


def test_a_changed_mapping_matches_names_where_their_fields_are_left_out(destination):
    left_out = ["Visma supplier", "Visma customer"]
    sold = {"supplier": None, "customer": {"name": "Umeå · Konferens"}, "documentType": "CreditNote"}
    destination.write(invoice(1), invoice(2, "customer_credit_notes", **sold), leave_out_fields=left_out)
    configured = catalog("purchase_orders", "supplier_invoices", "customer_credit_notes")
    mapping = to(KARI, "nordic office as") + to(SOREN, "Umeå · Konferens")
    destination.write(
        order(1, supplier=None), supplier_mapping=mapping, leave_out_fields=left_out, configured=configured
    )
    assert destination.task(invoice_id(1))["assignee"] == KARI
    assert destination.task(f"CustomerInvoiceId:{COMPANY}/CreditNote/2")["assignee"] == SOREN


@pytest.mark.parametrize(
    ("assignee", "words"),
    [("nobody@nordlys.example", "nobody in the workspace is"), ("Per Slutaren", "deactivated member")],
)
def test_an_assignee_that_cannot_be_is_a_warning_that_names_the_entry(destination, assignee, words):
    run = destination.write(
        invoice(1), invoice(2), state("supplier_invoices"), supplier_mapping=to(assignee, "Nordic*")
    )
    assert run.state_ids == [1]
    assert destination.task(invoice_id(1))["assignee"] is None
    [warning] = run.warnings
    assert f"“Nordic*” → “{assignee}”" in warning
    assert words in warning


def test_an_assignee_asana_refuses_is_a_warning_too(destination):
    destination.refuse_tasks("assignee: Not a user in Organization: 1", "assignee")
    run = destination.write(invoice(1), invoice(2), supplier_mapping=to(KARI))
    assert [task["assignee"] for task in destination.tasks.values()] == [None, None]
    assert len([text for text in run.warnings if "“*” → " in text]) == 1


@pytest.mark.parametrize("mail", [KARI, "gudrun@revisor.example"], ids=["a member's", "a guest's"])
@pytest.mark.parametrize("contact", ["mainContact", "supplierContact"])
def test_a_suppliers_own_mail_assigns_nobody(destination, mail, contact):
    supplier = {"company_id": "4100251", "number": "50012", "name": "Nordic Office AS", contact: {"email": mail}}
    named = {"number": "50012", "name": "Nordic Office AS", contact: {"email": mail}}
    destination.write(record("suppliers", supplier), invoice(1, supplier=named), order(1, supplier=named))
    assert [task["assignee"] for task in destination.tasks.values()] == [None, None]
    assert destination.asana.control("GET", "inbox") == []


def owned(number, name, **changes):
    return order(number, owner={"id": "10001", "name": name}, **changes)


def test_orders_go_to_their_owner_where_the_mapping_says_nothing(destination):
    other = {"number": "50099", "name": "Jæren Frakt"}
    destination.write(
        owned(1, "Kari Nordmann", supplier=other),
        owned(2, "Kari Nordmann"),
        owned(3, "Per Slutaren", supplier=other),
        owned(4, "Guðrún Jónsdóttir", supplier=other),
        owned(5, "Nobody Known", supplier=other),
        order(6, owner=None, supplier=other),
        supplier_mapping=to(SOREN, "Nordic*"),
        assign_order_owner=True,
    )
    shown = [destination.task(order_id(n))["assignee"] for n in range(1, 7)]
    assert shown == [KARI, SOREN, None, None, None, None]


def test_an_owner_is_not_asked_unless_the_settings_say_so(destination):
    destination.write(owned(1, "Kari Nordmann"))
    assert destination.task(order_id(1))["assignee"] is None


def test_a_persons_choice_comes_before_the_owner(destination):
    destination.write(owned(1, "Kari Nordmann"), owned(2, "Kari Nordmann"), assign_order_owner=True)
    change(destination, order_id(1), assignee=SOREN)
    change(destination, order_id(2), assignee=None)
    for total in (1.0, 2.0):
        messages = [owned(n, "Kari Nordmann", orderTotal=total) for n in (1, 2)]
        destination.write(*messages, assign_order_owner=True)
        assert [destination.task(order_id(n))["assignee"] for n in (1, 2)] == [SOREN, None]


def test_an_owners_name_that_two_people_have_is_a_warning(destination):
    destination.asana.control("PATCH", "users/1200000000000012", {"name": "kari nordmann"})
    run = destination.write(
        owned(1, "Kari Nordmann"), owned(2, "Kari Nordmann"), state("purchase_orders"), assign_order_owner=True
    )
    assert [task["assignee"] for task in destination.tasks.values()] == [None, None]
    [warning] = run.warnings
    assert "“Kari Nordmann”" in warning
    assert "2 members" in warning
    assert run.state_ids == [1]


@pytest.mark.parametrize("complete", [True, False], ids=["completed", "left open"])
def test_documents_that_arrive_closed_are_assigned_to_nobody(destination, complete):
    messages = [
        order(1, status="Closed"),
        order(2, status="Cancelled"),
        invoice(1, status="Closed"),
        invoice(2, status="Voided"),
        invoice(3),
    ]
    for _ in range(2):
        destination.write(*messages, supplier_mapping=to(KARI), complete_when_closed=complete)
    tasks = destination.tasks
    assert [tasks[order_id(n)]["assignee"] for n in (1, 2)] == [None, None]
    assert [tasks[invoice_id(n)]["assignee"] for n in (1, 2, 3)] == [None, None, KARI]
    told = [note for note in destination.asana.control("GET", "inbox") if "assign" in str(note)]
    assert len(told) == 1


def test_a_closed_document_that_opens_again_is_assigned(destination):
    destination.write(invoice(1, status="Closed"), supplier_mapping=to(KARI))
    destination.write(invoice(1, status="Open"), supplier_mapping=to(KARI))
    assert destination.task(invoice_id(1))["assignee"] == KARI


# --- sections --------------------------------------------------------------------------------------------------------


def section(destination, visma_id):
    return destination.task(visma_id)["memberships"][0]["section"]


def test_section_by_status_follows_visma(destination):
    for value in ("Open", "Balanced", "Closed", "Open"):
        destination.write(invoice(status=value), section_by_status=True)
        assert section(destination, invoice_id()) == value
    names = [each["name"] for each in destination.asana.state(destination.asana.PROJECT)["projects"][0]["sections"]]
    assert sorted(names) == ["Balanced", "Closed", "Open", "Untitled section"]
    destination.fresh_log()
    destination.write(invoice(), section_by_status=True)
    assert destination.written == []


def test_the_section_a_person_chose_stays(destination):
    destination.write(invoice(1), invoice(2), section_by_status=True)
    path = f"/projects/{destination.asana.PROJECT}/sections"
    mine = destination.as_person("POST", path, name="Ask the boss")
    gid = destination.task(invoice_id(1))["gid"]
    destination.as_person("POST", f"/sections/{mine['gid']}/addTask", task=gid)
    destination.write(invoice(1, status="Closed"), invoice(2, status="Closed"), section_by_status=True)
    assert section(destination, invoice_id(1)) == "Ask the boss"
    assert section(destination, invoice_id(2)) == "Closed"


def test_a_task_a_person_put_back_where_new_tasks_land_stays_there(destination):
    destination.write(invoice(), section_by_status=True)
    task = destination.task(invoice_id())
    landing = destination.asana.state(destination.asana.PROJECT)["projects"][0]["sections"][0]
    destination.as_person("POST", f"/sections/{landing['gid']}/addTask", task=task["gid"])
    for value in ("Open", "Closed"):
        destination.write(invoice(status=value), section_by_status=True)
        assert section(destination, invoice_id()) == landing["name"]


def test_a_task_a_person_moved_to_another_project_comes_back_only_with_news(destination):
    destination.write(invoice(1), invoice(2), supplier_mapping=to(KARI), section_by_status=True)
    change(destination, invoice_id(1), assignee=None)
    gid = destination.task(invoice_id(1))["gid"]
    mine = destination.as_person("POST", "/projects", name="Mine", workspace=destination.asana.config["workspace_gid"])
    destination.as_person("POST", f"/tasks/{gid}/addProject", project=mine["gid"])
    destination.as_person("POST", f"/tasks/{gid}/removeProject", project=destination.asana.PROJECT)
    destination.asana.settings(clock_offset=3600.0)
    destination.fresh_log()
    destination.write(invoice(1), supplier_mapping=to(KARI), section_by_status=True)
    assert destination.written == []
    destination.write(invoice(1, status="Closed"), supplier_mapping=to(KARI), section_by_status=True)
    places = {each["section"] for each in destination.task(invoice_id(1))["memberships"]}
    assert "Closed" in places
    assert len(places) == 2


def test_without_section_by_status_nothing_is_moved(destination):
    destination.write(invoice(status="Open"))
    destination.write(invoice(status="Closed"))
    assert section(destination, invoice_id()) == "Untitled section"


def test_switched_on_later_it_reaches_what_lies_where_new_tasks_land(destination):
    destination.write(invoice())
    destination.write(invoice(), section_by_status=True)
    assert section(destination, invoice_id()) == "Open"


# --- their own fields ------------------------------------------------------------------------------------------------


def test_fields_tags_followers_and_comments_of_people_stay(destination):
    destination.write(invoice())
    task = destination.task(invoice_id())
    [priority] = [f for f in destination.asana.state()["custom_fields"] if f["name"] == "Priority"]
    change(destination, invoice_id(), custom_fields={priority["gid"]: priority["options"][0]["gid"]})
    destination.as_person("POST", f"/tasks/{task['gid']}/addFollowers", followers=[SOREN])
    destination.as_person("POST", f"/tasks/{task['gid']}/stories", text="Paid by card")
    destination.write(invoice(status="Closed", amount=2.0))
    after = destination.task(invoice_id())
    assert after["fields"]["Priority"] == "High"
    assert SOREN in after["followers"]
    assert "Paid by card" in [story["text"] for story in after["stories"]]


def test_a_due_date_a_person_gave_a_document_without_one_stays(destination):
    destination.write(invoice(dueDate=None))
    change(destination, invoice_id(), due_on="2026-05-01")
    destination.write(invoice(dueDate=None, amount=2.0))
    assert destination.task(invoice_id())["due_on"] == "2026-05-01"


def test_an_assigned_task_notifies_at_most_once_and_updates_never(destination):
    """Notifications come from assigning, following and comments: one assignment in the create call, then none."""
    destination.write(invoice(), supplier_mapping=to(KARI))
    destination.write(invoice(amount=2.0, status="Closed"), supplier_mapping=to(KARI))
    stories = [story["type"] for story in destination.task(invoice_id())["stories"]]
    assert stories.count("assigned") <= 1
    assert "comment_added" not in stories
    assert not [path for path in destination.written if path.endswith(("addFollowers", "stories"))]
    assert sum("assignee" in (e["body"]["data"] or {}) for e in destination.requests("POST", "PUT")) == 1


# --- what people do to fields and tasks ------------------------------------------------------------------------------


def test_deleted_tasks_and_subtasks_are_made_again(destination):
    destination.write(order(1), order(2))
    destination.as_person("DELETE", f"/tasks/{destination.task(order_id(1))['gid']}")
    destination.as_person("DELETE", f"/tasks/{destination.task(order_id(2))['subtasks'][0]['gid']}")
    destination.write(order(1), order(2))
    assert len(destination.tasks) == 2
    assert [len(task["subtasks"]) for task in destination.tasks.values()] == [1, 1]


def test_a_field_people_renamed_is_kept_up_to_date_under_its_new_name(destination):
    destination.write(order())
    destination.as_person("PUT", f"/custom_fields/{destination.field('Visma amount')['gid']}", name="Beløp")
    destination.write(order(orderTotal=3.0))
    fields = destination.task(order_id())["fields"]
    assert fields["Beløp"] == 3
    assert "Visma amount" not in [field["name"] for field in destination.asana.state()["custom_fields"]]


def test_a_field_people_took_off_the_project_comes_back(destination):
    destination.write(order())
    path = f"/projects/{destination.asana.PROJECT}/removeCustomFieldSetting"
    for name in ("Visma ID", "Visma amount"):
        destination.as_person("POST", path, custom_field=destination.field(name)["gid"])
    destination.write(order(orderTotal=3.0))
    assert destination.task(order_id())["fields"]["Visma amount"] == 3


@pytest.mark.parametrize("on_record_error", ["fail", "quarantine"])
@pytest.mark.parametrize(
    ("field", "lock"),
    [("Visma status", {"locked_by": "1200000000000011"}), ("Visma amount", {"is_value_read_only": True})],
    ids=["locked", "read-only"],
)
def test_a_field_nobody_may_write_is_the_settings_fault_not_a_records(destination, field, lock, on_record_error):
    destination.write(order())
    destination.asana.control("PATCH", f"custom_fields/{destination.field(field)['gid']}", lock)
    changed = order(status="Closed", orderTotal=3.0)
    run = destination.write(changed, state("purchase_orders"), code=1, on_record_error=on_record_error)
    assert run.error["failure_type"] == "config_error"
    assert f"“{field}”" in run.error["message"]
    assert run.states == []
    assert destination.attention == []
