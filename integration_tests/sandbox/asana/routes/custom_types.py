"""Custom task types: the workspace has none, so the listing is empty."""

from ..call import Call, Reply
from ..errors import missing_object
from ..model import Project
from ..routing import route


@route("GET", "/custom_types")
def listing(call: Call) -> Reply:
    call.named(Project, call.parameter("project"), "project")
    return call.listing([])


@route("GET", "/custom_types/{custom_type}")
def get(call: Call, custom_type: str) -> Reply:
    raise missing_object("custom_type", custom_type)
