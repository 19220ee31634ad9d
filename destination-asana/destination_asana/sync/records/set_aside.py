"""Keeps rejected records in a file and shows people the reason, while the sync goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from destination_asana.board.fields import CustomFields
from destination_asana.config import Route
from destination_asana.planning import Action
from destination_asana.protocol import AuditLog, Quarantine
from destination_asana.writing import AttentionExecutor


class SetAside(Protocol):
    """Sets rejected records aside."""

    def keep(self, route: Route, record: Mapping[str, Any], visma_id: str | None, reason: str) -> str | None:
        """Keeps the record of a stream and returns the gid of the task that shows it, if any. `visma_id` is None if its
        identity is not known."""


class KeptAndShown:
    """Keeps records in the quarantine file and shows each in the section “Needs attention” of its project."""

    def __init__(
        self,
        quarantine: Quarantine,
        audit: AuditLog,
        fields: CustomFields,
        attention_of: Callable[[str], AttentionExecutor],
        ready: Callable[[], None],
        *,
        with_record: bool,
    ) -> None:
        """`attention_of` returns a project's section by gid; `ready` is called before the first write; `with_record`
        shows people the record itself, for syncs without a quarantine file."""
        self._quarantine = quarantine
        self._audit = audit
        self._fields = fields
        self._attention_of = attention_of
        self._ready = ready
        self._with_record = with_record

    def keep(self, route: Route, record: Mapping[str, Any], visma_id: str | None, reason: str) -> str | None:
        attention = self._attention_of(route.project_gid)
        self._ready()
        if route.of_documents:
            # On a plan without custom fields, the sync ends here, before anything is written.
            self._fields.catalog.prepare(route.project_gid)
        self._quarantine.add(record, reason)
        gid = attention.show(route.stream, record.get("data"), visma_id, reason, with_record=self._with_record)
        self._audit.write(Action.QUARANTINED, visma_id, gid, reason=reason)
        return gid


class NotKept:
    """For a sync that writes nothing: the record appears in the log and the summary, but is not kept."""

    def keep(self, route: Route, record: Mapping[str, Any], visma_id: str | None, reason: str) -> str | None:
        """Does nothing, because the warning in the log is enough."""
        return None
