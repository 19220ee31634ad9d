"""The executor of a sync's changes. The real run writes to Asana; the dry run logs what it would write.

`executor_of` is the only place that asks which of the two it is.
"""

from __future__ import annotations

from destination_asana.writing.dry_run import DryRun
from destination_asana.writing.executor import Executor
from destination_asana.writing.real_run import RealRun
from destination_asana.writing.tools import Tools


def executor_of(tools: Tools, *, dry_run: bool) -> Executor:
    """The executor of a sync."""
    return DryRun(tools) if dry_run else RealRun(tools)
