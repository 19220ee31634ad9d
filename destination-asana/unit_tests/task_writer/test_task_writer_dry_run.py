"""A dry run of the same changes returns the same outcomes and writes nothing."""

from destination_asana.planning.changes import LeftOut, Reason
from destination_asana.writing.tasks.dry_run import DryRunTaskWriter
from invoice_task import VISMA_ID, block, update


def test_a_dry_run_of_the_same_plans_writes_nothing(place, asana, task, caplog):
    caplog.set_level("INFO", logger="airbyte")
    change = update(task, fields={"Visma amount": (1250.0, 900.0)}, description=block("Second"))
    outcome = DryRunTaskWriter(place).apply(change)
    assert asana.writes == []
    assert outcome.snapshot is task
    assert (outcome.action, outcome.applied) == (
        "updated",
        {"Visma amount": (1250.0, 900.0), "description": ("Note: First", "Note: Second")},
    )
    assert caplog.messages == [
        f"Dry run, {VISMA_ID} (Invoice 200123) would be updated: Visma amount: 1250.00 → 900.00; "
        "description: Note: First → Note: Second"
    ]


def test_a_dry_run_leaves_out_what_people_unassigned(place, asana, task):
    asana.tell("unassigned")
    outcome = DryRunTaskWriter(place).apply(update(task, attributes={"assignee": (None, "8")}))
    assert (outcome.action, outcome.left_out) == ("unchanged", (LeftOut("assignee", "8", Reason.UNASSIGNED),))
