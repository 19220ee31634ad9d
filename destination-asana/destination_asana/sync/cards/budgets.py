"""The numbers of projects from a sync's budgets."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from destination_asana.documents import project_key
from destination_asana.planning.cards import NO_NUMBERS, ProjectNumbers

# The company and the project, in the form used for comparison.
ProjectKey = tuple[str, str]


class Budgets:
    """Has no numbers until all rows have come, so that no partial sum is ever written. `companies` are those whose
    budgets have come."""

    def __init__(self) -> None:
        self._numbers: Mapping[ProjectKey, ProjectNumbers] = {}
        self._doubtful: frozenset[ProjectKey] = frozenset()
        self.companies: frozenset[str] = frozenset()

    def know(self, numbers: Mapping[ProjectKey, ProjectNumbers], doubtful: Collection[ProjectKey]) -> None:
        """Stores the numbers of all projects. For the `doubtful` ones a row was rejected."""
        self._doubtful = frozenset(doubtful)
        self._numbers = numbers
        self.companies = frozenset(company for company, _ in (*numbers, *doubtful))

    def of(self, company: str, project_id: str) -> ProjectNumbers | None:
        """The numbers of a project, or None if they are unknown. A project without rows has a budget of 0."""
        key = key_of(company, project_id)
        if key[0] not in self.companies or key in self._doubtful:
            return None
        return self._numbers.get(key, NO_NUMBERS)

    def has_rows(self, company: str, project_id: str) -> bool:
        """Whether any row belongs to this project."""
        return key_of(company, project_id) in self._numbers


def key_of(company: str, project_id: str) -> ProjectKey:
    """The key of a project."""
    return company.casefold(), project_key(project_id)
