"""A task that is made: everything in one call, and only once."""

from invoice_task import VISMA_ID, new


def test_a_new_task_gets_everything_in_one_call(writer, asana, place):
    outcome = writer.apply(new())
    ((method, path, data),) = asana.writes
    assert (method, path, data["projects"]) == ("POST", "/tasks", ["100"])
    assert data["name"] == "Invoice 200123 · Nordic Office AS"
    assert data["custom_fields"][place.fields.catalog.visma_id_gid] == VISMA_ID
    assert outcome.action == "created"
    assert outcome.left_out == ()
    assert outcome.applied["Visma amount"] == (None, 1250.0)
    assert "description" not in outcome.applied
    assert outcome.snapshot.values["Visma due date"] == "2026-01-24"
    assert place.index.find(VISMA_ID) == outcome.snapshot


def test_a_new_task_lands_in_the_section_of_its_status(writer, asana):
    outcome = writer.apply(new(section="Open"))
    assert asana.sections[asana.only_task()["section"]] == "Open"
    assert outcome.applied["section"] == (None, "Open")


def test_a_create_whose_answer_is_lost_is_found_and_not_repeated(writer, asana):
    asana.loses = True
    outcome = writer.apply(new())
    assert len(asana.tasks) == len(asana.writes) == 1
    assert outcome.snapshot.gid == asana.only_task()["gid"]
    assert outcome.action == "created"
