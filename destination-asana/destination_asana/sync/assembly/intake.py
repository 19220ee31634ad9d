"""The objects that take the records: the streams of the catalog."""

from __future__ import annotations

from destination_asana.sync.admission import Admission
from destination_asana.sync.assembly.adoption import Adopting
from destination_asana.sync.assembly.base import Base
from destination_asana.sync.assembly.document_streams import DocumentStreams
from destination_asana.sync.assembly.money import trail_of
from destination_asana.sync.assembly.streams import streams_of
from destination_asana.sync.intake import Intake
from destination_asana.sync.routes import Routes


def intake_of(base: Base, routes: Routes, adopting: Adopting) -> Intake:
    of_documents = [route for route in routes.values() if route.of_documents]
    marking = [route for route in of_documents if base.config.mark_missing and route.overwrites]
    compared = [route for route in of_documents if base.records.reporting.comparison.active and route.whole]
    admission = Admission(base.board.registers, base.control.work.submit, every_document=bool(marking or compared))
    documents = DocumentStreams(base, trail_of(base, routes.values()), adopting, admit=admission.admit)
    streams = streams_of(base, routes, documents)
    return Intake.of(streams, admission, documents.closed, marking=marking, compared=compared)
