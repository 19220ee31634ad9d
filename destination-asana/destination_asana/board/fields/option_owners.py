"""The owners of options: the companies (and segments of cost centres) that use each option, stored in the field's mark.
Pure.

An option has a name, a colour and an on and off switch, and no place for its owner. So the mark in the field's
description lists the owners as scopes: a scope is a company, or a company and a segment. The first scope owns every
option that no list names, so a workspace with one company needs no list. The lists contain short fingerprints of the
options: of the gid or, before an option is created, of the name.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

Facts = Mapping[str, tuple[str, ...]]
Scope = str

# The owner of every option that existed when a mark was lost: somebody, but it is not known who.
UNKNOWN: Scope = "?"
# The owner of options whose records name no company, as those of other sources may.
_NO_COMPANY = "-"
_SCOPES, _CHECK, _OWNED, _PENDING = "owners", "check", "o", "p"
_WIDTH = 5
NOBODY = "."


def scope_of(company: str, segment: str | None = None) -> Scope:
    """The scope of a company, or of one segment of its cost centres."""
    company = company.strip().casefold() or _NO_COMPANY
    return f"{company}/{segment.strip().casefold()}" if segment else company


def owns(scope: Scope, owners: Iterable[Scope]) -> bool:
    """Whether a scope is among the owners; for a company without a segment, whether any of its segments is."""
    return any(scope in (owner, owner.partition("/")[0]) for owner in owners)


@lru_cache(maxsize=4096)
def fingerprint(text: str) -> str:
    """A short fingerprint of a gid or a name, ignoring case."""
    digest = hashlib.sha256(text.casefold().encode("utf-8", "replace")).digest()
    return base64.b32encode(digest)[:_WIDTH].decode().casefold()


@dataclass
class Owners:
    """The owners of one field's options. `scopes` lists the scopes in order of arrival; `of_gid` the options that do not
    belong only to the first scope; `pending` the names of options that a scope is about to create."""

    scopes: list[Scope] = field(default_factory=list)
    of_gid: dict[str, frozenset[Scope]] = field(default_factory=dict)
    pending: dict[str, frozenset[Scope]] = field(default_factory=dict)

    def of(self, gid: str, name: str) -> frozenset[Scope]:
        """The scopes that own an option. UNKNOWN among them means that there may be others."""
        listed = self.of_gid.get(fingerprint(gid))
        if listed is None:
            listed = self.pending.get(fingerprint(name))
        return frozenset(self.scopes[:1]) if listed is None else listed

    def is_listed(self, gid: str) -> bool:
        """Whether a list names an option. Otherwise the option counts as the first scope's."""
        return fingerprint(gid) in self.of_gid

    def register(self, scope: Scope) -> None:
        """Adds a scope. The first one owns all options that are not listed."""
        if scope not in self.scopes:
            self.scopes.append(scope)

    def claim(self, scope: Scope, gid: str, name: str) -> None:
        """Adds a scope to the owners of an option."""
        self.set(gid, name, self.of(gid, name) | {scope})

    def release(self, scope: Scope, gid: str, name: str) -> None:
        """Removes a scope from the owners of an option."""
        self.set(gid, name, self.of(gid, name) - {scope})

    def set(self, gid: str, name: str, owners: Iterable[Scope]) -> None:
        """Sets the owners of an option."""
        wanted = frozenset(owners)
        for scope in sorted(wanted):
            self.register(scope)
        self.pending.pop(fingerprint(name), None)
        if wanted == frozenset(self.scopes[:1]):
            self.of_gid.pop(fingerprint(gid), None)
        else:
            self.of_gid[fingerprint(gid)] = wanted

    def intend(self, scope: Scope, name: str) -> None:
        """Sets the owner of an option that is about to be created."""
        self.register(scope)
        # A scope that was about to create it, and never did, must not pass for its owner.
        self.pending.pop(fingerprint(name), None)
        if scope != self.scopes[0]:
            self.pending[fingerprint(name)] = frozenset((scope,))

    def share(self, gid: str, name: str) -> None:
        """Adds the scopes that were about to create an option to those that have created it meanwhile."""
        makers = self.pending.pop(fingerprint(name), frozenset())
        self.set(gid, name, self.of(gid, name) | makers)

    def settle(self, options: Iterable[tuple[str, str]]) -> None:
        """Stores options (gid, name) that were created as planned by their gid, so that people may rename them."""
        for gid, name in options:
            listed = self.pending.get(fingerprint(name))
            if listed is not None:
                self.set(gid, name, self.of_gid.get(fingerprint(gid), listed))

    # --- the mark --------------------------------------------------------------------------------------------------

    def facts(self) -> dict[str, tuple[str, ...]]:
        """The facts for the field's mark."""
        facts: dict[str, tuple[str, ...]] = {_SCOPES: tuple(self.scopes)}
        for letter, listed in ((_OWNED, self.of_gid), (_PENDING, self.pending)):
            groups: dict[str, list[str]] = {}
            for mark, owners in listed.items():
                places = ".".join(str(place) for place, scope in enumerate(self.scopes) if scope in owners) or NOBODY
                groups.setdefault(letter + places, []).append(mark)
            facts.update((name, ("".join(sorted(marks)),)) for name, marks in sorted(groups.items()))
        if len(facts) > 1:
            facts[_CHECK] = (_checksum(facts),)
        return facts

    @classmethod
    def read(cls, facts: Facts) -> Owners | None:
        """Reads the owners from a mark; None if it contains none. If somebody has edited them, all owners are unknown."""
        scopes = list(facts.get(_SCOPES, ()))
        kept = {name: values for name, values in facts.items() if is_ours(name) and name != _CHECK}
        if not kept:
            return None
        checksum = "".join(facts.get(_CHECK, ())).casefold()
        if not scopes or (len(kept) > 1 and checksum != _checksum(kept)):
            return cls([UNKNOWN])
        found = cls([scope.casefold() for scope in scopes])
        for name, values in kept.items():
            if name != _SCOPES:
                listed = found.of_gid if name.startswith(_OWNED) else found.pending
                places = [int(place) for place in name[1:].split(".") if place]
                owners = frozenset(found.scopes[place] for place in places if place < len(found.scopes))
                marks = "".join(values).casefold()
                listed.update((marks[at : at + _WIDTH], owners) for at in range(0, len(marks), _WIDTH))
        return found


def is_ours(name: str) -> bool:
    """Whether a fact of a mark is about the owners of options."""
    if name in (_SCOPES, _CHECK):
        return True
    return name[:1] in (_OWNED, _PENDING) and name[1:].replace(".", "0").isdigit()


def _checksum(facts: Facts) -> str:
    words = ";".join(f"{name}={','.join(values)}" for name, values in sorted(facts.items()) if name != _CHECK)
    return fingerprint(words)
