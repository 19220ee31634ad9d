"""The rows of budgets, collected until all have come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from destination_asana.documents import Reader, RecordError
from destination_asana.planning.cards import NEEDED, numbers_by_project, project_of, prove, row_key
from destination_asana.sync.cards.budgets import Budgets, ProjectKey


class BudgetRows:
    """Keeps only the parts that the sums need. `doubtful` are the projects of which a row was rejected: no sum of theirs is
    right."""

    def __init__(self, budgets: Budgets) -> None:
        self._budgets = budgets
        self._rows: dict[tuple[str, ...], Mapping[str, Any]] = {}
        self.doubtful: set[ProjectKey] = set()

    def take(self, row: Any) -> None:
        """Raises RecordError for a record that cannot be added up."""
        try:
            if not isinstance(row, Mapping):
                raise RecordError("record", "is not an object")
            prove(Reader(row))
        except RecordError:
            self._doubt(row)
            raise
        self._rows[row_key(row)] = {name: row.get(name) for name in NEEDED}

    def add_up(self) -> None:
        """Makes the sums of the rows known."""
        self._budgets.know(numbers_by_project(self._rows.values()), self.doubtful)

    def _doubt(self, row: Any) -> None:
        try:
            self.doubtful.add(project_of(Reader(row)))
        except (RecordError, AttributeError):
            # It is a row of no project.
            return
