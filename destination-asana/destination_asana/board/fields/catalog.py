"""The catalog of custom fields: recognised in the workspace, created if missing, and added to the projects that need
them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Mapping
from typing import Any

from destination_asana.asana import Client
from destination_asana.board.fields.creation import FieldCreation
from destination_asana.board.fields.library import FieldLibrary
from destination_asana.board.fields.marking import FieldMarks
from destination_asana.board.fields.marks import mark_in
from destination_asana.board.fields.model import OPTION_TYPES, CustomField, options_of
from destination_asana.board.fields.option_owners import Scope
from destination_asana.board.fields.recognition import Raw, candidates, is_marked, problem_of, recognised, type_of
from destination_asana.documents import KINDS
from destination_asana.documents.fields import DEFINITIONS, VISMA_ID, FieldDefinition
from destination_asana.errors import config_error

logger = logging.getLogger("airbyte")


class FieldCatalog:
    """The definitions of the documents' fields. Thread-safe.

    With `read_only`, nothing is created, and missing fields and options stay missing. Fields in
    `leave_out` are neither created nor written. Raises config_error if a field cannot be used (plan, permission, another
    type).
    """

    def __init__(
        self, client: Client, workspace_gid: str, *, read_only: bool = False, leave_out: Collection[str] = ()
    ) -> None:
        self._read_only = read_only
        self._leave_out = frozenset(leave_out)
        self._kinds: dict[str, set[str]] = {}
        self._lock = threading.RLock()
        self._fields: dict[str, CustomField] = {}
        self._by_gid: dict[str, CustomField] = {}
        self._problems: dict[str, str] = {}
        self.library = FieldLibrary(client, workspace_gid)
        self.marks = FieldMarks(client, self.library, read_only=read_only)
        self._creation = FieldCreation(client, self.library, workspace_gid)
        self._prepared: set[str] = set()

    # --- making usable ---------------------------------------------------------------------------------------------

    def expect(self, project_gid: str, kind: str | None) -> None:
        """Registers that documents of a kind go into a project, so that it needs their fields. None stands for any kind."""
        self._kinds.setdefault(project_gid, set()).update(KINDS if kind is None else (kind,))

    def _needed(self, project_gid: str) -> list[FieldDefinition]:
        """The fields of a project: those for the kinds of documents expected there, or for all kinds if none was named."""
        kinds = self._kinds.get(project_gid) or set(KINDS)
        return [
            each
            for each in DEFINITIONS.values()
            if each.name not in self._leave_out and (not each.kinds or each.kinds & kinds)
        ]

    def is_left_out(self, name: str) -> bool:
        """Whether the settings leave out a field."""
        return name in self._leave_out

    def prepare(self, project_gid: str) -> None:
        """Makes every field of a document usable in a project. Fields with options are created with their first option."""
        with self._lock:
            if project_gid in self._prepared:
                return
            self.look(project_gid)
            # All of them before the first is created, so that a sync that must stop stops before it has written anything.
            needed = self._needed(project_gid)
            for definition in needed:
                self._refuse_unusable(definition.name)
            for definition in needed:
                if definition.type in OPTION_TYPES and not self.exists(definition.name):
                    continue
                self.ensure(definition.name, project_gid)
            self._mark_all()
            self._prepared.add(project_gid)

    def look(self, project_gid: str) -> None:
        """Reads the fields of a project and of the workspace, without creating any."""
        with self._lock:
            if self.library.look(project_gid):
                self.marks.note_what_is_there()
                self._recognise()

    def ensure(
        self, name: str, project_gid: str, first_option: str | None = None, scope: Scope | None = None
    ) -> CustomField | None:
        """The field `name`, created and attached to the project if necessary.

        A field with options is created with `first_option`, because Asana requires at least one; it belongs to `scope`.
        None in read-only mode if the field does not exist.
        """
        with self._lock:
            self.look(project_gid)
            self._refuse_unusable(name)
            known = self._find(name)
            if known is None:
                if self._read_only:
                    return None
                known = self._known(self._creation.create(name, first_option, scope))
                known.name = name
            if first_option is not None and known.type not in OPTION_TYPES:
                raise config_error(
                    f"The custom field “{known.title}” is of type {known.type}, which has no options. Name a single- or "
                    "multi-select field, or one that does not exist yet, as custom_field of the stream."
                )
            self._fields[name] = known
            if known.name not in DEFINITIONS:
                known.name = name
            if not (self.library.is_on(known.gid, project_gid) or self._read_only):
                self._creation.attach(known, project_gid)
            return known

    def refresh(self, project_gid: str) -> None:
        """Reads the definitions again and prepares the project again, because people may change them at any time."""
        with self._lock:
            self._prepared.discard(project_gid)
            self._problems.clear()
            there = self.library.again(project_gid)
            # Unchanged definitions are never removed in between, because other workers use them meanwhile.
            for name, known in list(self._fields.items()):
                if known.gid in there:
                    self._reread(name, there[known.gid])
                elif name == VISMA_ID:
                    # A new field would contain none of the documents in Asana.
                    raise config_error(
                        f"The custom field “{known.title}”, by which the sync knows its documents, was deleted or hidden from "
                        "the token's user during the sync. Bring it back and run the sync again; nothing is lost."
                    )
                else:
                    del self._fields[name]
            self._recognise()
            self.prepare(project_gid)

    # --- asking ----------------------------------------------------------------------------------------------------

    def get(self, name: str) -> CustomField | None:
        """The field that the sync calls `name`, if the workspace has it."""
        return self._fields.get(name)

    def __getitem__(self, name: str) -> CustomField:
        """The field that the sync calls `name`. Raises KeyError if the workspace has none."""
        return self._fields[name]

    def is_on(self, name: str, project_gid: str) -> bool:
        """Whether a project has the field `name`."""
        known = self._fields.get(name)
        return known is not None and self.library.is_on(known.gid, project_gid)

    def of_gid(self, gid: str) -> CustomField | None:
        """A field by its gid, if it has been read."""
        return self._by_gid.get(gid)

    def known(self) -> list[CustomField]:
        """All fields that the sync has found so far."""
        return list(self._fields.values())

    def title(self, name: str) -> str:
        """People's name for the field `name`. Other names come back unchanged."""
        known = self._fields.get(name)
        return known.title if known is not None else name

    def titled(self, differences: Mapping[str, Any]) -> dict[str, Any]:
        """Differences by the names that people see."""
        return {self.title(name): difference for name, difference in differences.items()}

    @property
    def visma_id_gid(self) -> str | None:
        """The gid of the field that identifies documents; None if it does not exist yet."""
        known = self._fields.get(VISMA_ID)
        return known.gid if known else None

    def exists(self, name: str) -> bool:
        """Whether the workspace already has the field."""
        return self._find(name) is not None

    def may_identify(self) -> dict[str, str]:
        """The fields that may hold the Visma IDs, as titles by gid; several if people have copied the field."""
        with self._lock:
            found = candidates(self.library.everything().values())
            return {raw["gid"]: raw["name"] for raw in found if problem_of(VISMA_ID, raw) is None}

    def is_marked(self, gid: str) -> bool:
        """Whether a field carries the mark of the Visma IDs."""
        with self._lock:
            return is_marked(self.library.everything()[gid], VISMA_ID)

    def problem(self, name: str) -> str | None:
        """The reason why the workspace's field `name` cannot be used, in words."""
        return self._problems.get(name)

    def take(self, name: str, gid: str) -> None:
        """Decides which field is the sync's field `name`. It gets its mark together with the others."""
        with self._lock:
            raw = self.library.everything()[gid]
            problem = problem_of(name, raw)
            if problem is not None:
                raise config_error(problem)
            for other, taken in self._fields.items():
                if taken.gid == gid and other != name:
                    raise config_error(
                        f"Tasks carry the values of “{name}” in the custom field “{raw['name']}”, which by its name or mark is the "
                        f"sync's “{other}”. Somebody has probably exchanged names of fields. Give the fields back their first "
                        "names in Asana, then run the sync again. Nothing was written."
                    )
            self._problems.pop(name, None)
            self._fields[name] = known = self._known(raw)
            known.name = name

    def _mark_all(self) -> None:
        for name, known in self._fields.items():
            if name in DEFINITIONS and name not in self._leave_out and not (known.mark and known.mark.names(name)):
                self.marks.remember(known, {})

    # --- inside ----------------------------------------------------------------------------------------------------

    def _recognise(self) -> None:
        """Finds the documents' fields that have not been found yet, and records why one cannot be used."""
        everything = self.library.everything().values()
        for name in DEFINITIONS:
            found = recognised(name, everything) if name not in self._fields else []
            if found and self._reread(name, found[0]):
                self._fields[name] = self._known(found[0])
                self._fields[name].name = name
                self._warn_of_copies(name, found)

    def _reread(self, name: str, raw: Raw) -> bool:
        """Stores Asana's present definition of a field. If the field cannot be used, records the reason and returns
        False."""
        self._known(raw)
        problem = problem_of(name, raw)
        if problem is not None:
            self._problems[name] = problem
        return problem is None

    def _warn_of_copies(self, name: str, found: list[Raw]) -> None:
        if len(found) > 1:
            fields = ", ".join(f"“{raw['name']}” ({raw['gid']})" for raw in found)
            logger.warning(
                f"Several custom fields have the sync's mark of “{name}” in their descriptions: {fields}. The first is used. "
                "Take the line “[Visma sync: …]” out of the descriptions of the others."
            )

    def _find(self, name: str) -> CustomField | None:
        if name not in self._fields:
            found = recognised(name, self.library.everything().values())
            return self._known(found[0]) if found else None
        return self._fields[name]

    def _refuse_unusable(self, name: str) -> None:
        problem = self._problems.get(name)
        if problem is not None:
            raise config_error(problem)

    def _known(self, raw: Raw) -> CustomField:
        known = self._by_gid.get(raw["gid"])
        if known is None:
            known = self._by_gid[raw["gid"]] = CustomField(
                raw["gid"], raw["name"], type_of(raw), options=options_of(raw)
            )
        known.type = type_of(raw)
        known.title = raw["name"]
        known.mark = mark_in(raw.get("description"))
        known.precision = raw.get("precision")
        known.options = options_of(raw)
        return known
