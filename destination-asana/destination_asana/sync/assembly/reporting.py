"""What a sync says about its documents: the report for a spreadsheet, and the comparison of both sides in a dry run."""

from __future__ import annotations

from dataclasses import dataclass

from destination_asana.config import Adopt, Config
from destination_asana.protocol import Report
from destination_asana.sync.assembly.board import Board
from destination_asana.sync.comparing import Comparing, NoComparison
from destination_asana.sync.comparison import Comparison
from destination_asana.sync.report_lines import ReportLines


@dataclass(frozen=True, slots=True)
class Reporting:
    """The lines of the report also tell the comparison."""

    lines: ReportLines
    comparison: Comparing


def reporting_of(config: Config, board: Board) -> Reporting:
    # Before documents have adopted their tasks, both sides differ in all of them.
    compares = not board.executor.writes and config.adopt is not Adopt.REPORT
    comparison = Comparison(board.tools.fields) if compares else NoComparison()
    lines = ReportLines(Report(config.report_path), board.tools.fields, board.tools.assignees, comparison)
    return Reporting(lines, comparison)
