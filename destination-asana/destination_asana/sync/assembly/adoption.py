"""The objects that take over tasks that people have made, if the settings ask for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from destination_asana.board import HandMadeListing
from destination_asana.sync.adoption import (
    Adopter,
    Adoption,
    AdoptionReport,
    CheckpointAdoption,
    DocumentAdoption,
    NoAdopter,
    NoAdoption,
)
from destination_asana.sync.assembly.base import Base
from destination_asana.sync.registers import Register


@dataclass(frozen=True, slots=True)
class Adopting:
    """`whole` is for the sync, `adopter_of` makes the view of one register project."""

    whole: Adoption
    adopter_of: Callable[[Register], Adopter]


def adopting_of(base: Base) -> Adopting:
    board, control = base.board, base.control
    hand_made = board.tools.observer
    if not isinstance(hand_made, HandMadeListing):
        return Adopting(NoAdoption(), lambda register: NoAdopter())
    whole = CheckpointAdoption(hand_made, board.registers, control.work, control.progress.show, AdoptionReport())
    return Adopting(whole, lambda register: DocumentAdoption(whole, hand_made, register))
