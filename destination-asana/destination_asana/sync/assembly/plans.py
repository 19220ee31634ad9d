"""The objects that plan the changes of one stream's documents, as the settings ask."""

from __future__ import annotations

from destination_asana.board import TaskHistory
from destination_asana.config import LineItems, Route
from destination_asana.sync.assembly.base import Base
from destination_asana.sync.registers import Register
from destination_asana.sync.upsert import DocumentPlans, DocumentRouting, SectionsByStatus, WantedAssignees


def plans_of(route: Route, register: Register, base: Base) -> DocumentPlans:
    tools, config = base.board.tools, base.config
    routing = DocumentRouting(
        config.project_routes,
        tools.named.names if config.route_by_project_name else dict,
        tools.routed,
        TaskHistory(tools.client),
        register.project_gid,
    )
    return DocumentPlans(
        fields=tools.fields,
        assignments=WantedAssignees(tools.assignees),
        sections=SectionsByStatus(tools.fields, register.sections) if config.section_by_status else None,
        routing=routing,
        complete_when_closed=config.complete_when_closed,
        lines_in_description=route.line_items is LineItems.DESCRIPTION,
    )
