"""Options of fields, from the records of accounts and dimension values."""

from destination_asana.writing.options.vocabulary import Vocabulary
from destination_asana.writing.options.writer import DryRunOptionWriter, OptionExecutor, OptionWriter

__all__ = [
    "DryRunOptionWriter",
    "OptionExecutor",
    "OptionWriter",
    "Vocabulary",
]
