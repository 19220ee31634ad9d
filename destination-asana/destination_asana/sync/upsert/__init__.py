"""Brings one document to Asana: plans, writes it with its lines or its project, and reports.

`operations` is the entry, `update` the sequence of steps. `plans` finds the differences (with the room `planning`), and
the executors of the room `writing` write them.
"""

from destination_asana.sync.upsert.follow_up import NoMoneyTrail, Trail
from destination_asana.sync.upsert.gone import GoneMark
from destination_asana.sync.upsert.operations import DocumentSync
from destination_asana.sync.upsert.parts import LineParts, NoParts, Parts, ProjectParts
from destination_asana.sync.upsert.plans import DocumentPlans, DocumentRouting, SectionsByStatus, WantedAssignees
from destination_asana.sync.upsert.reports import Reports
from destination_asana.sync.upsert.supersession import Supersession
from destination_asana.sync.upsert.update import DocumentUpdate

__all__ = [
    "DocumentPlans",
    "DocumentRouting",
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
    "WantedAssignees",
]
