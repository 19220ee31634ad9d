"""Whose the options of a field are, kept in the mark of the field's description: read, changed, and written back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from enum import Enum

from destination_asana.asana.client import Client
from destination_asana.asana.errors import AsanaError
from destination_asana.board.fields.marks import Mark, mark_in, with_mark
from destination_asana.board.fields.model import CustomField, OptionState
from destination_asana.board.fields.option_owners import Facts, Owners, Scope, is_ours, owns
from destination_asana.documents.line_items import Option

logger = logging.getLogger("airbyte")

# People, and syncs of other companies, may write into the same description between our look and our write.
MOST_TRIES = 3


class Said(Enum):
    """What a sync says of a scope and an option."""

    MADE = "made it"
    JOINED = "has it as well"
    LEFT = "has it no more"


class Ownership:
    """Answers which option is a scope's, and remembers it in Asana. The caller holds the field's lock.

    With `read_only` what changes is remembered for this sync alone (for dry runs).
    """

    def __init__(self, client: Client, unmarked: Callable[[CustomField], Facts], *, read_only: bool = False) -> None:
        """`unmarked` gives what is known of a field that has no mark."""
        self._client = client
        self._unmarked = unmarked
        self._may_write = not read_only
        # Fields whose description cannot be written: what others' syncs would have to know stands nowhere.
        self._locked: set[str] = set()
        self._said: dict[str, dict[tuple[Scope, str], Said]] = {}

    def of(self, known: CustomField) -> Owners:
        """The owners of a field's options, as far as they were read."""
        if known.owners is None:
            facts = known.mark.facts if known.mark is not None else self._unmarked(known)
            known.owners = Owners.read(facts) or Owners()
        return known.owners

    def is_of(self, known: CustomField, scope: Scope, option: OptionState) -> bool:
        """Whether an option belongs to a scope, alone or with others. As long as no scope is known it does."""
        owners = self.of(known)
        return not owners.scopes or owns(scope, owners.of(option.gid, option.name))

    def begin(self, known: CustomField, scope: Scope) -> None:
        """Gives a field whose options have no owners yet its first one."""

        def first(owners: Owners) -> None:
            if not owners.scopes:
                owners.register(scope)

        if not self.of(known).scopes:
            self.change(known, first)

    def has_others(self, known: CustomField, scope: Scope) -> bool:
        """Whether scopes beside this one own options of a field."""
        return any(other != scope for other in self.of(known).scopes)

    def share(self, known: CustomField, option: OptionState) -> None:
        """An option this sync was about to make was there by then: another one may have made it."""
        if self._said.get(known.gid):
            for key in [key for key in self._said[known.gid] if key[1] == option.name.casefold()]:
                self._said[known.gid][key] = Said.JOINED
            self.change(known, lambda owners: owners.share(option.gid, option.name))

    def is_expected(self, known: CustomField, scope: Scope, name: str) -> bool:
        """Whether an option of this name that is made now will belong to the scope."""
        owners = self.of(known)
        return scope in owners.scopes and owners.of("", name) == frozenset((scope,))

    def is_alone(self, known: CustomField, scope: Scope, option: OptionState) -> bool:
        """Whether an option is known to belong to a scope and to nobody else."""
        if known.gid in self._locked:
            return False
        owners = self.of(known).of(option.gid, option.name)
        return bool(owners) and all(owns(scope, (owner,)) for owner in owners)

    def may_leave(self, known: CustomField, scope: Scope, option: OptionState) -> bool:
        """Whether others are known to have an option of the scope, too."""
        owners = self.of(known).of(option.gid, option.name)
        return owns(scope, owners) and len(owners) > 1

    def find(self, known: CustomField, scope: Scope, option: Option, codes: tuple[str, ...] = ()) -> OptionState | None:
        """The option a line means: of this scope, by name, then by code; else one of others that says the same."""
        exact = known.by_name(option.name)
        if exact is not None and self.is_of(known, scope, exact):
            return exact
        return self.of_code(known, scope, option.code, codes) or exact

    def of_code(self, known: CustomField, scope: Scope, code: str, codes: tuple[str, ...] = ()) -> OptionState | None:
        """The scope's only option of a code; of several the only enabled one. None where that would be a guess."""
        found = [each for each in known.by_code(code, codes) if self.is_of(known, scope, each)]
        if len(found) > 1:
            found = [each for each in found if each.enabled]
        return found[0] if len(found) == 1 else None

    def change(self, known: CustomField, change: Callable[[Owners], None]) -> None:
        """Changes the owners as Asana has them now, and keeps them there; costs a read where nothing changes."""
        if not self._may_write or known.gid in self._locked:
            change(self.of(known))
            return
        path = f"/custom_fields/{known.gid}"
        try:
            description = self._description(path)
            for _ in range(MOST_TRIES):
                mark = self._write(known, path, description, change)
                if mark == mark_in(description):
                    return
                # Another company's sync may have read before this write, and written after it.
                description = self._description(path)
                if mark == mark_in(description):
                    return
        except AsanaError as error:
            if error.status not in (400, 402, 403, 404):
                raise
            self._lock(known, f"does not let the token's user change it: “{error.said}” ({error.status})")
        else:
            self._lock(known, "does not keep it whole")

    def assert_again(self, known: CustomField) -> None:
        """At the end of a sync: what it has said of a field's owners still stands, whoever wrote at the same time."""
        if self._said.get(known.gid) or (known.owners is not None and known.owners.pending):
            self.change(known, lambda owners: None)

    def say(self, known: CustomField, scope: Scope, name: str, said: Said) -> None:
        """Remembers for the rest of the sync what is about to be said of a scope and the option of a name."""
        self._said.setdefault(known.gid, {})[(scope, name.casefold())] = said

    def _description(self, path: str) -> str | None:
        found: str | None = self._client.get(path, {"opt_fields": "description"}).get("description")
        return found

    def _write(self, known: CustomField, path: str, description: str | None, change: Callable[[Owners], None]) -> Mark:
        """Writes the mark as it has to be into a description that is there now; gives the mark."""
        now = mark_in(description)
        facts = now.facts if now is not None and now.names(known.name) else {}
        # A mark that is gone since the sync began says less than what was read then.
        owners = Owners.read(facts) or self.of(known)
        change(owners)
        owners.settle((option.gid, option.name) for option in known.options.values())
        self._repeat(known, owners)
        known.owners = owners
        others = {name: values for name, values in facts.items() if not is_ours(name)}
        known.mark = mark = Mark(known.name, {**others, **owners.facts()})
        if mark != now:
            self._client.put(path, {"description": with_mark(description, mark)}, {"opt_fields": "name"})
        return mark

    def _repeat(self, known: CustomField, owners: Owners) -> None:
        """Says again what this sync has said: a sync of another company may have written over it."""
        for (scope, name), said in self._said.get(known.gid, {}).items():
            option = known.by_name(name)
            if option is None:
                continue
            listed = owners.of(option.gid, option.name)
            if said is Said.LEFT:
                if scope in listed and len(listed) > 1:
                    owners.release(scope, option.gid, option.name)
            elif scope not in listed:
                # An option that no list names is only taken for the first scope's.
                lost = said is Said.MADE and not owners.is_listed(option.gid)
                owners.set(option.gid, option.name, [scope] if lost else [*listed, scope])

    def _lock(self, known: CustomField, problem: str) -> None:
        self._locked.add(known.gid)
        logger.warning(
            f"The sync keeps a note in the description of the custom field “{known.title}” on whose its options are, and Asana "
            f"{problem}. Where accounts or cost centres are renamed or closed, their options stay as they are, and new ones are made. "
            "Make the token's user an editor of the field, or shorten what people wrote into its description."
        )
