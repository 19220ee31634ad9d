"""The register projects, each with its index, sections and writers."""

from __future__ import annotations

from collections.abc import Iterable

from destination_asana.board import Index, Sections
from destination_asana.config import Route
from destination_asana.documents import KIND_OF_STREAM, Kind
from destination_asana.sync.identity import Identity
from destination_asana.sync.registers import Register, Registers
from destination_asana.writing import Executor, Tools


def registers_of(tools: Tools, executor: Executor, identity: Identity, routes: Iterable[Route]) -> Registers:
    for route in routes:
        if route.of_documents:
            tools.fields.catalog.expect(route.project_gid, KIND_OF_STREAM.get(route.source))
        elif route.of_numbers:
            tools.fields.catalog.expect(route.project_gid, Kind.PROJECTS)

    def make(project_gid: str) -> Register:
        index = Index(tools.client, tools.fields, tools.workspace_gid, project_gid, tools.observer)
        sections = Sections(tools.client, project_gid)
        place = tools.place(index, sections, project_gid)
        return Register(
            project_gid=project_gid,
            fields=tools.fields,
            identity=identity,
            index=index,
            sections=sections,
            tasks=executor.tasks(place),
            lines=executor.subtasks(place),
            attention=executor.attention(place),
        )

    return Registers(make)
