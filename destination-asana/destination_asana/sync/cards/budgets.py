"""What the budgets of a sync say of projects, and which project a card is of."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping

from destination_asana.documents.projects import project_key
from destination_asana.documents.visma_ids import company_of, identity
from destination_asana.planning.cards import id_in_name
from destination_asana.planning.project_budget import NO_NUMBERS, ProjectNumbers
from destination_asana.planning.snapshot import Snapshot

# The company and the project, as they are compared.
ProjectKey = tuple[str, str]


class Budgets:
    """Knows nothing of numbers until all rows came, so that no sum of a part of them is shown; `companies` are those whose
    budgets came. Thread-safe."""

    def __init__(self) -> None:
        self._numbers: Mapping[ProjectKey, ProjectNumbers] = {}
        self._doubtful: frozenset[ProjectKey] = frozenset()
        self.companies: frozenset[str] = frozenset()
        self._ids: dict[str, str] = {}
        self._lock = threading.Lock()

    def know(self, numbers: Mapping[ProjectKey, ProjectNumbers], doubtful: Collection[ProjectKey]) -> None:
        """Takes the numbers of all projects; of `doubtful` ones a row was rejected."""
        self._doubtful = frozenset(doubtful)
        self._numbers = numbers
        self.companies = frozenset(company for company, _ in (*numbers, *doubtful))

    def learn(self, visma_id: str, project_id: str) -> None:
        """Takes the ID of a card's project out of a record."""
        with self._lock:
            self._ids[identity(visma_id)] = project_id

    def of(self, company: str, project_id: str) -> ProjectNumbers | None:
        """The numbers of a project; None where they are not known. A project without rows has a budget of 0."""
        key = (company.casefold(), project_key(project_id))
        if key[0] not in self.companies or key in self._doubtful:
            return None
        return self._numbers.get(key, NO_NUMBERS)

    def project_of(self, card: Snapshot) -> str | None:
        """The ID of a card's project, which Visma lets people change: by the record that came, by the card's description, and
        where people have taken it out of there, by the card's name, as far as there are rows for what it says."""
        with self._lock:
            brought = self._ids.get(identity(card.visma_id))
        known = brought or card.project_id
        if known is not None:
            return known
        named = id_in_name(card.name)
        if named is None or (company_of(card.visma_id).casefold(), project_key(named)) not in self._numbers:
            return None
        return named
