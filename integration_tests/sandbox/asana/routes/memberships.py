"""Who may do what in a project: people and teams as members."""

from ..call import Call, Reply, one_of
from ..errors import bad, not_an_id
from ..model import Membership, Project, Team, User
from ..routing import route

LEVELS = ("admin", "editor", "commenter", "viewer")


def _of(call: Call, project: Project) -> list[Membership]:
    """A project's memberships. A person who became a member in another way gets one here."""
    for person, level in project.members.items():
        known = project.memberships.get(person)
        if known is None:
            known = Membership(call.store.new_gid(), project, person, level)
            project.memberships[person] = call.store.add(known)
        known.access_level = level
    return [m for m in project.memberships.values() if isinstance(m.member, Team) or m.member in project.members]


@route("GET", "/projects/{project}/project_memberships", "projects:read")
def of_project(call: Call, project: str) -> Reply:
    return call.listing(_of(call, call.in_path(Project, project)))


@route("GET", "/memberships")
def listing(call: Call) -> Reply:
    rows = _of(call, call.named(Project, call.parameter("parent"), "parent"))
    wanted = call.query.get("member")
    return call.listing([row for row in rows if wanted in (None, row.member.gid)])


@route("POST", "/memberships")
def create(call: Call) -> Reply:
    call.only("parent", "member", "access_level", "role")
    project = call.named(Project, call.required("parent"), "parent")
    call.may_edit_project(project)
    level = one_of(call.data.get("access_level", project.default_access_level), "access_level", LEVELS)
    given = call.required("member")
    if not isinstance(given, str):
        raise not_an_id("member", given)
    team = call.store.find(Team, given)
    member: User | Team = team if team is not None else call.member(given, "member", project.workspace)
    _of(call, project)
    if member in project.memberships and (isinstance(member, Team) or member in project.members):
        raise bad(f"member: {member.name} is already a member")
    if isinstance(member, User):
        project.members[member] = level
    made = Membership(call.store.new_gid(), project, member, level)
    project.memberships[member] = call.store.add(made)
    return call.created(made)


def _found(call: Call, gid: str) -> Membership:
    found = call.in_path(Membership, gid)
    call.in_path(Project, found.parent.gid)
    return found


@route("GET", "/memberships/{membership}")
def get(call: Call, membership: str) -> Reply:
    return call.record(_found(call, membership))


@route("PUT", "/memberships/{membership}")
def update(call: Call, membership: str) -> Reply:
    found = _found(call, membership)
    call.only("access_level")
    call.may_edit_project(found.parent)
    found.access_level = one_of(call.required("access_level"), "access_level", LEVELS)
    if isinstance(found.member, User):
        found.parent.members[found.member] = found.access_level
    return call.record(found)


@route("DELETE", "/memberships/{membership}")
def delete(call: Call, membership: str) -> Reply:
    found = _found(call, membership)
    call.may_edit_project(found.parent)
    found.parent.memberships.pop(found.member, None)
    if isinstance(found.member, User):
        found.parent.members.pop(found.member, None)
    call.store.remove(found)
    return call.empty()
