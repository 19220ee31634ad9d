"""The projects of the cards that a sync brings: what their records say, whatever people have written on the cards."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from destination_asana.documents import identity


@dataclass(frozen=True, slots=True)
class Project:
    """A Visma project: the parts that routes match. `description` is empty if it has none."""

    project_id: str
    description: str


class CardProjects:
    """Stores the projects by the Visma IDs of their cards. `count` grows with each. Thread-safe."""

    def __init__(self) -> None:
        self._projects: dict[str, Project] = {}
        self._lock = threading.Lock()
        self.count = 0

    def learn(self, visma_id: str, project: Project) -> None:
        """Stores the project of a card from its record."""
        with self._lock:
            self._projects[identity(visma_id)] = project
            self.count += 1

    def of(self, visma_id: str) -> Project | None:
        """The project of a card; None if this sync has not brought it."""
        with self._lock:
            return self._projects.get(identity(visma_id))
