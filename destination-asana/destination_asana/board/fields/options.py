"""Options of enum fields: found by name or code, added, renamed, enabled and disabled; Asana cannot delete them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from destination_asana.asana.client import Client
from destination_asana.asana.errors import AsanaError
from destination_asana.board.fields.catalog import WorkspaceFields
from destination_asana.board.fields.library import DEFINITION_FIELDS
from destination_asana.board.fields.marks import mark_in
from destination_asana.board.fields.model import CustomField, OptionState, options_of
from destination_asana.board.fields.option_owners import Scope
from destination_asana.board.fields.option_ownership import Ownership, Said
from destination_asana.board.fields.refusals import of_option
from destination_asana.documents.line_items import Option


class OptionName(str):
    """The name of an option as a document has it, with what it stands for: the option is looked up anew when it is
    written. `kept`: it is disabled, and stays on a task that has it."""

    option: Option
    scope: Scope
    kept: bool

    @classmethod
    def of(cls, name: str, option: Option, scope: Scope, *, kept: bool = False) -> OptionName:
        made = cls(name)
        made.option, made.scope, made.kept = option, scope, kept
        return made


class FieldOptions(WorkspaceFields):
    """The fields with their options. `left_out` names, by field, the options that found no room."""

    def __init__(
        self, client: Client, workspace_gid: str, *, read_only: bool = False, leave_out: Collection[str] = ()
    ) -> None:
        super().__init__(client, workspace_gid, read_only=read_only, leave_out=leave_out)
        self.left_out: dict[str, set[str]] = {}
        self.ownership = Ownership(client, self._facts_of_unmarked, read_only=read_only)
        # What this sync has learned of accounts and cost centres that are inactive, by field.
        self._inactive: dict[str, set[tuple[Scope, str]]] = {}
        self._to_close: dict[str, CustomField] = {}

    def note_activity(self, name: str, scope: Scope, code: str, *, active: bool) -> None:
        """Remembers what Visma says of a code: a line that names it later in the sync does not make it active."""
        with self._lock:
            noted = self._inactive.setdefault(name, set())
            (noted.discard if active else noted.add)((scope, code.casefold()))

    def option(self, name: str, wanted: str, project_gid: str) -> str | None:
        """The gid of an option, added where it is missing; None when there is no room for it. A `wanted` OptionName is
        looked up by its code: since it was settled, another record may have made or renamed the option."""
        scope = wanted.scope if isinstance(wanted, OptionName) else None
        known = self.ensure(name, project_gid, str(wanted), scope)
        if known is None:
            return None
        with known.lock:
            if scope is not None:
                self.ownership.begin(known, scope)
            found = self._find_option(known, wanted)
            if found is None:
                if known.full:
                    self.leave_out(name, [str(wanted)])
                    return None
                found = self._add(known, wanted)
            elif isinstance(wanted, OptionName):
                self._join(known, wanted.scope, found)
            return found.gid if found else None

    def settle_owners(self) -> None:
        """Keeps whose options are that were made in this sync, by what people cannot change, and what other syncs may
        have written over."""
        for known in list(self._fields.values()):
            with known.lock:
                self.ownership.assert_again(known)

    def close_inactive(self, gids: Iterable[str]) -> None:
        """Disables, once a document has them, options made for lines of accounts that Visma has called inactive."""
        for gid in gids:
            known = self._to_close.pop(gid, None)
            if known is not None:
                with known.lock:
                    option = known.options.get(gid)
                    if option is not None and option.enabled and known.may_disable(option):
                        self.change_option(known, option, enabled=False)

    def _find_option(self, known: CustomField, wanted: str) -> OptionState | None:
        if isinstance(wanted, OptionName):
            return self.ownership.find(known, wanted.scope, wanted.option)
        return known.by_name(wanted)

    def _join(self, known: CustomField, scope: Scope, option: OptionState) -> None:
        """Makes a scope an owner of an option that says the same for another one."""
        if not self.ownership.is_of(known, scope, option):
            self.ownership.say(known, scope, option.name, Said.JOINED)
            self.ownership.change(known, lambda owners: owners.claim(scope, option.gid, option.name))

    def _add(self, known: CustomField, wanted: str) -> OptionState | None:
        if not isinstance(wanted, OptionName):
            return self.add_option(known, wanted)
        scope, text = wanted.scope, wanted.option.name
        if self.ownership.has_others(known, scope):
            # Their syncs may have made it since this one has read the field.
            self.reload_options(known)
            found = self._find_option(known, wanted)
            if found is not None:
                self._join(known, scope, found)
                return found
            self.ownership.say(known, scope, text, Said.MADE)
        if not self.ownership.is_expected(known, scope, text):
            # Before it is made: whoever looks at it in the meantime has to know whose it is.
            self.ownership.change(known, lambda owners: owners.intend(scope, text))
        made = self.add_option(known, text)
        if made is not None and (scope, wanted.option.code.casefold()) in self._inactive.get(known.name, ()):
            self._to_close[made.gid] = known
        return made

    def add_option(self, known: CustomField, option_name: str) -> OptionState | None:
        """Adds an option; the caller holds the field's lock. None when another sync has taken the last room meanwhile.
        Raises RecordError when Asana refuses this option."""

        def find() -> dict[str, Any] | None:
            self.reload_options(known)
            found = known.by_name(option_name)
            return {"gid": found.gid, "name": found.name} if found else None

        try:
            created = self._client.create(f"/custom_fields/{known.gid}/enum_options", {"name": option_name}, find)
        except AsanaError as error:
            found = find() if error.status == 400 else None
            if found is None and error.status == 400 and known.full:
                self.leave_out(known.name, [option_name])
                return None
            if found is None:
                raise of_option(error, known.title, option_name, "Adding") from error
            created = found
            self.ownership.share(known, known.options[found["gid"]])
        state = known.options.get(created["gid"]) or OptionState(created["gid"], created["name"])
        known.options[state.gid] = state
        return state

    def change_option(self, known: CustomField, option: OptionState, **changes: Any) -> None:
        """Renames, enables or disables an option. Raises RecordError when Asana refuses that."""
        try:
            self._client.put(f"/enum_options/{option.gid}", changes)
        except AsanaError as error:
            raise of_option(error, known.title, changes.get("name", option.name), "Changing") from error
        option.name = changes.get("name", option.name)
        option.enabled = changes.get("enabled", option.enabled)

    def reload_options(self, known: CustomField) -> None:
        """Reads a field's options anew; the caller holds its lock."""
        raw = self._client.get(f"/custom_fields/{known.gid}", {"opt_fields": ",".join(DEFINITION_FIELDS)})
        known.options = options_of(raw)
        known.mark = mark_in(raw.get("description")) or known.mark
        known.owners = None

    def leave_out(self, name: str, option_names: Iterable[str]) -> None:
        """Remembers options that found no room, for one warning at the end."""
        with self._lock:
            self.left_out.setdefault(name, set()).update(option_names)
