"""Endpoints of projects: the projects themselves, and the rows of their budgets."""

from __future__ import annotations

from integration_tests.sandbox.visma.entity import MODIFIED, Entity
from integration_tests.sandbox.visma.filters import active, boolean, equals, one_of

PROJECT = Entity(
    name="project",
    path="/v1/project",
    dto="ProjectDto",
    key=("projectID",),
    filters={
        "status": one_of("status", "Planned Active Completed Cancelled OnHold PendingApproval"),
        "systemTemplate": active("systemTemplate"),
        "onHold": active("hold"),
        "branch": equals("branch.number"),
        "publicId": equals("publicId"),
        # The non-project has no field that says so: it is the one whose internal number is 0.
        "nonProject": lambda record, wanted: (record["internalID"] == 0) is boolean("nonProject", wanted),
    },
    dates=MODIFIED,
    expands={"expandAttribute": ("attributes",)},
)

# Rows have no number and no stamp, and with cost codes, which they do not show, several may look like one: the text tells them apart.
PROJECT_BUDGET = Entity(
    name="projectbudget",
    path="/v1/projectbudget",
    dto="ProjectBudgetDto",
    key=("projectID", "projectTaskID", "accountGroupID", "inventoryNumber", "type", "description"),
    filters={"project": equals("projectID")},
    etag=False,
    stamped=False,
    by_number=False,
)
