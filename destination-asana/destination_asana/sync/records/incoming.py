"""One record of the input, with its place in the input's order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from destination_asana.documents.visma_ids import visma_id_of
from destination_asana.protocol.watermark import Ticket


@dataclass(frozen=True, slots=True)
class Incoming:
    """A record as it came: `record` is that object of its message, `ticket` its place."""

    record: Mapping[str, Any]
    ticket: Ticket

    @property
    def data(self) -> Any:
        """What Visma says; an object unless the source is broken."""
        return self.record.get("data")

    def visma_id(self, source: str) -> str | None:
        """The document it is, `source` being the Visma stream it looks like; None where a part of the key is broken."""
        return visma_id_of(source, self.data)

    @property
    def key(self) -> str:
        """A key for jobs that concern this record alone."""
        return str(id(self.ticket))
