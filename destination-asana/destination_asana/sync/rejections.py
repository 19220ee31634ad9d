"""Records that cannot be written: set aside and shown to people, or the end of the sync, as the settings say."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from destination_asana.config import Config
from destination_asana.documents.errors import RecordError
from destination_asana.documents.versions import stamp_of
from destination_asana.documents.visma_ids import visma_id_of
from destination_asana.protocol.quarantine import Quarantine
from destination_asana.protocol.watermark import Ticket, Watermark
from destination_asana.sync.streams import Stream
from destination_asana.sync.target import Services, Target

logger = logging.getLogger("airbyte")


class Rejections:
    """Deals with the rejected records of one sync. `refused` is the error the sync ends with because of one, if any.

    `target_of` gives the target of a project; `identify` settles the field of the Visma IDs before anything is written.
    """

    def __init__(
        self,
        config: Config,
        services: Services,
        watermark: Watermark,
        target_of: Callable[[str], Target],
        identify: Callable[[], None],
    ) -> None:
        self._config = config
        self._services = services
        self._watermark = watermark
        self._target_of = target_of
        self._identify = identify
        self._quarantine = Quarantine(config.quarantine_path if services.executor.writes else None)
        self.refused: AirbyteTracedException | None = None

    def reject(self, stream: Stream, record: Mapping[str, Any], ticket: Ticket, error: RecordError) -> None:
        """Sets a record aside, or makes it the end of the sync."""
        visma_id = error.visma_id or visma_id_of(stream.route.source, record.get("data"))
        stamp = stamp_of(record.get("data"))
        if stream.upserter is not None and visma_id is not None and stream.upserter.passes_over(visma_id, stamp):
            # A later version is in Asana: this one is spent.
            self._watermark.done(ticket)
            return
        # To a platform that activates data, rejected records are counted, never the end of a sync.
        if self._config.on_record_error == "fail" and stream.route.object_name is None:
            self.refused = self.refused or _end_of_the_sync(stream, visma_id, error)
            return
        reason = f"{error.field}: {error.problem}"
        logger.warning(f"Rejected a record of {stream.route.stream}, {visma_id or 'identity unknown'}: {reason}")
        if visma_id is None:
            stream.nameless += 1
        if self._services.executor.writes:
            self._set_aside(stream, record, visma_id, reason)
        self._services.summary.count(stream.route.stream, "quarantined")
        self._watermark.done(ticket, rejected=True)

    def _set_aside(self, stream: Stream, record: Mapping[str, Any], visma_id: str | None, reason: str) -> None:
        target = self._target_of(stream.route.project_gid)
        self._identify()
        if stream.upserter is not None:
            # On a plan without custom fields the sync ends here, before anything is written.
            self._services.fields.prepare(target.project_gid)
        self._quarantine.add(record, reason)
        with_record = self._config.quarantine_path is None
        gid = target.attention.show(stream.route.stream, record.get("data"), visma_id, reason, with_record=with_record)
        self._services.audit.tell("quarantined", visma_id, gid, reason=reason)


def _end_of_the_sync(stream: Stream, visma_id: str | None, error: RecordError) -> AirbyteTracedException:
    return AirbyteTracedException(
        message=f"A record of {stream.route.stream} cannot be written. {visma_id or 'Its identity is not known'}: "
        f"{error.field}: {error.problem}. Correct it in Visma, or set on_record_error to quarantine to go on without it.",
        internal_message=str(error),
        failure_type=FailureType.config_error,
    )
