"""What Asana refuses is mended, left out with its reason, or the record's error."""

from dataclasses import replace

import pytest
from asana_in_memory import LANDING
from destination_asana.asana.errors import AsanaError
from destination_asana.documents.errors import RecordError
from destination_asana.planning.changes import LeftOut, Reason
from destination_asana.writing.tasks.mending import VanishedError
from invoice_task import VISMA_ID, new, refusal, update


def test_an_assignee_that_asana_refuses_is_left_out_and_the_rest_written(writer, asana, task):
    asana.refusals = [refusal("assignee: Not a member of this organization")]
    outcome = writer.apply(update(task, attributes={"assignee": (None, "8")}, fields={"Visma amount": (1250.0, 900.0)}))
    message = "assignee: Not a member of this organization"
    assert outcome.left_out == (LeftOut("assignee", "8", Reason.REFUSED, message),)
    assert str(outcome.left_out[0]) == f"Asana refuses it: “{message}”"
    assert outcome.applied == {"Visma amount": (1250.0, 900.0)}
    assert asana.only_task().get("assignee") is None


def test_a_due_date_before_a_persons_start_date_is_left_out(writer, asana, task):
    asana.refusals = [refusal("due_on: Must be after start_on")]
    change = update(
        task,
        attributes={"due_on": ("2026-01-24", "2026-01-02")},
        fields={"Visma due date": ("2026-01-24", "2026-01-02")},
    )
    outcome = writer.apply(change)
    assert [(each.name, each.value, each.reason) for each in outcome.left_out] == [
        ("due_on", "2026-01-02", Reason.REFUSED)
    ]
    assert outcome.applied == {"Visma due date": ("2026-01-24", "2026-01-02")}
    assert asana.only_task()["due_on"] == "2026-01-24"


def test_a_section_that_somebody_deleted_is_made_again(writer, asana, task):
    writer.apply(update(replace(task, section=LANDING), section="Open", section_before="Untitled section"))
    gone = next(gid for gid, name in asana.sections.items() if name == "Open")
    del asana.sections[gone]
    asana.tasks[task.gid]["section"] = LANDING
    asana.refusals = [refusal("section: Unknown object")]
    outcome = writer.apply(update(replace(task, section=LANDING), section="Open", section_before="Untitled section"))
    assert asana.sections[asana.only_task()["section"]] == "Open"
    assert outcome.applied == {"section": ("Untitled section", "Open")}


def test_a_date_is_tried_in_its_other_form_before_any_was_taken(writer, asana, place):
    asana.refusals = [refusal("custom_fields: date_value: not a valid date")]
    outcome = writer.apply(new())
    due = place.fields.catalog.get("Visma due date").gid
    assert [data["custom_fields"][due] for _, _, data in asana.writes] == [{"date": "2026-01-24"}, "2026-01-24"]
    assert outcome.left_out == ()


def test_fields_that_somebody_changed_meanwhile_are_read_again(writer, asana, task):
    asana.refusals = [refusal("custom_fields: Unknown custom field")]
    outcome = writer.apply(update(task, fields={"Visma amount": (1250.0, 900.0)}))
    assert len(asana.writes) == 2
    assert outcome.applied == {"Visma amount": (1250.0, 900.0)}


@pytest.mark.parametrize("message", ["name: Too long", "html_notes: is invalid"])
def test_what_cannot_be_mended_is_the_records_error(writer, asana, task, message):
    asana.refusals = [refusal(message)]
    with pytest.raises(RecordError) as caught:
        writer.apply(update(task, attributes={"name": (task.name, "x")}))
    assert (caught.value.field, caught.value.visma_id) == ("name", VISMA_ID)
    assert caught.value.problem == f"Asana refuses it: “{message}” (400)"


def test_the_same_refusal_counts_after_three_mendings(writer, asana, task):
    asana.refusals = [refusal("custom_fields: Unknown custom field")] * 9
    with pytest.raises(RecordError):
        writer.apply(update(task, fields={"Visma amount": (1250.0, 900.0)}))
    assert len(asana.writes) == 4


def test_a_refusal_that_is_not_about_the_document_is_not_its_error(writer, asana, task):
    asana.refusals = [refusal("Forbidden", status=403)]
    with pytest.raises(AsanaError, match="Forbidden"):
        writer.apply(update(task, fields={"Visma amount": (1250.0, 900.0)}))


def test_a_task_that_somebody_deleted_has_vanished(writer, asana, task):
    asana.tasks.clear()
    with pytest.raises(VanishedError):
        writer.apply(update(task, fields={"Visma amount": (1250.0, 900.0)}))
