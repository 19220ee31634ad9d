"""A task writer for an Asana in memory."""

import pytest
from asana_in_memory import PROJECT, Asana
from destination_asana.board.fields.custom_fields import CustomFields
from destination_asana.board.members import Assignees
from destination_asana.board.routed_projects import RoutedProjects
from destination_asana.board.sections import Sections
from destination_asana.board.task_index import Index
from destination_asana.planning.snapshot import Snapshot
from destination_asana.writing.tasks.place import Place
from destination_asana.writing.tasks.turns import Turns
from destination_asana.writing.tasks.writer import TaskWriter
from invoice_task import new


@pytest.fixture
def asana() -> Asana:
    return Asana()


@pytest.fixture
def place(asana: Asana) -> Place:
    fields = CustomFields.of(asana, "1")
    fields.catalog.expect(PROJECT, None)
    fields.catalog.prepare(PROJECT)
    return Place(
        asana,
        fields,
        Index(asana, fields, "1", PROJECT),
        Sections(asana, PROJECT),
        Assignees(asana, "1", ()),
        PROJECT,
        RoutedProjects(asana, fields, ()),
        Turns(),
    )


@pytest.fixture
def writer(place: Place) -> TaskWriter:
    return TaskWriter(place)


@pytest.fixture
def task(writer: TaskWriter, asana: Asana) -> Snapshot:
    """A task as the sync has made it; the writes so far are forgotten."""
    snapshot = writer.apply(new()).snapshot
    asana.writes.clear()
    return snapshot
