"""Applies the changes that `planning` decided to Asana.

Speaks HTTP only through `asana`. Does not import `sync`, which takes from here the executor, its parts and the outcomes. Each
kind of change is a room of its own: `tasks`, `lines`, `projects`, `options`.
"""

from destination_asana.writing.executor import (
    AttentionExecutor,
    CommentExecutor,
    Executor,
    HeartbeatExecutor,
    TaskExecutor,
)
from destination_asana.writing.executors import executor_of
from destination_asana.writing.notices import document_of
from destination_asana.writing.outcome import Outcome, PartOutcome
from destination_asana.writing.projects import Found
from destination_asana.writing.tasks import VanishedError
from destination_asana.writing.tools import Tools

__all__ = [
    "AttentionExecutor",
    "CommentExecutor",
    "Executor",
    "Found",
    "HeartbeatExecutor",
    "Outcome",
    "PartOutcome",
    "TaskExecutor",
    "Tools",
    "VanishedError",
    "document_of",
    "executor_of",
]
