"""One record of the input, with its position."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from destination_asana.documents import visma_id_of
from destination_asana.protocol import Ticket


@dataclass(frozen=True, slots=True)
class Incoming:
    """A record of the input: `record` is the object of its message, `ticket` its position."""

    record: Mapping[str, Any]
    ticket: Ticket

    @property
    def data(self) -> Any:
        """The data of the record; an object, unless the source is broken."""
        return self.record.get("data")

    def visma_id(self, source: str) -> str | None:
        """The Visma ID of the document, if the record has the form of the Visma stream `source`; None if its key is
        broken."""
        return visma_id_of(source, self.data)

    @property
    def key(self) -> str:
        """A key for jobs about this record only."""
        return str(id(self.ticket))
