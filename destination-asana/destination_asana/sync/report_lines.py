"""Outcomes in the words of the report."""

from __future__ import annotations

from destination_asana.board import Assignees
from destination_asana.board.fields import CustomFields
from destination_asana.planning import Action, plan_text
from destination_asana.protocol import UNCHANGED, Line, Report
from destination_asana.sync.comparing import Comparing, NoComparison
from destination_asana.writing import Outcome

# The report has fewer words than the summary.
WORDS = {
    Action.COMPLETED: Action.UPDATED,
    Action.REOPENED: Action.UPDATED,
    Action.SUPERSEDED: Action.UNCHANGED,
}


class ReportLines:
    """Adds the documents of a sync to its report. Thread-safe."""

    def __init__(
        self, report: Report, fields: CustomFields, assignees: Assignees, comparison: Comparing | None = None
    ) -> None:
        self._report = report
        self._comparison = comparison or NoComparison()
        self._fields = fields
        self._assignees = assignees

    def changed(self, visma_id: str, outcome: Outcome) -> None:
        """A document was brought up to date, or would be in a dry run."""
        if not (self._report.wanted or self._comparison.active):
            return
        new = outcome.action is Action.CREATED
        words = plan_text(self._differences(outcome), new=new)
        if outcome.applied:
            # A task that would be taken over does not carry the document's Visma ID yet.
            self._comparison.found(visma_id, words, new=new or outcome.action is Action.ADOPTED)
        reasons = [f"{each.name}: {each}" for each in outcome.left_out]
        self._report.add(
            Line(
                visma_id,
                WORDS.get(outcome.action, outcome.action),
                address_of(outcome.snapshot.gid),
                words,
                "; ".join(reasons),
            )
        )

    def unchanged(self, visma_id: str, gid: str | None, reason: str = "") -> None:
        """Nothing was done to a document."""
        self._report.add(Line(visma_id, UNCHANGED, address_of(gid), reason=reason))

    def quarantined(self, visma_id: str | None, gid: str | None, reason: str) -> None:
        """A record was set aside; `gid` is the task that shows it to people."""
        self._comparison.rejected(visma_id, reason)
        self._report.add(Line(visma_id, Action.QUARANTINED, address_of(gid), reason=reason))

    def close(self) -> None:
        """Completes the report at the end of the sync."""
        self._report.close()

    def _differences(self, outcome: Outcome) -> dict[str, tuple[object, object]]:
        differences = dict(outcome.applied)
        if "assignee" in differences:
            before, after = differences["assignee"]
            differences["assignee"] = (self._name(before), self._name(after))
        return self._fields.catalog.titled(differences)

    def _name(self, gid: str | None) -> str | None:
        return self._assignees.name_of(gid) if gid else None


def address_of(gid: str | None) -> str:
    """The address of a task in the browser, whichever projects it belongs to; empty for a task that does not exist."""
    return f"https://app.asana.com/0/0/{gid}" if gid else ""
