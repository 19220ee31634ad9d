"""An update writes what differs, and its outcome says so."""

from dataclasses import FrozenInstanceError

import pytest
from invoice_task import block, update


def test_what_differs_is_written_and_told_with_its_values_before(writer, asana, task):
    outcome = writer.apply(update(task, fields={"Visma amount": (1250.0, 900.0)}, description=block("Second")))
    assert [path for _, path, _ in asana.writes] == [f"/tasks/{task.gid}"]
    assert outcome.action == "updated"
    assert outcome.applied == {"Visma amount": (1250.0, 900.0), "description": ("Note: First", "Note: Second")}
    assert outcome.snapshot.values["Visma amount"] == 900.0
    assert outcome.snapshot.digest == block("Second").digest


def test_nothing_to_do_writes_nothing(writer, asana, task):
    outcome = writer.apply(update(task))
    assert (outcome.action, outcome.applied, outcome.left_out, asana.writes) == ("unchanged", {}, (), [])


@pytest.mark.parametrize(("after", "action"), [(True, "completed"), (False, "reopened")])
def test_the_action_is_of_what_was_written(writer, asana, task, after, action):
    asana.tasks[task.gid]["completed"] = not after
    assert writer.apply(update(task, attributes={"completed": (not after, after)})).action == action


def test_a_plan_is_never_edited(writer, asana, task):
    change = update(task, attributes={"assignee": (None, "8")}, fields={"Visma amount": (1250.0, 900.0)})
    asana.tasks[task.gid]["assignee"] = "9"
    outcome = writer.apply(change)
    assert change.attributes == {"assignee": (None, "8")}
    assert change.current is task
    assert "assignee" not in outcome.applied
    with pytest.raises(FrozenInstanceError):
        change.section = "Open"
