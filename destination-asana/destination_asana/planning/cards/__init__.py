"""The cards of projects, and their numbers from the records of budgets. Pure."""

from destination_asana.planning.cards.card import is_gone, plan_numbers, project_in_name
from destination_asana.planning.cards.project_budget import (
    NEEDED,
    NO_NUMBERS,
    ProjectNumbers,
    numbers_by_project,
    project_of,
    prove,
    row_key,
)
from destination_asana.planning.cards.shown_projects import projects_shown

__all__ = [
    "NEEDED",
    "NO_NUMBERS",
    "ProjectNumbers",
    "is_gone",
    "numbers_by_project",
    "plan_numbers",
    "project_in_name",
    "project_of",
    "projects_shown",
    "prove",
    "row_key",
]
