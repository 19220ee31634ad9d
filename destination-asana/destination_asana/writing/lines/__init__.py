"""Lines of documents: subtasks of the document's task, or tasks in its project."""

from destination_asana.writing.lines.documents import ProjectLines, SubtaskLines
from destination_asana.writing.lines.dry_run import DryRunLineWriter, log_new_line
from destination_asana.writing.lines.writer import LineWriter

__all__ = [
    "DryRunLineWriter",
    "LineWriter",
    "ProjectLines",
    "SubtaskLines",
    "log_new_line",
]
