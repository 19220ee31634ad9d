"""What people chose between the plan and the write stays theirs."""

from dataclasses import replace

import pytest
from asana_in_memory import LANDING
from destination_asana.planning.changes import LeftOut, Reason
from invoice_task import block, update


@pytest.mark.parametrize(
    ("theirs", "planned", "left_out"),
    [
        (
            {"assignee": "9"},
            {"attributes": {"assignee": (None, "8")}},
            LeftOut("assignee", "8", Reason.CHOSEN_MEANWHILE),
        ),
        (
            {"due_on": "2026-05-05"},
            {"attributes": {"due_on": ("2026-01-24", None)}},
            LeftOut("due_on", None, Reason.CHOSEN_MEANWHILE),
        ),
        (
            {"html_notes": "<body>Ours now</body>"},
            {"description": block("Second")},
            LeftOut("description", "Note: Second", Reason.TEXT_EDITED),
        ),
        (
            {"section": "sec9"},
            {"section": "Closed"},
            LeftOut("section", "Closed", Reason.CHOSEN_MEANWHILE),
        ),
    ],
)
def test_what_people_chose_since_the_plan_stays(writer, asana, task, theirs, planned, left_out):
    asana.sections["sec9"] = "Theirs"
    asana.tasks[task.gid].update(theirs)
    outcome = writer.apply(update(task, **planned))
    assert outcome.left_out == (left_out,)
    assert (outcome.action, outcome.applied) == ("unchanged", {})
    assert {name: asana.tasks[task.gid][name] for name in theirs} == theirs


def test_what_already_says_what_it_should_is_neither_written_nor_left_out(writer, asana, task):
    asana.tasks[task.gid]["name"] = "Invoice 200123 · Other AS"
    outcome = writer.apply(update(task, attributes={"name": (task.name, "Invoice 200123 · Other AS")}))
    assert (outcome.applied, outcome.left_out, asana.writes) == ({}, (), [])


def test_whom_a_person_has_unassigned_is_not_assigned_again(writer, asana, task):
    asana.tell("unassigned")
    outcome = writer.apply(update(task, attributes={"assignee": (None, "8")}))
    assert outcome.left_out == (LeftOut("assignee", "8", Reason.UNASSIGNED),)
    assert asana.writes == []


def test_an_assignee_chosen_between_the_look_and_the_write_is_put_back(writer, asana, task):
    asana.people = lambda: asana.tell("assigned", assignee={"gid": "9"})
    outcome = writer.apply(update(task, attributes={"assignee": (None, "8")}, fields={"Visma amount": (1250.0, 900.0)}))
    assert asana.only_task()["assignee"] == "9"
    assert outcome.snapshot.assignee == "9"
    assert outcome.applied == {"Visma amount": (1250.0, 900.0)}
    assert outcome.left_out == (LeftOut("assignee", "8", Reason.CHOSEN_MEANWHILE),)


def test_a_section_chosen_between_the_look_and_the_move_is_put_back(writer, asana, task):
    asana.sections["sec9"] = "Theirs"
    task = replace(task, section=LANDING)
    asana.people = lambda: asana.move(task.gid, "sec9")
    outcome = writer.apply(update(task, section="Closed", section_before="Untitled section"))
    assert asana.only_task()["section"] == "sec9"
    assert outcome.snapshot.section == "sec9"
    assert outcome.left_out == (LeftOut("section", "Closed", Reason.CHOSEN_MEANWHILE),)
