"""Options of enum fields: found by name or code, added, renamed, enabled and disabled; Asana cannot delete them."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any

from destination_asana.asana import OF_CONTENT, AsanaError, Client
from destination_asana.board.fields.catalog import FieldCatalog
from destination_asana.board.fields.marks import mark_in
from destination_asana.board.fields.model import CustomField, OptionState, options_of
from destination_asana.board.fields.option_owners import Scope
from destination_asana.board.fields.option_ownership import Claim, Ownership
from destination_asana.board.fields.refusals import FieldGoneError, of_option
from destination_asana.documents import Option


class OptionName(str):
    """The name of an option in a document, with its code, so that the option is looked up again when it is written.
    `kept` means that it is disabled and stays on a task that has it."""

    option: Option
    scope: Scope
    kept: bool

    @classmethod
    def of(cls, name: str, option: Option, scope: Scope, *, kept: bool = False) -> OptionName:
        made = cls(name)
        made.option, made.scope, made.kept = option, scope, kept
        return made


class FieldOptions:
    """The options of the fields of a catalog. `left_out` lists, by field, the options for which there was no room.
    Thread-safe.

    With `read_only`, nothing is written.
    """

    def __init__(self, client: Client, catalog: FieldCatalog, *, read_only: bool) -> None:
        self._client = client
        self._catalog = catalog
        self._lock = threading.RLock()
        self.left_out: dict[str, set[str]] = {}
        self.ownership = Ownership(client, catalog.marks.facts_of_unmarked, read_only=read_only)
        # The inactive accounts and cost centres that this sync has seen, by field.
        self._inactive: dict[str, set[tuple[Scope, str]]] = {}
        self._to_close: dict[str, CustomField] = {}

    def note_activity(self, name: str, scope: Scope, code: str, *, active: bool) -> None:
        """Remembers whether a code is active in Visma. A later line that names an inactive code does not enable its
        option."""
        with self._lock:
            noted = self._inactive.setdefault(name, set())
            (noted.discard if active else noted.add)((scope, code.casefold()))

    def option(self, name: str, wanted: str, project_gid: str) -> str | None:
        """The gid of an option, which is added if missing; None if there is no room. A `wanted` OptionName is looked up
        by its code, because another record may have created or renamed the option meanwhile. A field that people have
        deleted meanwhile is made anew."""
        try:
            return self._option(name, wanted, project_gid)
        except FieldGoneError:
            self._catalog.refresh(project_gid)
            return self._option(name, wanted, project_gid)

    def _option(self, name: str, wanted: str, project_gid: str) -> str | None:
        scope = wanted.scope if isinstance(wanted, OptionName) else None
        known = self._catalog.ensure(name, project_gid, str(wanted), scope)
        if known is None:
            return None
        with known.lock:
            found = self._present(known, wanted) or self._announce(known, wanted)
            if found is not None or known.full:
                return self._taken(known, wanted, found)
            text = _text(wanted)
            known.adding.append(text)
        # Without the lock, so that other documents meanwhile add other options or find theirs.
        try:
            made = self.add_option(known, text)
        finally:
            with known.lock:
                known.adding.remove(text)
                known.changed.notify_all()
        if made is not None and isinstance(wanted, OptionName) and self._is_inactive(known, wanted):
            self._to_close[made.gid] = known
        return made.gid if made is not None else None

    def settle_owners(self) -> None:
        """Stores the owners of options that were created in this sync by gid, which people cannot change, and restores
        owners that other syncs may have overwritten."""
        for known in self._catalog.known():
            with known.lock:
                self.ownership.assert_again(known)

    def close_inactive(self, gids: Iterable[str]) -> None:
        """Disables, once a document has them, options for lines of accounts that are inactive in Visma."""
        for gid in gids:
            known = self._to_close.pop(gid, None)
            if known is not None:
                with known.lock:
                    option = known.options.get(gid)
                    if option is not None and option.enabled and known.may_disable(option):
                        self.change_option(known, option, enabled=False)

    def _present(self, known: CustomField, wanted: str) -> OptionState | None:
        """The option, if the field has it, or will have it once others have added theirs."""
        code = wanted.option.code if isinstance(wanted, OptionName) else wanted
        if isinstance(wanted, OptionName):
            self.ownership.begin(known, wanted.scope)
        while (
            (found := self._find_option(known, wanted)) is None and known.adding and known.awaits(_text(wanted), code)
        ):
            known.changed.wait()
        return found

    def _taken(self, known: CustomField, wanted: str, found: OptionState | None) -> str | None:
        """The gid of an option that exists; its owners then include the scope. None if there is no room for it."""
        if found is None:
            self.leave_out(known.name, [str(wanted)])
            return None
        if isinstance(wanted, OptionName):
            self._join(known, wanted.scope, found)
        return found.gid

    def _find_option(self, known: CustomField, wanted: str) -> OptionState | None:
        if isinstance(wanted, OptionName):
            return self.ownership.find(known, wanted.scope, wanted.option)
        return known.by_name(wanted)

    def _join(self, known: CustomField, scope: Scope, option: OptionState) -> None:
        """Makes a scope an owner of another scope's option with the same text."""
        if not self.ownership.is_of(known, scope, option):
            known.familiar.add(option.gid)
            self.ownership.claim(known, scope, option.name, Claim.JOINED)
            self.ownership.change(known, lambda owners: owners.claim(scope, option.gid, option.name))

    def _announce(self, known: CustomField, wanted: str) -> OptionState | None:
        """Before an option is added: looks whether another sync has added it, and stores its owner, so that anyone who sees it
        in between knows whose it is. Returns the option if it exists by now."""
        if not isinstance(wanted, OptionName) or known.full:
            return None
        scope, text = wanted.scope, wanted.option.name
        if self.ownership.has_others(known, scope):
            self.reload_options(known)
            found = self._find_option(known, wanted)
            if found is not None or known.full:
                return found
            self.ownership.claim(known, scope, text, Claim.MADE)
        if not self.ownership.is_expected(known, scope, text):
            self.ownership.change(known, lambda owners: owners.intend(scope, text))
        return None

    def _is_inactive(self, known: CustomField, wanted: OptionName) -> bool:
        return (wanted.scope, wanted.option.code.casefold()) in self._inactive.get(known.name, ())

    def add_option(self, known: CustomField, option_name: str) -> OptionState | None:
        """Adds an option. None if another sync has meanwhile taken the last room. Raises RecordError if Asana refuses this
        option."""

        def find() -> dict[str, Any] | None:
            with known.lock:
                self.reload_options(known)
                found = known.by_name(option_name)
            return {"gid": found.gid, "name": found.name} if found else None

        try:
            created = self._client.create(f"/custom_fields/{known.gid}/enum_options", {"name": option_name}, find)
        except AsanaError as error:
            found = find() if error.refusal in OF_CONTENT else None
            if found is None and error.refusal in OF_CONTENT and known.full:
                self.leave_out(known.name, [option_name])
                return None
            if found is None:
                raise of_option(error, known.title, option_name, "Adding") from error
            created = found
            with known.lock:
                self.ownership.share(known, known.options[found["gid"]])
        with known.lock:
            state = known.options.get(created["gid"]) or OptionState(created["gid"], created["name"])
            known.options[state.gid] = state
            known.familiar.add(state.gid)
        return state

    def change_option(self, known: CustomField, option: OptionState, **changes: Any) -> None:
        """Renames, enables or disables an option. Raises RecordError if Asana refuses that."""
        try:
            self._client.put(f"/enum_options/{option.gid}", changes)
        except AsanaError as error:
            raise of_option(error, known.title, changes.get("name", option.name), "Changing") from error
        option.name = changes.get("name", option.name)
        option.enabled = changes.get("enabled", option.enabled)

    def reload_options(self, known: CustomField) -> None:
        """Reads a field's options again. The caller holds its lock."""
        raw = self._catalog.library.read(known.gid)
        known.options = options_of(raw)
        known.mark = mark_in(raw.get("description")) or known.mark
        known.owners = None

    def leave_out(self, name: str, option_names: Iterable[str]) -> None:
        """Remembers options without room, for one warning at the end."""
        with self._lock:
            self.left_out.setdefault(name, set()).update(option_names)


def _text(wanted: str) -> str:
    """The name of an option to add."""
    return wanted.option.name if isinstance(wanted, OptionName) else wanted
