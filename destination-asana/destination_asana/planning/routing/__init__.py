"""The further Asana projects of a document: where it belongs, where the sync has put it, and where people want it. Pure."""

from destination_asana.planning.routing.memory import block_of, is_up_to_date, remembered_in
from destination_asana.planning.routing.routes import (
    MOST,
    Membership,
    Moves,
    ProjectRoute,
    Remembered,
    is_of_project,
    moves,
    wanted_by,
)

__all__ = [
    "MOST",
    "Membership",
    "Moves",
    "ProjectRoute",
    "Remembered",
    "block_of",
    "is_of_project",
    "is_up_to_date",
    "moves",
    "remembered_in",
    "wanted_by",
]
