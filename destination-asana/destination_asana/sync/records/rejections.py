"""Records that cannot be written: set aside and shown to people or, if the settings ask for it, the end of the sync."""

from __future__ import annotations

import logging

from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from destination_asana.config import OnRecordError, Route
from destination_asana.documents import RecordError
from destination_asana.sync.arrivals import Arrivals
from destination_asana.sync.records.incoming import Incoming
from destination_asana.sync.records.results import Results
from destination_asana.sync.records.set_aside import SetAside
from destination_asana.sync.report_lines import ReportLines
from destination_asana.sync.work import Work

logger = logging.getLogger("airbyte")


class Rejections:
    """Handles the rejected records of one sync."""

    def __init__(
        self, on_record_error: str, set_aside: SetAside, results: Results, work: Work, lines: ReportLines
    ) -> None:
        self._on_record_error = on_record_error
        self._set_aside = set_aside
        self._results = results
        self._work = work
        self._lines = lines

    def reject(self, route: Route, arrivals: Arrivals, incoming: Incoming, error: RecordError) -> None:
        """Sets a record aside, or ends the sync with it."""
        visma_id = error.visma_id or incoming.visma_id(route.source)
        # For data activation, rejected records are counted and never end a sync.
        if self._on_record_error == OnRecordError.FAIL and route.object_name is None:
            self._work.refuse(_end_of_the_sync(route.stream, visma_id, error))
            return
        reason = f"{error.field}: {error.problem}"
        logger.warning(f"Rejected a record of {route.stream}, {visma_id or 'identity unknown'}: {reason}")
        if visma_id is None:
            arrivals.nameless += 1
        gid = self._set_aside.keep(route, incoming.record, visma_id, reason)
        if route.of_documents:
            self._lines.quarantined(visma_id, gid, reason)
        self._results.rejected(route, incoming)

    def reject_later(self, route: Route, arrivals: Arrivals, incoming: Incoming, error: RecordError) -> None:
        """The same from a worker, while the input is still being read."""
        self._work.submit(incoming.key, lambda: self.reject(route, arrivals, incoming, error))


def _end_of_the_sync(stream: str, visma_id: str | None, error: RecordError) -> AirbyteTracedException:
    return AirbyteTracedException(
        message=f"A record of {stream} cannot be written. {visma_id or 'Its identity is not known'}: "
        f"{error.field}: {error.problem}. Correct it in Visma, or set on_record_error to quarantine to go on without it.",
        internal_message=str(error),
        failure_type=FailureType.config_error,
    )
