"""The workspace's custom fields: recognised or created, marked, and attached to a project."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Collection, Mapping
from typing import Any

from destination_asana.asana.client import Client
from destination_asana.asana.errors import AsanaError
from destination_asana.board.fields.library import DEFINITION_FIELDS, FieldLibrary
from destination_asana.board.fields.marks import Mark, mark_in, with_mark
from destination_asana.board.fields.model import CustomField, options_of
from destination_asana.board.fields.option_owners import UNKNOWN, Owners, Scope
from destination_asana.board.fields.recognition import Raw, candidates, is_marked, problem_of, recognised, type_of
from destination_asana.board.fields.refusals import of_attaching, of_field
from destination_asana.documents.fields import (
    DEFINITIONS,
    FIRST_DESCRIPTIONS,
    OTHER_DESCRIPTION,
    VISMA_ID,
    FieldDefinition,
)
from destination_asana.documents.types import KINDS
from destination_asana.errors import config_error

logger = logging.getLogger("airbyte")

_OPTION_TYPES = ("enum", "multi_enum")
_TAKEN = re.compile(r"already|exist|taken|unique|duplicate|in use", re.IGNORECASE)


class WorkspaceFields:
    """The definitions of the fields documents have. Thread-safe.

    With `read_only` nothing is created: fields and options that are missing stay missing (for dry runs). Fields named in
    `leave_out` are neither made nor written.
    Raises config_error when a field cannot be used (plan, permission, another type).
    """

    def __init__(
        self, client: Client, workspace_gid: str, *, read_only: bool = False, leave_out: Collection[str] = ()
    ) -> None:
        self._client = client
        self._workspace = workspace_gid
        self._read_only = read_only
        self._leave_out = frozenset(leave_out)
        self._kinds: dict[str, set[str]] = {}
        self._lock = threading.RLock()
        self._fields: dict[str, CustomField] = {}
        self._by_gid: dict[str, CustomField] = {}
        self._problems: dict[str, str] = {}
        self.library = FieldLibrary(client, workspace_gid)
        self._prepared: set[str] = set()
        self._may_mark = not read_only
        self._marked_before: bool | None = None

    # --- making usable ---------------------------------------------------------------------------------------------

    def expect(self, project_gid: str, kind: str | None) -> None:
        """Notes that documents of a kind go into a project, so that it needs their fields; None stands for any kind."""
        self._kinds.setdefault(project_gid, set()).update(KINDS if kind is None else (kind,))

    def _needed(self, project_gid: str) -> list[FieldDefinition]:
        """The fields of a project: of the kinds of documents expected there, of all kinds where none was named."""
        kinds = self._kinds.get(project_gid) or set(KINDS)
        return [
            each
            for each in DEFINITIONS.values()
            if each.name not in self._leave_out and (not each.kinds or each.kinds & kinds)
        ]

    def is_left_out(self, name: str) -> bool:
        """Whether the settings leave a field out."""
        return name in self._leave_out

    def prepare(self, project_gid: str) -> None:
        """Makes every field of a document usable in a project. Fields with options wait for their first option."""
        with self._lock:
            if project_gid in self._prepared:
                return
            self.look(project_gid)
            # All of them before the first is made: what stops the sync has to stop it before it has written anything.
            needed = self._needed(project_gid)
            for definition in needed:
                self._refuse_unusable(definition.name)
            for definition in needed:
                if definition.type in _OPTION_TYPES and not self.exists(definition.name):
                    continue
                self.ensure(definition.name, project_gid)
            self._mark_all()
            self._prepared.add(project_gid)

    def look(self, project_gid: str) -> None:
        """Reads the fields a project has, and those of the workspace; makes none."""
        with self._lock:
            if self.library.look(project_gid):
                if self._marked_before is None:
                    raws = self.library.everything().values()
                    self._marked_before = any(mark_in(raw.get("description")) is not None for raw in raws)
                self._recognise()

    def ensure(
        self, name: str, project_gid: str, first_option: str | None = None, scope: Scope | None = None
    ) -> CustomField | None:
        """The field `name`, created and attached to the project where that is needed.

        A field with options is created with `first_option`, since Asana wants at least one; it belongs to `scope`. None
        in read-only mode when the field does not exist.
        """
        with self._lock:
            self.look(project_gid)
            self._refuse_unusable(name)
            known = self._find(name)
            if known is None:
                if self._read_only:
                    return None
                known = self._create(name, first_option, scope)
            if first_option is not None and known.type not in _OPTION_TYPES:
                raise config_error(
                    f"The custom field “{known.title}” is of type {known.type}, which has no options. Name a single- or "
                    "multi-select field, or one that does not exist yet, as custom_field of the stream."
                )
            self._fields[name] = known
            if known.name not in DEFINITIONS:
                known.name = name
            if not (self.library.is_on(known.gid, project_gid) or self._read_only):
                self._attach(known, project_gid)
            return known

    def refresh(self, project_gid: str) -> None:
        """Reads the definitions again and prepares the project anew (people may change them at any time)."""
        with self._lock:
            self._prepared.discard(project_gid)
            self._problems.clear()
            there = self.library.again(project_gid)
            # What has stayed stays in its place all the time: other workers use it meanwhile.
            for name, known in list(self._fields.items()):
                if known.gid in there:
                    self._reread(name, there[known.gid])
                elif name == VISMA_ID:
                    # A new one would know none of the documents that are in Asana.
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
        """The field the sync calls `name`, where the workspace has it."""
        return self._fields.get(name)

    def title(self, name: str) -> str:
        """What people call the field `name`; other names come back as they are."""
        known = self._fields.get(name)
        return known.title if known is not None else name

    def titled(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """Differences by the names people see."""
        return {self.title(name): difference for name, difference in told.items()}

    @property
    def visma_id_gid(self) -> str | None:
        """The gid of the field that identifies documents; None where it does not exist yet."""
        known = self._fields.get(VISMA_ID)
        return known.gid if known else None

    def exists(self, name: str) -> bool:
        """True when the workspace has the field already."""
        return self._find(name) is not None

    def may_identify(self) -> dict[str, str]:
        """The fields that could hold the Visma IDs, titles by gid: more than one where people have copied the field."""
        with self._lock:
            found = candidates(self.library.everything().values())
            return {raw["gid"]: raw["name"] for raw in found if problem_of(VISMA_ID, raw) is None}

    def is_marked(self, gid: str) -> bool:
        """Whether a field carries the mark of the Visma IDs."""
        with self._lock:
            return is_marked(self.library.everything()[gid], VISMA_ID)

    def problem(self, name: str) -> str | None:
        """Why the workspace's field `name` cannot be used, in words."""
        return self._problems.get(name)

    def take(self, name: str, gid: str) -> None:
        """Settles which field is the sync's field `name`; it is marked as such with the others."""
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

    # --- marks -----------------------------------------------------------------------------------------------------

    def _mark_all(self) -> None:
        for name, known in self._fields.items():
            if name in DEFINITIONS and name not in self._leave_out and not (known.mark and known.mark.names(name)):
                self.remember(known, {})

    def remember(self, known: CustomField, facts: Mapping[str, tuple[str, ...]]) -> bool:
        """Keeps facts about a field in its mark, beside those that are there; makes the mark where there is none. False
        where the token may not change the field: then no more are tried."""
        if not self._may_mark:
            return False
        path = f"/custom_fields/{known.gid}"
        try:
            # Read anew: people, and other syncs, write into descriptions too.
            description = self._client.get(path, {"opt_fields": "description"}).get("description")
            now = mark_in(description)
            kept = now.facts if now is not None and now.names(known.name) else self._first_facts(known, description)
            mark = Mark(known.name, {**kept, **facts})
            if mark != now:
                self._client.put(path, {"description": with_mark(description, mark)}, {"opt_fields": "name"})
        except AsanaError as error:
            if error.status not in (400, 402, 403, 404):
                raise
            self._may_mark = False
            logger.info(f"The custom field “{known.title}” is known by its name alone: its description is locked.")
            return False
        known.mark = mark
        return True

    def _first_facts(self, known: CustomField, description: str | None) -> Mapping[str, tuple[str, ...]]:
        """What a field's new mark says of its options' owners: nothing, or, where there was a mark that somebody has taken
        away, that they are not known."""
        if known.type not in _OPTION_TYPES or not known.options or self._never_marked(known, description):
            return {}
        return Owners([UNKNOWN]).facts()

    def _never_marked(self, known: CustomField, description: str | None) -> bool:
        """Whether a field without mark is one that version 0.1.0 has left: it left no marks, in no field."""
        definition = DEFINITIONS.get(known.name)
        first = {
            OTHER_DESCRIPTION,
            definition.description if definition else "",
            FIRST_DESCRIPTIONS.get(known.name, ""),
        }
        if (description or "").strip() in first - {""}:
            return True
        return not self._marked_before and any(
            raw["name"].strip() == VISMA_ID for raw in self.library.everything().values()
        )

    def _facts_of_unmarked(self, known: CustomField) -> Mapping[str, tuple[str, ...]]:
        return self._first_facts(known, self.library.everything().get(known.gid, {}).get("description"))

    # --- inside ----------------------------------------------------------------------------------------------------

    def _recognise(self) -> None:
        """Finds the documents' fields that are not found yet, and notes why one cannot be used."""
        everything = self.library.everything().values()
        for name in DEFINITIONS:
            found = recognised(name, everything) if name not in self._fields else []
            if found and self._reread(name, found[0]):
                self._fields[name] = self._known(found[0])
                self._fields[name].name = name
                self._warn_of_copies(name, found)

    def _reread(self, name: str, raw: Raw) -> bool:
        """Takes over what Asana says of a field now; False, and a note, where it cannot be used."""
        self._known(raw)
        problem = problem_of(name, raw)
        if problem is not None:
            self._problems[name] = problem
        return problem is None

    def _warn_of_copies(self, name: str, found: list[Raw]) -> None:
        if len(found) > 1:
            told = ", ".join(f"“{raw['name']}” ({raw['gid']})" for raw in found)
            logger.warning(
                f"Several custom fields have the sync's mark of “{name}” in their descriptions: {told}. The first is used. "
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
            known = self._by_gid[raw["gid"]] = CustomField(raw["gid"], raw["name"], type_of(raw))
        known.type = type_of(raw)
        known.title = raw["name"]
        known.mark = mark_in(raw.get("description"))
        known.precision = raw.get("precision")
        known.options = options_of(raw)
        return known

    def _create(self, name: str, first_option: str | None, scope: Scope | None) -> CustomField:
        definition = DEFINITIONS.get(name) or FieldDefinition(name, "multi_enum", OTHER_DESCRIPTION)
        data: dict[str, Any] = {
            "workspace": self._workspace,
            "name": name,
            "resource_subtype": definition.type,
            "description": with_mark(definition.description, Mark(name, Owners([scope]).facts() if scope else {})),
            # Followers would get a message for every change of a value.
            "has_notifications_enabled": False,
        }
        if definition.type == "number":
            data["precision"] = definition.precision
        if definition.type in _OPTION_TYPES:
            data["enum_options"] = [{"name": first_option}]

        def find() -> dict[str, Any] | None:
            self.library.forget()
            found = recognised(name, self.library.everything().values())
            return dict(found[0]) if found else None

        try:
            created = self._client.create("/custom_fields", data, find, {"opt_fields": ",".join(DEFINITION_FIELDS)})
        except AsanaError as error:
            # The name may be taken by now: by an earlier try of ours, or by another sync.
            found = find() if error.status == 400 else None
            if found is None:
                raise self._refusal(error, name) from error
            created = found
        problem = problem_of(name, created)
        if problem is not None:
            raise config_error(problem)
        self.library.add(created)
        known = self._known(created)
        known.name = name
        return known

    def _refusal(self, error: AsanaError, name: str) -> Exception:
        if error.status == 400 and _TAKEN.search(error.said):
            return config_error(self._name_taken(name, error.said))
        return of_field(error, f"Creating the custom field “{name}”")

    def _name_taken(self, name: str, said: str) -> str:
        holder = self.library.named(name)
        if holder is not None:
            return (
                f"The custom field “{name}” of the workspace has another use: by its description it is the sync's "
                f"“{holder}”. Rename it in Asana, then run the sync again. No document was written."
            )
        return name_taken(name, said)

    def _attach(self, known: CustomField, project_gid: str) -> None:
        definition = DEFINITIONS.get(known.name)
        data = {"custom_field": known.gid, "is_important": bool(definition and definition.important)}
        try:
            self._client.act(f"/projects/{project_gid}/addCustomFieldSetting", data)
        except AsanaError as error:
            # The first of two tries may have worked although its answer was lost.
            if not (error.status == 400 and "already" in error.said.lower()):
                raise of_attaching(error, known.title, project_gid, self.library.count(project_gid)) from error
        self.library.attached(known.gid, project_gid)


def name_taken(name: str, said: str = "") -> str:
    """What to do where Asana has a field of a name, and does not show it to the token's user."""
    words = f" and takes no second one of that name: “{said}”" if said else ""
    return (
        f"The workspace has a custom field “{name}” that Asana does not show to the token's user{words}. Somebody has made it "
        "private, or it is out of that user's reach. Let its owner share it with the token's user, or rename it, then run "
        "the sync again. No document was written."
    )
