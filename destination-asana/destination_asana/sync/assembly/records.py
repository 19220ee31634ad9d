"""The objects for the results of records, as the settings ask: rejections, the audit log, the summary."""

from __future__ import annotations

from dataclasses import dataclass

from destination_asana.config import Config
from destination_asana.documents import CostCenterSegments
from destination_asana.protocol import AuditLog, Quarantine
from destination_asana.sync.assembly.board import Board
from destination_asana.sync.assembly.control import Control
from destination_asana.sync.assembly.reporting import Reporting, reporting_of
from destination_asana.sync.records import KeptAndShown, NotKept, Rejections, Results, SetAside
from destination_asana.sync.summary import Summary


@dataclass(frozen=True, slots=True)
class Records:
    """Made before the streams, which report their records here. `segments` collects what records say about cost centres."""

    results: Results
    rejections: Rejections
    audit: AuditLog
    summary: Summary
    reporting: Reporting
    segments: CostCenterSegments


def records_of(config: Config, board: Board, control: Control) -> Records:
    summary = Summary()
    results = Results(control.watermark, summary)
    audit = AuditLog(config.audit_log_path if board.executor.writes else None)
    reporting = reporting_of(config, board)
    rejections = Rejections(
        config.on_record_error, _set_aside(config, board, audit), results, control.work, reporting.lines
    )
    return Records(results, rejections, audit, summary, reporting, CostCenterSegments(config.cost_center_segments))


def _set_aside(config: Config, board: Board, audit: AuditLog) -> SetAside:
    if not board.executor.writes:
        return NotKept()
    return KeptAndShown(
        Quarantine(config.quarantine_path),
        audit,
        board.tools.fields,
        attention_of=lambda project_gid: board.registers.of(project_gid).attention,
        ready=board.identity.settle,
        with_record=config.quarantine_path is None,
    )
