"""Which task that people have made belongs to which document. Pure."""

from destination_asana.planning.adoption.decisions import (
    Claim,
    Decision,
    HandMade,
    HandMadeTasks,
    Match,
    decide,
    may_fit,
)
from destination_asana.planning.adoption.mentions import words_in

__all__ = [
    "Claim",
    "Decision",
    "HandMade",
    "HandMadeTasks",
    "Match",
    "decide",
    "may_fit",
    "words_in",
]
