"""Changes → a document's project."""

from __future__ import annotations

from typing import Any

from destination_asana.asana import UNAVAILABLE, AsanaError, Client, Refusal
from destination_asana.board import PROJECT_FIELDS, Portfolios, ProjectIndex
from destination_asana.board.fields import CustomFields
from destination_asana.documents import Document
from destination_asana.planning import Differences, LeftOut, Reason
from destination_asana.planning.descriptions import replace_block, text_in
from destination_asana.planning.projects import Project, ProjectChange
from destination_asana.writing.outcome import PartOutcome


class ProjectWriter:
    """Applies the changes of one stream's projects. Raises AsanaError."""

    def __init__(
        self,
        *,
        register_gid: str,
        portfolio_gid: str | None,
        client: Client,
        index: ProjectIndex,
        fields: CustomFields,
        portfolios: Portfolios,
    ) -> None:
        self._register, self._portfolio = register_gid, portfolio_gid or ""
        self._client = client
        self._index = index
        self._fields = fields
        self._portfolios = portfolios

    def apply(self, document: Document, project: Project, change: ProjectChange) -> PartOutcome:
        """Writes the changes. Left out are a description whose form a person has edited, and fields that the portfolio does
        not have or Asana refuses."""
        data, applied, left_out = dict(change.data), dict(change.attributes), list[LeftOut]()
        if change.block is not None:
            now = self._client.get(f"/projects/{project.gid}", {"opt_fields": "html_notes,notes"})
            replaced = replace_block(now.get("html_notes") or "", change.block)
            if replaced is None:
                left_out.append(LeftOut("description", change.block.text, Reason.FORM_EDITED))
            else:
                data["html_notes"] = replaced
                applied = change.differences(text_in(now.get("notes")))
        values = self._allowed(change.values)
        left_out += [
            LeftOut(name, after, Reason.NO_FIELD) for name, (_, after) in change.values.items() if name not in values
        ]
        refusal = self._put_with_values(document, project, data, values) if values else None
        if values and refusal is None:
            return PartOutcome({**applied, **values}, tuple(left_out))
        if refusal is not None:
            left_out += [LeftOut(name, after, Reason.REFUSED, refusal.message) for name, (_, after) in values.items()]
        if data:
            self._put(document, project, data)
        return PartOutcome(applied, tuple(left_out))

    def _put_with_values(
        self, document: Document, project: Project, data: dict[str, Any], values: Differences
    ) -> AsanaError | None:
        """Writes field values. Returns the refusal, without a write, if the portfolio takes no fields."""
        after = {name: value for name, (_, value) in values.items()}
        custom_fields = self._fields.values.to_api(after, self._register)
        try:
            self._put(document, project, {**data, "custom_fields": custom_fields})
        except AsanaError as error:
            if error.refusal not in UNAVAILABLE - {Refusal.GONE}:
                raise
            self._portfolios.refuse_fields(self._portfolio, error)
            return error
        return None

    def _put(self, document: Document, project: Project, data: dict[str, Any]) -> None:
        raw = self._client.put(f"/projects/{project.gid}", data, {"opt_fields": PROJECT_FIELDS})
        self._index.put(document.visma_id, Project.of(raw))

    def _allowed(self, values: Differences) -> Differences:
        gids = {name: known.gid for name in values if (known := self._fields.catalog.get(name)) is not None}
        allowed = self._portfolios.allow(self._portfolio, gids.values()) if gids else set()
        return {name: change for name, change in values.items() if gids.get(name) in allowed}
