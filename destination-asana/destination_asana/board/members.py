"""Who looks after a document: the supplier mapping, then its owner in Visma, matched against the workspace's members."""

from __future__ import annotations

import logging
import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from destination_asana.asana.client import Client
from destination_asana.asana.errors import AsanaError
from destination_asana.config import MappingEntry

logger = logging.getLogger("airbyte")


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the workspace who can be assigned."""

    gid: str
    name: str
    email: str | None
    active: bool = True
    guest: bool = False


@dataclass(frozen=True, slots=True)
class Resolution:
    """What became of one mapping entry: its member, or the problem in words; `unknown` when nobody is meant."""

    entry: MappingEntry
    member: Member | None
    problem: str | None = None
    unknown: bool = False


class Assignees:
    """Answers who gets a document. Members are read from Asana once, when the first question comes. Thread-safe."""

    def __init__(
        self, client: Client, workspace_gid: str, mapping: Sequence[MappingEntry], *, by_owner: bool = False
    ) -> None:
        """`by_owner`: an order no entry fits goes to the member whose name is its owner's."""
        self._owned = by_owner
        self._client = client
        self._workspace = workspace_gid
        self._mapping = [(entry, _patterns(entry.supplier)) for entry in mapping]
        self._entries: dict[tuple[str | None, str | None], MappingEntry | None] = {}
        self._lock = threading.RLock()
        self._members: list[Member] | None = None
        self._resolutions: dict[MappingEntry, Resolution] = {}
        self._refused: set[str] = set()
        self._owners: dict[str, Member | None] = {}
        self._managers: dict[str, Member | None] = {}
        self.unmatched: Counter[str] = Counter()

    @property
    def in_use(self) -> bool:
        """False when no setting could assign anybody."""
        return bool(self._mapping or self._owned)

    def of(
        self,
        supplier_name: str | None,
        supplier_number: str | None,
        *,
        owner: str | None = None,
        count: bool = True,
    ) -> str | None:
        """The gid of the member who gets a document of this supplier, or None. First matching entry wins; where none fits,
        the document goes to the member of its `owner`'s name, when the settings ask for that.

        Suppliers no entry fits are counted, unless `count` is False.
        """
        entry = self.entry_for(supplier_name, supplier_number)
        if entry is not None:
            member = self.resolve(entry).member
        else:
            member = self._by_owner(owner) if self._owned and owner else None
            if count and member is None and self._mapping and (supplier_name or supplier_number):
                with self._lock:
                    self.unmatched[supplier_name or str(supplier_number)] += 1
        return member.gid if member is not None and member.gid not in self._refused else None

    def manager(self, email: str) -> str | None:
        """The gid of the active member with a project manager's e-mail address, or None. Guests are not meant: amounts would
        be visible to them."""
        key = normal(email)
        with self._lock:
            if key not in self._managers:
                self._managers[key] = self._find_manager(email, key)
            member = self._managers[key]
        return member.gid if member is not None and member.gid not in self._refused else None

    def _find_manager(self, email: str, key: str) -> Member | None:
        found = [each for each in self.members() if normal(each.email or "") == key] or self._ask_for(email)
        member = next((each for each in found if each.active and not each.guest), None)
        if member is None:
            logger.warning(
                f"Projects of the manager {email} stay unassigned: nobody in the workspace has this e-mail address, or only a guest "
                "or a deactivated member has it. Invite the manager to Asana, or assign the cards there; what you choose stays."
            )
        return member

    def entry_for(self, supplier_name: str | None, supplier_number: str | None) -> MappingEntry | None:
        """The first entry whose supplier is this name, number or pattern."""
        supplier = (supplier_name, supplier_number)
        # Thousands of documents may come from a few suppliers.
        if supplier not in self._entries:
            self._entries[supplier] = self._match(supplier)
        return self._entries[supplier]

    def _match(self, supplier: tuple[str | None, ...]) -> MappingEntry | None:
        texts = [[spelling(value) for spelling in SPELLINGS] for value in supplier if value]
        for entry, patterns in self._mapping:
            if any(pattern.fullmatch(text) for each in texts for pattern, text in zip(patterns, each, strict=True)):
                return entry
        return None

    def refused(self, gid: str, said: str) -> None:
        """Notes that Asana does not take an assignee, so that it is not tried again in this sync."""
        with self._lock:
            if gid in self._refused:
                return
            self._refused.add(gid)
            entries = [str(each.entry) for each in self._resolutions.values() if each.member and each.member.gid == gid]
            managers = [each.email for each in self._managers.values() if each is not None and each.gid == gid]
            owners = [f"“{each.name}”" for each in self._owners.values() if each is not None and each.gid == gid]
        if managers and not entries:
            logger.warning(
                f"Asana does not accept the project manager {managers[0]} as assignee: “{said}”. These projects stay unassigned; "
                "assign their cards in Asana, what you choose stays."
            )
        elif entries or not owners:
            logger.warning(
                f"Asana does not accept the assignee of the mapping entry {', '.join(entries) or gid}: “{said}”. Its documents "
                "stay unassigned; correct the entry in the settings."
            )
        else:
            logger.warning(
                f"Asana does not accept {owners[0]}, the owner of orders in Visma, as assignee: “{said}”. These orders stay "
                "unassigned; an entry of the supplier mapping can name somebody else."
            )

    def resolve(self, entry: MappingEntry) -> Resolution:
        """Finds the member an entry means; a problem is logged once, with the entry's name."""
        with self._lock:
            known = self._resolutions.get(entry)
            if known is None:
                known = self._resolve(entry)
                self._resolutions[entry] = known
                if known.problem:
                    logger.warning(known.problem)
            return known

    def _resolve(self, entry: MappingEntry) -> Resolution:
        wanted = normal(entry.assignee)
        found = [m for m in self.members() if wanted in (m.gid, normal(m.email or ""))]
        found = found or [m for m in self.members() if wanted == normal(m.name)]
        if not found and ("@" in entry.assignee or entry.assignee.isdigit()):
            found = self._ask_for(entry.assignee)
        if not found:
            return Resolution(
                entry,
                None,
                f"The supplier mapping {entry} names an assignee nobody in the workspace is. Use the e-mail, name or gid of a "
                "member; until then those documents stay unassigned.",
                unknown=True,
            )
        active = [member for member in found if member.active]
        if not active:
            return Resolution(
                entry,
                None,
                f"The supplier mapping {entry} names a deactivated member. Name somebody else; until then those documents stay "
                "unassigned.",
            )
        if len(active) > 1:
            return Resolution(
                entry,
                None,
                f"The supplier mapping {entry} fits {len(active)} members. Use an e-mail or a gid; until then those documents "
                "stay unassigned.",
                unknown=True,
            )
        problem = None
        if active[0].guest:
            problem = (
                f"The supplier mapping {entry} names a guest of the workspace: assigned tasks, amounts included, are visible "
                "to that guest."
            )
        return Resolution(entry, active[0], problem)

    def members(self) -> list[Member]:
        """All people of the workspace, deactivated ones included."""
        with self._lock:
            if self._members is None:
                self._members = self._read_members()
            return self._members

    def name_of(self, gid: str) -> str:
        """The name of a person of the workspace; the gid of one who is not listed there or has no name."""
        return next((member.name for member in self.members() if member.gid == gid), "") or gid

    def _read_members(self) -> list[Member]:
        users = self._client.list("/users", {"workspace": self._workspace, "opt_fields": "name,email"})
        people = {user["gid"]: Member(user["gid"], user.get("name") or "", user.get("email")) for user in users}
        try:
            memberships = self._client.list(
                f"/workspaces/{self._workspace}/workspace_memberships",
                {"opt_fields": "user,user.name,user.email,is_active,is_guest"},
            )
        except AsanaError as error:
            if error.status not in (402, 403, 404):
                raise
            memberships = []
        for membership in memberships:
            user = membership.get("user") or {}
            known = people.get(user.get("gid", ""))
            if user.get("gid"):
                people[user["gid"]] = Member(
                    user["gid"],
                    (known.name if known else user.get("name")) or "",
                    (known.email if known else None) or user.get("email"),
                    membership.get("is_active") is not False,
                    bool(membership.get("is_guest")),
                )
        return list(people.values())

    def _ask_for(self, who: str) -> list[Member]:
        """An e-mail can be hidden from the listing and still be accepted wherever a user goes."""
        try:
            user = self._client.get(f"/users/{quote(who, safe='')}", {"opt_fields": "name,email,workspaces"})
        except AsanaError:
            return []
        known = [member for member in self.members() if member.gid == user["gid"]]
        workspaces = {workspace["gid"] for workspace in user.get("workspaces") or []}
        # A deactivated member is listed among the memberships, and in no workspace of its own account.
        if known or self._workspace not in workspaces:
            return known
        return [Member(user["gid"], user.get("name") or "", user.get("email"))]

    def _by_owner(self, owner: str) -> Member | None:
        """The only active member of this name. Guests are not meant: amounts would be visible to them."""
        name = normal(owner)
        with self._lock:
            if name not in self._owners:
                self._owners[name] = self._find_owner(owner, name)
            return self._owners[name]

    def _find_owner(self, owner: str, name: str) -> Member | None:
        found = [each for each in self.members() if each.active and not each.guest and normal(each.name) == name]
        if len(found) > 1:
            logger.warning(
                f"Orders of “{owner}” stay unassigned: {len(found)} members of the workspace have this name, and "
                "assign_order_owner goes by it. An entry of the supplier mapping comes first and can use an e-mail."
            )
        return found[0] if len(found) == 1 else None


def normal(text: str) -> str:
    """A name as it is compared: without case, width and extra spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _in_small_letters(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


# Without case “ß” is “ss”; in small letters it stays the one character that a `?` stands for.
SPELLINGS = (normal, _in_small_letters)


def _patterns(supplier: str) -> list[re.Pattern[str]]:
    """`*` stands for anything, `?` for one character, all else for itself; one pattern for each of SPELLINGS."""
    signs = {"*": ".*", "?": "."}
    return [
        re.compile("".join(signs.get(c) or re.escape(c) for c in spelling(supplier)), re.DOTALL)
        for spelling in SPELLINGS
    ]
