"""What people do between the sync's first look at a task and its write: it stays, or is put back."""

import pytest

from integration_tests.destination_messages import (
    catalog,
    invoice,
    invoice_id,
    line,
    order,
    order_id,
    state,
    status,
)
from integration_tests.destination_support import KARI
from integration_tests.waiting import until

SOREN = "soren.ostergaard@nordlys.example"
MAPPING = [{"supplier": "*", "assignee": KARI}]
# The mapping reaches documents of the kinds that the connection brings.
BOTH = catalog("purchase_orders", "supplier_invoices")


def gid_of(destination, visma_id):
    return destination.task(visma_id)["gid"]


def section(destination, number=200001):
    return destination.task(invoice_id(number))["memberships"][0]["section"]


def section_gid(destination, name):
    [project] = destination.asana.state(destination.asana.PROJECT)["projects"]
    known = {each["name"]: each["gid"] for each in project["sections"]}
    if name not in known:
        path = f"/projects/{destination.asana.PROJECT}/sections"
        return destination.as_person("POST", path, name=name)["gid"]
    return known[name]


def meanwhile(destination, method, path, *does, person=SOREN):
    """A person acts just before the sync's next request of that method and path is handled."""
    done = [{"method": one, "path": where, "data": data} for one, where, data in does]
    destination.asana.fault(action="meanwhile", method=method, path=path, person=person, does=done, times=1)


def assert_met(destination):
    assert [fault["hit"] for fault in destination.asana.control("GET", "faults")] == [1], "the person never acted"


# --- before the look -------------------------------------------------------------------------------------------------

# The first request after the listing: people act on what the sync has read by then.
LISTED = r"^/(users|tasks/\d+/stories|tasks/\d+\?)"


def test_an_assignee_chosen_after_the_listing_stays(destination):
    destination.write(invoice())
    gid = gid_of(destination, invoice_id())
    meanwhile(destination, "GET", LISTED, ("PUT", f"/tasks/{gid}", {"assignee": SOREN}))
    destination.write(invoice(amount=2.0), supplier_mapping=MAPPING)
    assert_met(destination)
    task = destination.task(invoice_id())
    assert (task["assignee"], task["fields"]["Visma amount"]) == (SOREN, 2)


def test_by_the_mapping_alone_an_assignee_chosen_after_the_listing_stays(destination):
    destination.write(invoice())
    gid = gid_of(destination, invoice_id())
    meanwhile(destination, "GET", LISTED, ("PUT", f"/tasks/{gid}", {"assignee": SOREN}))
    destination.write(invoice(2, supplier=None), supplier_mapping=MAPPING, configured=BOTH)
    assert_met(destination)
    assert destination.task(invoice_id())["assignee"] == SOREN


def test_a_section_chosen_after_the_listing_stays(destination):
    destination.write(invoice(), section_by_status=True)
    boss, gid = section_gid(destination, "Ask the boss"), gid_of(destination, invoice_id())
    meanwhile(destination, "GET", r"^/tasks/\d+\?", ("POST", f"/sections/{boss}/addTask", {"task": gid}))
    destination.write(invoice(status="Closed"), section_by_status=True)
    assert_met(destination)
    assert section(destination) == "Ask the boss"
    assert destination.task(invoice_id())["fields"]["Visma status"] == "Closed"


def test_a_description_edited_after_the_listing_stays(destination):
    destination.write(invoice(note="Call first"))
    gid = gid_of(destination, invoice_id())
    meanwhile(destination, "GET", r"^/tasks/\d+\?", ("PUT", f"/tasks/{gid}", {"notes": "My own words"}))
    path = destination.folder / "audit.jsonl"
    destination.write(invoice(note="Call last"), audit_log_path=str(path))
    assert_met(destination)
    assert destination.task(invoice_id())["notes"] == "My own words"
    assert not path.exists() or path.read_text() == ""


def test_a_task_deleted_after_the_listing_is_made_again(destination):
    destination.write(invoice())
    meanwhile(destination, "GET", r"^/tasks/\d+\?", ("DELETE", f"/tasks/{gid_of(destination, invoice_id())}", {}))
    destination.write(invoice(amount=3.0))
    assert_met(destination)
    assert destination.task(invoice_id())["fields"]["Visma amount"] == 3


@pytest.mark.parametrize("times", [1, 3])
def test_a_task_deleted_before_its_comment_is_made_again(destination, times):
    destination.write(invoice())
    for amount in range(times):
        meanwhile(destination, "POST", "/stories", ("DELETE", f"/tasks/{gid_of(destination, invoice_id())}", {}))
        run = destination.write(invoice(amount=3.0 + amount), state("supplier_invoices"), change_comments=True)
        assert run.state_ids == [1]
        assert destination.task(invoice_id())["fields"]["Visma amount"] == 3 + amount
        destination.asana.control("DELETE", "faults")


def test_a_comment_that_asana_has_no_place_for_makes_no_second_task(destination):
    destination.write(invoice())
    destination.asana.fault(action="error", status=404, message="Not Found", method="POST", path="/stories", times=None)
    run = destination.write(invoice(amount=3.0), state("supplier_invoices"), change_comments=True, code=1)
    assert (run.state_ids, len(destination.tasks)) == ([], 1)


def test_a_missing_document_whose_task_is_deleted_before_its_comment_ends_no_sync(destination):
    destination.write(invoice(1), invoice(2))
    meanwhile(destination, "POST", "/stories", ("DELETE", f"/tasks/{gid_of(destination, invoice_id(2))}", {}))
    messages = invoice(1), status("supplier_invoices"), state("supplier_invoices")
    whole = catalog("supplier_invoices", mode="overwrite")
    run = destination.write(*messages, configured=whole, mark_missing=True, change_comments=True)
    assert_met(destination)
    assert (run.state_ids, list(destination.tasks)) == ([1], [invoice_id(1)])


@pytest.mark.parametrize("name", ["Visma status", "Visma GL accounts"])
def test_a_field_deleted_before_it_gets_another_option_is_made_again(destination, name):
    destination.write(order(1, lines=[line(1, account="3000")]))
    field = destination.field(name)["gid"]
    meanwhile(destination, "POST", f"/custom_fields/{field}/enum_options", ("DELETE", f"/custom_fields/{field}", {}))
    changed = order(1, status="Hold", lines=[line(1, account="4000")])
    run = destination.write(changed, state("purchase_orders"))
    assert_met(destination)
    assert run.state_ids == [1]
    fields = destination.task(order_id(1))["fields"]
    assert (fields["Visma status"], fields["Visma GL accounts"]) == ("Hold", ["4000"])
    destination.fresh_log()
    destination.write(changed)
    assert destination.written == []


def test_a_field_hidden_before_it_gets_another_option_ends_the_sync_with_the_cause(destination):
    destination.write(invoice())
    gone = f"custom_field: Unknown object: {destination.field('Visma status')['gid']}"
    destination.asana.fault(action="error", status=404, message=gone, method="POST", path="/enum_options", times=None)
    run = destination.write(invoice(status="Hold"), state("supplier_invoices"), code=1)
    assert (run.state_ids, run.error["failure_type"]) == ([], "config_error")
    assert (
        "somebody has deleted this field, or hidden it from the token's user, during the sync" in run.error["message"]
    )


# --- between the look and the write ----------------------------------------------------------------------------------


@pytest.mark.parametrize("records", [[invoice(amount=2.0)], [invoice(2, supplier=None)]], ids=["record", "mapping"])
def test_an_assignee_chosen_in_the_last_moment_is_put_back(destination, records):
    destination.write(invoice())
    gid = gid_of(destination, invoice_id())
    meanwhile(destination, "PUT", rf"^/tasks/{gid}", ("PUT", f"/tasks/{gid}", {"assignee": SOREN}))
    path = destination.folder / "audit.jsonl"
    destination.write(*records, supplier_mapping=MAPPING, audit_log_path=str(path), configured=BOTH)
    assert_met(destination)
    assert destination.task(invoice_id())["assignee"] == SOREN
    assert "assignee" not in path.read_text()
    destination.fresh_log()
    destination.write(*records, supplier_mapping=MAPPING, configured=BOTH)
    assert destination.written == []


def test_a_section_chosen_in_the_last_moment_is_put_back(destination):
    destination.write(invoice(), section_by_status=True)
    boss, gid = section_gid(destination, "Ask the boss"), gid_of(destination, invoice_id())
    meanwhile(destination, "POST", "/addTask", ("POST", f"/sections/{boss}/addTask", {"task": gid}))
    destination.write(invoice(status="Closed"), section_by_status=True)
    assert_met(destination)
    assert section(destination) == "Ask the boss"
    for value in ("Open", "Voided"):
        destination.write(invoice(status=value), section_by_status=True)
        assert section(destination) == "Ask the boss"


def test_an_assignee_chosen_while_the_task_is_moved_stays(destination):
    destination.write(invoice(status="Balanced"), section_by_status=True)
    gid = gid_of(destination, invoice_id())
    meanwhile(destination, "POST", "/addTask", ("PUT", f"/tasks/{gid}", {"assignee": SOREN}))
    destination.write(invoice(status="Open"), section_by_status=True, supplier_mapping=MAPPING)
    assert_met(destination)
    assert (section(destination), destination.task(invoice_id())["assignee"]) == ("Open", SOREN)


def test_a_look_costs_one_read_and_its_parts_no_more(destination):
    destination.write(*(invoice(n) for n in range(1, 4)))
    destination.fresh_log()
    destination.write(*(invoice(n, amount=2.0, note="News") for n in range(1, 4)))
    looks = [entry for entry in destination.requests("GET") if entry["path"].startswith("/tasks/")]
    assert len(looks) == 3
    assert len(destination.written) == 3


# --- killed between the move and the status --------------------------------------------------------------------------


def kill_after_the_move(destination, message):
    """The move is done; the write of the status never comes."""
    destination.asana.fault(action="drop", method="PUT", path=r"^/tasks/\d+", times=None)
    process = destination.start(message, section_by_status=True)
    until(lambda: destination.disturbed or not process.is_alive())
    process.kill()
    process.join(240)
    destination.asana.control("DELETE", "faults")


@pytest.mark.parametrize("next_status", ["Balanced", "Open", "Closed"])
def test_killed_between_the_move_and_the_status_a_task_is_not_stuck(destination, next_status):
    destination.write(invoice(status="Open"), section_by_status=True)
    destination.fresh_log()
    kill_after_the_move(destination, invoice(status="Closed"))
    assert (section(destination), destination.task(invoice_id())["fields"]["Visma status"]) == ("Closed", "Open")
    destination.write(invoice(status=next_status), section_by_status=True)
    assert section(destination) == next_status
    destination.fresh_log()
    destination.write(invoice(status=next_status), section_by_status=True)
    assert destination.written == []


def test_a_section_of_another_status_that_a_person_chose_stays(destination):
    destination.write(invoice(1, status="Open"), invoice(2, status="Closed"), section_by_status=True)
    closed = section_gid(destination, "Closed")
    destination.as_person("POST", f"/sections/{closed}/addTask", task=gid_of(destination, invoice_id(1)))
    for value in ("Open", "Balanced"):
        destination.write(invoice(1, status=value), section_by_status=True)
        assert section(destination, 1) == "Closed"


# --- due dates before a person's start date --------------------------------------------------------------------------


def refused(destination):
    return [entry for entry in destination.requests("PUT") if entry["status"] == 400]


def test_a_due_date_before_a_persons_start_date_is_asked_for_once(destination):
    destination.write(invoice(dueDate="2026-03-20T00:00:00"))
    path = f"/tasks/{gid_of(destination, invoice_id())}"
    destination.as_person("PUT", path, start_on="2026-03-10", due_on="2026-03-20")
    destination.fresh_log()
    early = invoice(dueDate="2026-03-05T00:00:00")
    run = destination.write(early)
    assert len(run.warnings) == len(refused(destination)) == 1
    assert "start date" in run.warnings[0]
    destination.fresh_log()
    for message in (early, early, invoice(dueDate="2026-03-05T00:00:00", amount=7.0)):
        run = destination.write(message)
        assert (run.warnings, refused(destination)) == ([], [])
    task = destination.task(invoice_id())
    assert (task["due_on"], task["fields"]["Visma due date"]) == ("2026-03-20", "2026-03-05")
    run = destination.write(invoice(dueDate="2026-03-06T00:00:00"))
    assert len(run.warnings) == len(refused(destination)) == 1
    destination.as_person("PUT", path, start_on="2026-03-01", due_on="2026-03-20")
    destination.write(invoice(dueDate="2026-03-06T00:00:00"))
    assert destination.task(invoice_id())["due_on"] == "2026-03-06"


def test_dates_a_person_moved_behind_the_due_date_make_no_noise(destination):
    destination.write(order(1))
    path = f"/tasks/{gid_of(destination, order_id(1))}"
    destination.as_person("PUT", path, start_on="2026-02-10", due_on="2026-02-20")
    destination.fresh_log()
    for _ in range(2):
        run = destination.write(order(1))
        assert (run.warnings, destination.written) == ([], [])
