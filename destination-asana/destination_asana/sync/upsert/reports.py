"""What was done to documents is reported: in the audit log, as comments, in the summary."""

from __future__ import annotations

from destination_asana.board.fields.values import CustomFields
from destination_asana.planning.actions import Action
from destination_asana.planning.words import comment_text
from destination_asana.protocol.audit import AuditLog
from destination_asana.sync.summary import Summary
from destination_asana.writing.executor import CommentExecutor
from destination_asana.writing.outcome import Outcome


class Reports:
    """Reports the outcomes of one stream. `comments` is None where the settings ask for none."""

    def __init__(
        self, stream: str, fields: CustomFields, audit: AuditLog, summary: Summary, comments: CommentExecutor | None
    ) -> None:
        self._stream = stream
        self._fields = fields
        self._audit = audit
        self._summary = summary
        self._comments = comments

    def changed(self, visma_id: str, outcome: Outcome, *, new: bool) -> None:
        """Logs what was applied and comments on it, but not on a `new` task."""
        self.log(visma_id, outcome)
        if self._comments is not None and outcome.applied and not new:
            text = comment_text(outcome.applied, self._fields.title)
            if text:
                self._comments.add(outcome.snapshot.gid, text)

    def log(self, visma_id: str, outcome: Outcome) -> None:
        """Writes a line of the audit log, where anything was applied."""
        if outcome.applied:
            self._audit.tell(outcome.action, visma_id, outcome.snapshot.gid, self._fields.titled(outcome.applied))

    def count(self, action: Action) -> None:
        self._summary.count(self._stream, action)

    def count_unchanged(self) -> None:
        self.count(Action.UNCHANGED)
