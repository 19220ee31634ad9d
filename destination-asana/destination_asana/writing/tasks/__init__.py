"""Tasks of documents: creating and updating them, adding them to projects, and handling refusals by Asana."""

from destination_asana.writing.tasks.dry_run import DryRunTaskWriter
from destination_asana.writing.tasks.mending import VanishedError, is_gone, refusal_of_lines
from destination_asana.writing.tasks.place import Place
from destination_asana.writing.tasks.turns import Turns
from destination_asana.writing.tasks.writer import TaskWriter

__all__ = [
    "DryRunTaskWriter",
    "Place",
    "TaskWriter",
    "Turns",
    "VanishedError",
    "is_gone",
    "refusal_of_lines",
]
