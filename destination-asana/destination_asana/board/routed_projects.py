"""The Asana projects that routes name: whether they accept tasks, their sections and columns."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable

from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from destination_asana.asana import NOT_THERE, OF_RIGHTS_OR_SCOPES, UNAVAILABLE_HERE, AsanaError, Client
from destination_asana.board.access import COMMENTER, read_only_access
from destination_asana.board.fields import CustomFields
from destination_asana.board.sections import Sections
from destination_asana.documents import fields as names
from destination_asana.planning.routing import ProjectRoute

logger = logging.getLogger("airbyte")

# The fields that people see in a list or board of the project without opening the task.
COLUMNS = (names.AMOUNT, names.CURRENCY, names.DUE_DATE, names.STATUS, names.DOCUMENT_TYPE, names.REMAINING)


class RoutedProjects:
    """Each project is checked when a task is first added to it. If it cannot be written to, a warning says so, once per
    sync; its documents are in their other projects. Thread-safe."""

    def __init__(self, client: Client, fields: CustomFields, entries: Iterable[ProjectRoute]) -> None:
        self._client = client
        self._fields = fields
        self._entries: dict[str, list[ProjectRoute]] = {}
        for entry in entries:
            self._entries.setdefault(entry.project_gid, []).append(entry)
        self._lock = threading.RLock()
        self._looked_at: set[str] = set()
        self._refused: set[str] = set()
        self._with_columns: set[str] = set()
        self._sections: dict[str, Sections] = {}

    def usable(self, gid: str) -> bool:
        """Whether a project accepts tasks, as far as that is visible without a write."""
        with self._lock:
            if gid not in self._looked_at:
                self._looked_at.add(gid)
                self._look(gid)
            return gid not in self._refused

    def refuse(self, gid: str, why: str) -> None:
        """Registers that a project accepts no tasks, so that none are added to it in this sync any more."""
        with self._lock:
            if gid in self._refused:
                return
            self._refused.add(gid)
        entries = "; ".join(map(str, self._entries.get(gid, ())))
        if not entries:
            logger.info(
                f"The project {gid} has the name of a project of Visma, but takes none of its documents: {why}."
            )
            return
        logger.warning(
            f"{entries}: no task can be put into the Asana project {gid}: {why}. Likely cause: the token's user may not edit the "
            "project, or it is not there any more. What to do: give that user edit rights in it, or correct the entry. The "
            "documents are in their other projects; they join this one when their records come again."
        )

    def section(self, gid: str, name: str) -> str:
        """The gid of a section of a project. Creates a missing section. Raises AsanaError."""
        return self._sections_of(gid).ensure(name)

    def forget_sections(self, gid: str) -> None:
        """Makes the next use read them again, because a person has changed them meanwhile."""
        self._sections_of(gid).forget()

    def add_columns(self, gid: str) -> None:
        """Makes the important fields columns of a project, once per sync. If the project does not accept them, a warning
        says so; the task has the values in any case."""
        with self._lock:
            if gid in self._with_columns:
                return
            self._with_columns.add(gid)
            try:
                self._fields.catalog.look(gid)
                for name in COLUMNS:
                    if self._fields.catalog.get(name) is not None and not self._fields.catalog.is_left_out(name):
                        self._fields.catalog.ensure(name, gid)
            except AsanaError as error:
                if error.refusal not in UNAVAILABLE_HERE:
                    raise
                if error.refusal in NOT_THERE:
                    self.refuse(gid, f"Asana said “{error.message}”")
            except AirbyteTracedException as error:
                cause = error.__cause__
                # If the user may not change the project, the first task shows whether tasks can be added.
                refused = isinstance(cause, AsanaError) and cause.refusal in OF_RIGHTS_OR_SCOPES
                logger.log(
                    logging.INFO if refused else logging.WARNING,
                    f"The project {gid}, which documents are routed to, does not show all of their fields as columns; their tasks "
                    f"have the values. {error}",
                )

    def _look(self, gid: str) -> None:
        level = read_only_access(self._client, gid, self._client.own_gid())
        if level is not None:
            self.refuse(gid, f"the token's user may only {'comment in' if level == COMMENTER else 'view'} it")

    def _sections_of(self, gid: str) -> Sections:
        with self._lock:
            return self._sections.setdefault(gid, Sections(self._client, gid))
