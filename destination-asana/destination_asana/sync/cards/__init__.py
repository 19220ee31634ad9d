"""Cards of projects, and their numbers.

The stream of projects brings the cards, as documents (`card_reader`); the stream of budgets brings their numbers
(`number_stream`), which are written when all of its rows came (`number_writer`). `budgets` is what both know together, `project_totals`
brings the numbers to the Asana projects that belong to them.
"""

from destination_asana.sync.cards.budgets import Budgets
from destination_asana.sync.cards.card_reader import CardReader
from destination_asana.sync.cards.known_cards import KnownCards
from destination_asana.sync.cards.number_stream import NumberStream
from destination_asana.sync.cards.number_writer import NumberWriter
from destination_asana.sync.cards.project_totals import NoTotals, ProjectTotals, Totals

__all__ = ["Budgets", "CardReader", "KnownCards", "NoTotals", "NumberStream", "NumberWriter", "ProjectTotals", "Totals"]
