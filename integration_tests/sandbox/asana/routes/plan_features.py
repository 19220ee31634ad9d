"""What depends on the workspace's plan and is only listed here: goals, budgets, status updates. There are none."""

from ..call import Call, Reply
from ..errors import forbidden, payment_required
from ..model import Project, Workspace
from ..routing import route


def _listing(call: Call, access: str) -> Reply:
    if access == "premium":
        raise payment_required("This feature is not available on this plan.")
    if access == "forbidden":
        raise forbidden("You do not have access to this feature.")
    return call.listing([])


@route("GET", "/goals")
def goals(call: Call) -> Reply:
    call.named(Workspace, call.parameter("workspace"), "workspace")
    return _listing(call, call.settings.goals)


@route("GET", "/budgets")
def budgets(call: Call) -> Reply:
    call.named(Project, call.parameter("parent"), "parent")
    return _listing(call, call.settings.budgets)


@route("GET", "/status_updates")
def status_updates(call: Call) -> Reply:
    call.named(Project, call.parameter("parent"), "parent")
    return _listing(call, call.settings.status_updates)
