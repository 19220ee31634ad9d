"""What the stream of projects and the stream of budgets share."""

from __future__ import annotations

from dataclasses import dataclass, field

from destination_asana.sync.cards.budgets import Budgets
from destination_asana.sync.cards.card_projects import CardProjects


@dataclass(frozen=True, slots=True)
class Shared:
    """One for the whole sync."""

    budgets: Budgets = field(default_factory=Budgets)
    projects: CardProjects = field(default_factory=CardProjects)
