"""What is wrong with one record. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class RecordError(Exception):
    """One record that cannot become a task: what is wrong with it, in words for the person who will mend it.

    `field` is the record's field (or Asana's) at fault, `problem` what is wrong, `visma_id` the document when it is known.
    """

    field: str
    problem: str
    visma_id: str | None = None

    def __str__(self) -> str:
        where = f"{self.visma_id}: " if self.visma_id else ""
        return f"{where}{self.field}: {self.problem}"
