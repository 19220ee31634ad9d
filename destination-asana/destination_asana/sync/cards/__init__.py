"""The cards of projects, and their numbers.

The stream of projects brings the cards, as documents (`card_reader`). The stream of budgets brings their numbers
(`number_stream`), which are collected (`budget_rows`) and written once all of them have come (`number_writer`): to the cards
(`card_numbers` plans, `card_writer` writes) and to the Asana projects of these Visma projects (`project_totals`). Both
streams share the numbers (`budgets`) and the projects of the cards (`card_projects`).
"""

from destination_asana.sync.cards.budget_rows import BudgetRows
from destination_asana.sync.cards.card_numbers import CardNumbers
from destination_asana.sync.cards.card_reader import CardReader
from destination_asana.sync.cards.card_writer import CardWriter
from destination_asana.sync.cards.known_cards import KnownCards
from destination_asana.sync.cards.number_stream import NumberStream
from destination_asana.sync.cards.number_writer import NumberWriter
from destination_asana.sync.cards.project_totals import NoTotals, ProjectTotals, Totals
from destination_asana.sync.cards.shared import Shared

__all__ = [
    "BudgetRows",
    "CardNumbers",
    "CardReader",
    "CardWriter",
    "KnownCards",
    "NoTotals",
    "NumberStream",
    "NumberWriter",
    "ProjectTotals",
    "Shared",
    "Totals",
]
