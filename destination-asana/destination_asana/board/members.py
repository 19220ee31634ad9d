"""The assignee of a document: by the supplier mapping, else by its owner in Visma, matched with the workspace's members."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from destination_asana.asana import NOT_SHOWN, AsanaError, Client, Refusal
from destination_asana.config import MappingEntry
from destination_asana.documents import Pattern, normal

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
    """The result for one mapping entry: its member, or the problem in words; `unknown` if nobody matches."""

    entry: MappingEntry
    member: Member | None
    problem: str | None = None
    unknown: bool = False


class Assignees:
    """Finds the assignee of a document. Members are read from Asana once, on first use. Thread-safe."""

    def __init__(
        self, client: Client, workspace_gid: str, mapping: Sequence[MappingEntry], *, by_owner: bool = False
    ) -> None:
        """With `by_owner`, an order that no entry matches goes to the member with its owner's name."""
        self._owned = by_owner
        self._client = client
        self._workspace = workspace_gid
        self._mapping = [(entry, Pattern(entry.supplier)) for entry in mapping]
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
        """False if no setting can assign anybody."""
        return bool(self._mapping or self._owned)

    def of(
        self,
        supplier_name: str | None,
        supplier_number: str | None,
        *,
        owner: str | None = None,
        count: bool = True,
    ) -> str | None:
        """The gid of the assignee for a document of this supplier, or None. The first matching entry wins. If none
        matches, and the settings ask for it, the document goes to the member with the name of its `owner`.

        Suppliers that no entry matches are counted, unless `count` is False.
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
        """The gid of the active member with a project manager's e-mail address, or None. Guests are left out, because
        they would see amounts."""
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
        """The first entry that matches this supplier by name, number or pattern."""
        supplier = (supplier_name, supplier_number)
        # Thousands of documents may come from a few suppliers.
        if supplier not in self._entries:
            self._entries[supplier] = self._match(supplier)
        return self._entries[supplier]

    def _match(self, supplier: tuple[str | None, ...]) -> MappingEntry | None:
        texts = [text for text in supplier if text]
        return next((entry for entry, pattern in self._mapping if any(map(pattern.fits, texts))), None)

    def refused(self, gid: str, message: str) -> None:
        """Registers that Asana refuses an assignee, so that it is not tried again in this sync."""
        with self._lock:
            if gid in self._refused:
                return
            self._refused.add(gid)
            entries = [str(each.entry) for each in self._resolutions.values() if each.member and each.member.gid == gid]
            managers = [each.email for each in self._managers.values() if each is not None and each.gid == gid]
            owners = [f"“{each.name}”" for each in self._owners.values() if each is not None and each.gid == gid]
        if managers and not entries:
            logger.warning(
                f"Asana does not accept the project manager {managers[0]} as assignee: “{message}”. These projects stay unassigned; "
                "assign their cards in Asana, what you choose stays."
            )
        elif entries or not owners:
            logger.warning(
                f"Asana does not accept the assignee of the mapping entry {', '.join(entries) or gid}: “{message}”. Its documents "
                "stay unassigned; correct the entry in the settings."
            )
        else:
            logger.warning(
                f"Asana does not accept {owners[0]}, the owner of orders in Visma, as assignee: “{message}”. These orders stay "
                "unassigned; an entry of the supplier mapping can name somebody else."
            )

    def resolve(self, entry: MappingEntry) -> Resolution:
        """Finds the member that an entry means. A problem is logged once, with the name of the entry."""
        with self._lock:
            known = self._resolutions.get(entry)
            if known is None:
                known = self._resolve(entry)
                self._resolutions[entry] = known
                if known.problem:
                    logger.warning(known.problem)
            return known

    def _resolve(self, entry: MappingEntry) -> Resolution:
        found = self.found(entry.assignee)
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

    def found(self, who: str) -> list[Member]:
        """The people with this gid or e-mail address or, without any, those with this name."""
        wanted = normal(who)
        found = [m for m in self.members() if wanted in (m.gid, normal(m.email or ""))]
        found = found or [m for m in self.members() if wanted == normal(m.name)]
        return self._ask_for(who) if not found and ("@" in who or who.isdigit()) else found

    def members(self) -> list[Member]:
        """All people of the workspace, deactivated ones included."""
        with self._lock:
            if self._members is None:
                self._members = self._read_members()
            return self._members

    def name_of(self, gid: str) -> str:
        """The name of a person in the workspace; the gid if the person is not listed or has no name."""
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
            if error.refusal not in NOT_SHOWN | {Refusal.PREMIUM_NEEDED}:
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
        """Looks up an e-mail address, which may be hidden from the listing but still accepted wherever Asana takes a
        user."""
        try:
            user = self._client.get(f"/users/{quote(who, safe='')}", {"opt_fields": "name,email,workspaces"})
        except AsanaError:
            return []
        known = [member for member in self.members() if member.gid == user["gid"]]
        workspaces = {workspace["gid"] for workspace in user.get("workspaces") or []}
        # A deactivated member is listed among the memberships, but the account itself is in no workspace.
        if known or self._workspace not in workspaces:
            return known
        return [Member(user["gid"], user.get("name") or "", user.get("email"))]

    def _by_owner(self, owner: str) -> Member | None:
        """The only active member with this name. Guests are left out, because they would see amounts."""
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
