"""Reports what was done to documents: in the audit log, in the report, as comments, in the summary."""

from __future__ import annotations

from destination_asana.asana import NOT_THERE, AsanaError
from destination_asana.board.fields import CustomFields
from destination_asana.planning import Action, comment_text
from destination_asana.protocol import AuditLog
from destination_asana.sync.report_lines import ReportLines
from destination_asana.sync.summary import Summary
from destination_asana.writing import CommentExecutor, Outcome, VanishedError


class Reports:
    """Reports the outcomes of one stream. `comments` is None if the settings ask for none."""

    def __init__(
        self,
        stream: str,
        fields: CustomFields,
        audit: AuditLog,
        summary: Summary,
        comments: CommentExecutor | None,
        *,
        lines: ReportLines,
    ) -> None:
        self._stream = stream
        self._fields = fields
        self._audit = audit
        self._summary = summary
        self._comments = comments
        self._lines = lines

    def changed(self, visma_id: str, outcome: Outcome, *, new: bool) -> None:
        """Logs what was applied and comments on it, except on a `new` task. Raises VanishedError if somebody has deleted the
        task since it was written."""
        self.log(visma_id, outcome)
        if not outcome.applied:
            self._lines.changed(visma_id, outcome)
        if self._comments is not None and outcome.applied and not new:
            text = comment_text(outcome.applied, self._fields.catalog.title)
            if text:
                self._comment(self._comments, visma_id, outcome.snapshot.gid, text)

    def _comment(self, comments: CommentExecutor, visma_id: str, gid: str, text: str) -> None:
        try:
            comments.add(gid, text)
        except AsanaError as error:
            if error.refusal in NOT_THERE and error.path == f"/tasks/{gid}":
                raise VanishedError("the task", f"is no longer in Asana ({error.message})", visma_id) from error
            raise

    def log(self, visma_id: str, outcome: Outcome) -> None:
        """Writes a line of the audit log, and of the report, if anything was applied."""
        if outcome.applied:
            self._lines.changed(visma_id, outcome)
            _, assignee = outcome.applied.get("assignee", (None, None))
            if assignee is not None:
                self._summary.assigned(assignee)
            # The log has no word of its own for a task that was taken over: its Visma ID changes from nothing.
            action = Action.UPDATED if outcome.action is Action.ADOPTED else outcome.action
            self._audit.write(action, visma_id, outcome.snapshot.gid, self._fields.catalog.titled(outcome.applied))

    def count(self, visma_id: str, action: Action) -> None:
        """Counts what was done to a document."""
        self._summary.document(self._stream, visma_id, action)

    def unchanged(self, visma_id: str | None, gid: str | None) -> None:
        """Counts a document that nothing was done to. One without a task and an identity is only counted."""
        if visma_id is None:
            self._summary.count(self._stream, Action.UNCHANGED)
            return
        self._lines.unchanged(visma_id, gid)
        self.count(visma_id, Action.UNCHANGED)
