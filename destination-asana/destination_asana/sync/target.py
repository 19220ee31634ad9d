"""One Asana project that receives documents, and everything needed to write to it."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from destination_asana.asana.client import Client
from destination_asana.board.fields.identity import Evidence, settle_identity
from destination_asana.board.fields.values import CustomFields
from destination_asana.board.members import Assignees
from destination_asana.board.portfolios import Portfolios
from destination_asana.board.project_index import ProjectIndex
from destination_asana.board.sections import Sections
from destination_asana.board.task_index import Index
from destination_asana.board.templates import Templates
from destination_asana.config import Config
from destination_asana.documents.cost_centers import CostCenterSegments
from destination_asana.documents.versions import Versions
from destination_asana.protocol.audit import AuditLog
from destination_asana.sync.summary import Summary
from destination_asana.writing.document_lines import SubtaskLines
from destination_asana.writing.executor import AttentionExecutor, Executor, TaskExecutor
from destination_asana.writing.executors import executor_of
from destination_asana.writing.tools import Tools


@dataclass
class Services:
    """What all targets of a sync share."""

    config: Config
    client: Client
    fields: CustomFields
    assignees: Assignees
    audit: AuditLog
    summary: Summary
    executor: Executor
    versions: Versions
    segments: CostCenterSegments
    evidence: dict[str, Evidence] | None = None
    first_sync: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def identify(self, projects: Iterable[str]) -> None:
        """Settles, once per sync and before its first write, which field identifies the documents of these projects."""
        with self._lock:
            if self.evidence is None:
                self.evidence = settle_identity(self.client, self.fields, projects)
                self.first_sync = self.fields.visma_id_gid is None

    @classmethod
    def of(cls, config: Config, client: Client) -> Services:
        fields = CustomFields(client, config.workspace_gid, read_only=config.dry_run, leave_out=config.leave_out_fields)
        assignees = Assignees(client, config.workspace_gid, config.supplier_mapping, by_owner=config.assign_order_owner)
        tools = Tools(
            config.workspace_gid,
            client,
            fields,
            assignees,
            ProjectIndex(client, config.workspace_gid),
            Templates(client),
            Portfolios(client),
        )
        executor = executor_of(tools, dry_run=config.dry_run)
        return cls(
            config=config,
            client=client,
            fields=fields,
            assignees=assignees,
            audit=AuditLog(config.audit_log_path if executor.writes else None),
            summary=Summary(),
            executor=executor,
            versions=Versions(),
            segments=CostCenterSegments(config.cost_center_segments),
        )


@dataclass
class Target:
    """A project: its index of documents, its sections, its writers."""

    services: Services
    project_gid: str
    index: Index = field(init=False)
    sections: Sections = field(init=False)
    attention: AttentionExecutor = field(init=False)
    writer: TaskExecutor = field(init=False)
    lines: SubtaskLines = field(init=False)
    opened: bool = False

    def __post_init__(self) -> None:
        shared = self.services
        client = shared.client
        self.index = Index(client, shared.fields, shared.config.workspace_gid, self.project_gid)
        self.sections = Sections(client, self.project_gid)
        self.attention = shared.executor.attention(self.sections, self.project_gid)
        self.writer = shared.executor.tasks(self.index, self.sections, self.project_gid)
        self.lines = shared.executor.subtasks(self.index)

    def open(self, documents: int | None) -> None:
        """Reads (and, where needed, makes) the fields and prepares for so many look-ups; None means many."""
        self.services.fields.prepare(self.project_gid)
        evidence = (self.services.evidence or {}).get(self.project_gid)
        if evidence is not None and evidence.whole and self.services.first_sync:
            self.index.know_no_documents()
        self.index.open(documents)
        self.opened = True
