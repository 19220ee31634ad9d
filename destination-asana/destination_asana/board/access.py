"""What the token's user may do in a project."""

from __future__ import annotations

from destination_asana.asana import AsanaError, Client

COMMENTER = "commenter"
READ_ONLY_ACCESS = ("viewer", COMMENTER)


def read_only_access(client: Client, project_gid: str, user_gid: str) -> str | None:
    """The access level of a user who may only view a project or comment in it. None if it is not known; then the first
    write shows it."""
    try:
        query = {"parent": project_gid, "member": user_gid, "limit": 10}
        memberships = client.get("/memberships", query)
    except AsanaError:
        return None
    levels = {membership.get("access_level") for membership in memberships if membership.get("access_level")}
    if not levels or not levels <= set(READ_ONLY_ACCESS):
        return None
    return COMMENTER if COMMENTER in levels else "viewer"
