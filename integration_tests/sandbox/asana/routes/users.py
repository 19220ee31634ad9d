"""People, workspaces and teams."""

from ..call import Call, Reply, as_text
from ..errors import bad
from ..model import Team, User, Workspace, WorkspaceMembership
from ..routing import route

MAX_UNPAGED = 2000


def _in(workspace: Workspace, call: Call) -> list[User]:
    return [user for user in call.store.users() if user.workspaces.get(workspace, "deactivated") != "deactivated"]


@route("GET", "/users/{user}", "users:read")
def get(call: Call, user: str) -> Reply:
    return call.record(call.person(user))


@route("GET", "/users", "users:read")
def listing(call: Call) -> Reply:
    """Sorted by id."""
    if call.query.get("team"):
        return call.listing(call.named(Team, call.query["team"], "team").members)
    if call.query.get("workspace"):
        places = [call.named(Workspace, call.query["workspace"], "workspace")]
    else:
        places = [place for place in call.user.workspaces if call.sees(place)]
    found = {user: None for place in places for user in _in(place, call)}
    return call.listing(sorted(found, key=lambda user: int(user.gid)))


@route("GET", "/workspaces/{workspace}/users", "users:read")
def in_workspace(call: Call, workspace: str) -> Reply:
    """Takes no `limit`; sorted by name, cut at 2,000."""
    found = sorted(_in(call.in_path(Workspace, workspace), call), key=lambda user: user.name)
    return Reply(200, {"data": call.show_all(found[:MAX_UNPAGED])})


@route("GET", "/teams/{team}/users", "users:read")
def in_team(call: Call, team: str) -> Reply:
    found = sorted(call.in_path(Team, team).members, key=lambda user: user.name)
    return Reply(200, {"data": call.show_all(found[:MAX_UNPAGED])})


@route("GET", "/workspaces/{workspace}/users/{user}", "users:read")
def one_in_workspace(call: Call, workspace: str, user: str) -> Reply:
    call.in_path(Workspace, workspace)
    return call.record(call.person(user))


@route("GET", "/workspaces", "workspaces:read")
def workspaces(call: Call) -> Reply:
    return call.listing([place for place in call.user.workspaces if call.sees(place)])


@route("GET", "/workspaces/{workspace}", "workspaces:read")
def workspace(call: Call, workspace: str) -> Reply:
    return call.record(call.in_path(Workspace, workspace))


def _memberships(call: Call) -> list[WorkspaceMembership]:
    return [membership for membership in call.store.all(WorkspaceMembership) if call.sees(membership.workspace)]


@route("GET", "/workspaces/{workspace}/workspace_memberships")
def memberships(call: Call, workspace: str) -> Reply:
    """The only listing that also shows deactivated people."""
    place = call.in_path(Workspace, workspace)
    rows = [membership for membership in _memberships(call) if membership.workspace is place]
    if call.query.get("user"):
        wanted = call.person(call.query["user"])
        rows = [membership for membership in rows if membership.user is wanted]
    return call.listing(rows)


@route("GET", "/users/{user}/workspace_memberships")
def memberships_of(call: Call, user: str) -> Reply:
    person = call.person(user)
    return call.listing([membership for membership in _memberships(call) if membership.user is person])


@route("GET", "/teams/{team}", "teams:read")
def team(call: Call, team: str) -> Reply:
    return call.record(call.in_path(Team, team))


@route("POST", "/teams")
def create_team(call: Call) -> Reply:
    call.only("name", "organization", "description", "html_description", "visibility")
    place = call.named(Workspace, call.required("organization"), "organization")
    made = Team(call.store.new_gid(), as_text(call.required("name"), "name"), place, [call.user])
    made.description = as_text(call.data.get("description", ""), "description")
    return call.created(call.store.add(made))


@route("GET", "/teams/{team}/team_memberships", "team_memberships:read")
def team_memberships(call: Call, team: str) -> Reply:
    return call.listing(call.store.memberships_of(call.in_path(Team, team)))


@route("GET", "/organizations/{workspace}/teams", "teams:read")
@route("GET", "/workspaces/{workspace}/teams", "teams:read")
def teams(call: Call, workspace: str) -> Reply:
    place = call.in_path(Workspace, workspace)
    return call.listing([found for found in call.store.all(Team) if found.workspace is place])


@route("GET", "/users/{user}/teams", "teams:read")
def teams_of(call: Call, user: str) -> Reply:
    person = call.person(user)
    if not call.query.get("organization"):
        raise bad("organization: Missing input")
    place = call.named(Workspace, call.query["organization"], "organization")
    return call.listing([t for t in call.store.all(Team) if t.workspace is place and person in t.members])
