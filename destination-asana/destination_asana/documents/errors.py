"""What is wrong with one record. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class RecordError(Exception):
    """A record that cannot be written to Asana, with the problem in words for the person who will fix it.

    `field` is the field at fault, in the record or in Asana; `problem` says what is wrong; `visma_id` names the document,
    if it is known.
    """

    field: str
    problem: str
    visma_id: str | None = None

    def __str__(self) -> str:
        where = f"{self.visma_id}: " if self.visma_id else ""
        return f"{where}{self.field}: {self.problem}"
