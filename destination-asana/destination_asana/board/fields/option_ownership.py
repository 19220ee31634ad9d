"""The owners of a field's options, stored in the mark of the field's description: read, changed, and written back."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from enum import Enum

from destination_asana.asana import UNAVAILABLE, AsanaError, Client
from destination_asana.board.fields.marks import Mark, mark_in, with_mark
from destination_asana.board.fields.model import CustomField, OptionState
from destination_asana.board.fields.option_owners import UNKNOWN, Facts, Owners, Scope, is_ours, owns
from destination_asana.documents import Option

logger = logging.getLogger("airbyte")

# People and syncs of other companies may write to the same description between this sync's read and its write. Asana has
# no conditional write, so whoever was overwritten must notice it and write again.
MOST_TRIES = 8
# A sync that read before this sync's last write will have written after so many times what a read and a write take here.
OTHERS_TAKE = 10
SHORTEST_WAIT, LONGEST_WAIT = 0.3, 10.0


class Claim(Enum):
    """A statement of this sync about a scope and an option."""

    MADE = "made it"
    JOINED = "has it as well"
    LEFT = "has it no more"


class Ownership:
    """Finds the option of a scope, and stores owners in Asana. The caller holds the field's lock.

    With `read_only`, changes are remembered only for this sync.
    """

    def __init__(self, client: Client, unmarked: Callable[[CustomField], Facts], *, read_only: bool = False) -> None:
        """`unmarked` returns what is known of a field without a mark."""
        self._client = client
        self._unmarked = unmarked
        self._may_write = not read_only
        # Fields whose description cannot be written, so that other syncs cannot learn the owners.
        self._locked: set[str] = set()
        self._claims: dict[str, dict[tuple[Scope, str], Claim]] = {}
        # Seconds: when a field's mark was last written here, and how long a read and a write took.
        self._written: dict[str, float] = {}
        self._took = 0.0

    def of(self, known: CustomField) -> Owners:
        """The owners of a field's options, if they have been read."""
        if known.owners is None:
            facts = known.mark.facts if known.mark is not None else self._unmarked(known)
            known.owners = Owners.read(facts) or Owners()
        return known.owners

    def is_of(self, known: CustomField, scope: Scope, option: OptionState) -> bool:
        """Whether a scope owns an option, alone or with others. As long as no scope is known, it does."""
        return not self.of(known).scopes or owns(scope, self._owners_of(known, option))

    def begin(self, known: CustomField, scope: Scope) -> None:
        """Gives the first owner to a field whose options have none yet."""

        def first(owners: Owners) -> None:
            if not owners.scopes:
                owners.register(scope)

        if not self.of(known).scopes:
            self.change(known, first)

    def has_others(self, known: CustomField, scope: Scope) -> bool:
        """Whether other scopes own options of a field, too."""
        return any(other != scope for other in self.of(known).scopes)

    def share(self, known: CustomField, option: OptionState) -> None:
        """An option that this sync was about to create already existed, because another sync may have created it."""
        if self._claims.get(known.gid):
            for key in [key for key in self._claims[known.gid] if key[1] == option.name.casefold()]:
                self._claims[known.gid][key] = Claim.JOINED
            self.change(known, lambda owners: owners.share(option.gid, option.name))

    def is_expected(self, known: CustomField, scope: Scope, name: str) -> bool:
        """Whether an option with this name, if created now, will belong to the scope."""
        owners = self.of(known)
        return scope in owners.scopes and owners.of("", name) == frozenset((scope,))

    def is_alone(self, known: CustomField, scope: Scope, option: OptionState) -> bool:
        """Whether the scope is known to be the only owner of an option."""
        if known.gid in self._locked:
            return False
        owners = self._owners_of(known, option)
        return bool(owners) and all(owns(scope, (owner,)) for owner in owners)

    def may_leave(self, known: CustomField, scope: Scope, option: OptionState) -> bool:
        """Whether others are known to own an option of the scope, too."""
        owners = self._owners_of(known, option)
        return owns(scope, owners) and len(owners) > 1

    def _owners_of(self, known: CustomField, option: OptionState) -> frozenset[Scope]:
        """The owners of an option. They are not known of one that has come during this sync and that no list names: the note
        of its maker may be overwritten at the moment."""
        owners = self.of(known)
        listed = owners.of(option.gid, option.name)
        certain = len(owners.scopes) < 2 or option.gid in known.familiar or listed != frozenset(owners.scopes[:1])
        return listed if certain else frozenset((UNKNOWN,))

    def find(self, known: CustomField, scope: Scope, option: Option, codes: tuple[str, ...] = ()) -> OptionState | None:
        """The option that a line means: the scope's own, by name or else by code; else another scope's with the same
        text."""
        exact = known.by_name(option.name)
        if exact is not None and self.is_of(known, scope, exact):
            return exact
        return self.of_code(known, scope, option.code, codes) or exact

    def of_code(self, known: CustomField, scope: Scope, code: str, codes: tuple[str, ...] = ()) -> OptionState | None:
        """The scope's only option of a code or, of several, the only enabled one. None if that would be a guess."""
        found = [each for each in known.by_code(code, codes) if self.is_of(known, scope, each)]
        if len(found) > 1:
            found = [each for each in found if each.enabled]
        return found[0] if len(found) == 1 else None

    def change(self, known: CustomField, change: Callable[[Owners], None]) -> bool:
        """Changes the owners as they are in Asana now, and stores them. Returns whether anything was written; otherwise it
        costs only a read."""
        if not self._may_write or known.gid in self._locked:
            change(self.of(known))
            return False
        path = f"/custom_fields/{known.gid}"
        wrote = False
        try:
            for attempt in range(MOST_TRIES):
                started = time.monotonic()
                description = self._description(path)
                mark = self._write(known, path, description, change)
                if mark == mark_in(description):
                    return wrote
                wrote = True
                self._written[known.gid] = time.monotonic()
                self._took = self._written[known.gid] - started
                # Another company's sync may have read before this write and written after it.
                if mark == mark_in(self._description(path)):
                    return True
                # Random, so that syncs that overwrite each other get out of step.
                time.sleep(random.uniform(0, min(self._took * 2**attempt, 2.0)))  # noqa: S311
        except AsanaError as error:
            if error.refusal not in UNAVAILABLE:
                raise
            self._lock(known, f"does not let the token's user change it: “{error.message}” ({error.status})")
        else:
            self._lock(known, "does not keep it whole")
        return False

    def assert_again(self, known: CustomField) -> None:
        """At the end of a sync, makes sure that its statements about a field's owners are still stored, whoever wrote at
        the same time."""
        if not self._claims.get(known.gid) and not (known.owners is not None and known.owners.pending):
            return
        for _ in range(MOST_TRIES):
            self._let_others_finish(known)
            if not self.change(known, lambda owners: None):
                return

    def _let_others_finish(self, known: CustomField) -> None:
        """Waits until a sync of another company that read the description before this sync wrote it has written, too."""
        if known.gid in self._written and len(self.of(known).scopes) > 1:
            wait = min(max(OTHERS_TAKE * self._took, SHORTEST_WAIT), LONGEST_WAIT)
            time.sleep(max(self._written[known.gid] + wait - time.monotonic(), 0))

    def claim(self, known: CustomField, scope: Scope, name: str, claim: Claim) -> None:
        """Remembers for the rest of the sync a statement about a scope and the option with a name."""
        self._claims.setdefault(known.gid, {})[(scope, name.casefold())] = claim

    def _description(self, path: str) -> str | None:
        found: str | None = self._client.get(path, {"opt_fields": "description"}).get("description")
        return found

    def _write(self, known: CustomField, path: str, description: str | None, change: Callable[[Owners], None]) -> Mark:
        """Writes the right mark into the present description and returns the mark."""
        now = mark_in(description)
        facts = now.facts if now is not None and now.names(known.name) else {}
        # If the mark has disappeared since the sync began, what was read then is more reliable.
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
        """Applies this sync's statements again, because a sync of another company may have overwritten them."""
        for (scope, name), claim in self._claims.get(known.gid, {}).items():
            option = known.by_name(name)
            if option is None:
                continue
            listed = owners.of(option.gid, option.name)
            if claim is Claim.LEFT:
                if scope in listed and len(listed) > 1:
                    owners.release(scope, option.gid, option.name)
            elif scope not in listed:
                # An option that no list names only counts as the first scope's.
                lost = claim is Claim.MADE and not owners.is_listed(option.gid)
                owners.set(option.gid, option.name, [scope] if lost else [*listed, scope])

    def _lock(self, known: CustomField, problem: str) -> None:
        self._locked.add(known.gid)
        logger.warning(
            f"The sync keeps a note in the description of the custom field “{known.title}” on whose its options are, and Asana "
            f"{problem}. Where accounts or cost centres are renamed or closed, their options stay as they are, and new ones are made. "
            "Make the token's user an editor of the field, or shorten what people wrote into its description."
        )
