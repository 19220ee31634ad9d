"""One document into Asana: planned, applied with its lines or its project, reported.

`operations` is where a document comes in, `update` its way; what differs is planned in `plans` (by the room `planning`) and
written by the executors of the room `writing`.
"""

from destination_asana.sync.upsert.assignments import Assignments
from destination_asana.sync.upsert.follow_up import NoMoneyTrail, Trail
from destination_asana.sync.upsert.operations import DocumentSync
from destination_asana.sync.upsert.parts import LineParts, NoParts, Parts, ProjectParts
from destination_asana.sync.upsert.plans import DocumentPlans
from destination_asana.sync.upsert.reports import Reports
from destination_asana.sync.upsert.sections_by_status import SectionsByStatus
from destination_asana.sync.upsert.supersession import Supersession
from destination_asana.sync.upsert.update import DocumentUpdate, GoneMark

__all__ = [
    "Assignments",
    "DocumentPlans",
    "DocumentSync",
    "DocumentUpdate",
    "GoneMark",
    "LineParts",
    "NoMoneyTrail",
    "NoParts",
    "Parts",
    "ProjectParts",
    "Reports",
    "SectionsByStatus",
    "Supersession",
    "Trail",
]
