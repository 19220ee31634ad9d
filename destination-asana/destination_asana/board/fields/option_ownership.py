"""Whose the options of a field are, kept in the mark of the field's description: read, changed, and written back."""

from __future__ import annotations

import logging
from collections.abc import Callable

from destination_asana.asana.client import Client
from destination_asana.asana.errors import AsanaError
from destination_asana.board.fields.marks import Mark, mark_in, with_mark
from destination_asana.board.fields.model import CustomField, OptionState
from destination_asana.board.fields.option_owners import UNKNOWN, Facts, Owners, Scope, is_ours, owns
from destination_asana.documents.line_items import Option

logger = logging.getLogger("airbyte")

# People, and syncs of other companies, may write into the same description between our look and our write.
MOST_TRIES = 3


class Ownership:
    """Answers which option is a scope's, and remembers it in Asana. The caller holds the field's lock.

    With `read_only` what changes is remembered for this sync alone (for dry runs).
    """

    def __init__(self, client: Client, unmarked: Callable[[CustomField], Facts], *, read_only: bool = False) -> None:
        """`unmarked` gives what is known of a field that has no mark."""
        self._client = client
        self._unmarked = unmarked
        self._may_write = not read_only

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

    def is_expected(self, known: CustomField, scope: Scope, name: str) -> bool:
        """Whether an option of this name that is made now will belong to the scope."""
        owners = self.of(known)
        return scope in owners.scopes and owners.of("", name) == frozenset((scope,))

    def is_alone(self, known: CustomField, scope: Scope, option: OptionState) -> bool:
        """Whether an option belongs to a scope and to nobody else."""
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
        if not self._may_write:
            change(self.of(known))
            return
        path = f"/custom_fields/{known.gid}"
        for _ in range(MOST_TRIES):
            description = self._client.get(path, {"opt_fields": "description"}).get("description")
            if self._is_kept(known, path, description, change):
                return
        logger.warning(
            f"Asana does not keep the whole note in the description of the custom field “{known.title}” on whose its options are. "
            "Where accounts or cost centres are renamed or closed, their options stay as they are, and new ones are made."
        )
        known.owners = Owners([UNKNOWN])
        self._may_write = False

    def _is_kept(
        self, known: CustomField, path: str, description: str | None, change: Callable[[Owners], None]
    ) -> bool:
        now = mark_in(description)
        facts = now.facts if now is not None and now.names(known.name) else {}
        # A mark that is gone since the sync began says less than what was read then.
        owners = Owners.read(facts) or self.of(known)
        change(owners)
        owners.settle((option.gid, option.name) for option in known.options.values())
        known.owners = owners
        others = {name: values for name, values in facts.items() if not is_ours(name)}
        known.mark = mark = Mark(known.name, {**others, **owners.facts()})
        if mark == now:
            return True
        try:
            answer = self._client.put(
                path, {"description": with_mark(description, mark)}, {"opt_fields": "description"}
            )
        except AsanaError as error:
            if error.status != 400:
                raise
            return False
        return mark_in(answer.get("description")) == mark
