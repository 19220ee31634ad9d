"""The member of the workspace that a setting names."""

from __future__ import annotations

from dataclasses import dataclass

from destination_asana.board.members import Assignees, Member


@dataclass(frozen=True, slots=True)
class Named:
    """The member, or the problem in words; `unknown` if it is not clear who is meant."""

    member: Member | None
    problem: str | None = None
    unknown: bool = False


def member_named(assignees: Assignees, who: str) -> Named:
    """Finds the active member with this e-mail address, name or gid."""
    found = assignees.found(who)
    active = [each for each in found if each.active]
    if not found:
        return Named(
            None, f"nobody in the workspace is “{who}”. Use the e-mail, name or gid of a member.", unknown=True
        )
    if not active:
        return Named(None, f"“{who}” is a deactivated member. Name somebody else.")
    if len(active) > 1:
        return Named(None, f"{len(active)} members are named “{who}”. Use an e-mail or a gid.", unknown=True)
    return Named(active[0])
