"""A card in Asana, with its project."""

from __future__ import annotations

from dataclasses import dataclass

from destination_asana.documents import FieldValues, company_of
from destination_asana.planning import Snapshot
from destination_asana.planning.cards import is_gone
from destination_asana.planning.routing import remembered_in
from destination_asana.sync.cards.budgets import ProjectKey, key_of
from destination_asana.sync.cards.card_projects import Project


@dataclass(frozen=True, slots=True)
class KnownCard:
    """`shown` are the values of the card's fields, by field name."""

    task: Snapshot
    project: Project
    shown: FieldValues

    @property
    def company(self) -> str:
        return company_of(self.task.visma_id)

    @property
    def key(self) -> ProjectKey:
        return key_of(self.company, self.project.project_id)

    @property
    def left(self) -> frozenset[str]:
        """The Asana projects that the card was in until its routes changed."""
        remembered = remembered_in(self.task.blocks)
        return remembered.removed if remembered is not None else frozenset()

    @property
    def gone(self) -> bool:
        """Whether the project is gone from Visma."""
        return is_gone(self.shown)
