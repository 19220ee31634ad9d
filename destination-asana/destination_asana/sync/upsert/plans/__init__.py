"""A document × its task → the change for the task: its values, its further projects and its section."""

from destination_asana.sync.upsert.plans.assignees import WantedAssignees
from destination_asana.sync.upsert.plans.plans import DocumentPlans
from destination_asana.sync.upsert.plans.routing import DocumentRouting
from destination_asana.sync.upsert.plans.sections_by_status import SectionsByStatus

__all__ = ["DocumentPlans", "DocumentRouting", "SectionsByStatus", "WantedAssignees"]
