"""Tags."""

from ..call import Call, Reply, as_text, one_of
from ..errors import create_only
from ..model import Tag, Workspace
from ..routing import route
from .projects import COLOURS


def _make(call: Call, workspace: Workspace) -> Reply:
    call.only("name", "color", "notes", "followers", "workspace")
    tag = Tag("", as_text(call.required("name"), "name"), workspace, call.store.now())
    _change(call, tag)
    tag.gid = call.store.new_gid()
    return call.created(call.store.add(tag))


def _change(call: Call, tag: Tag) -> None:
    name = as_text(call.data.get("name", tag.name), "name")
    colour = call.data.get("color", tag.color)
    tag.color = None if colour is None else one_of(colour, "color", COLOURS)
    tag.notes = as_text(call.data.get("notes", tag.notes), "notes")
    tag.name = name


@route("POST", "/tags", "tags:write")
def create(call: Call) -> Reply:
    return _make(call, call.named(Workspace, call.required("workspace"), "workspace"))


@route("POST", "/workspaces/{workspace}/tags", "tags:write")
def create_in_workspace(call: Call, workspace: str) -> Reply:
    return _make(call, call.in_path(Workspace, workspace))


@route("GET", "/tags", "tags:read")
def listing(call: Call) -> Reply:
    place = call.named(Workspace, call.query["workspace"], "workspace") if call.query.get("workspace") else None
    return call.listing([t for t in call.store.all(Tag) if call.sees(t) and place in (None, t.workspace)])


@route("GET", "/workspaces/{workspace}/tags", "tags:read")
def in_workspace(call: Call, workspace: str) -> Reply:
    place = call.in_path(Workspace, workspace)
    return call.listing([tag for tag in call.store.all(Tag) if tag.workspace is place])


@route("GET", "/tags/{tag}", "tags:read")
def get(call: Call, tag: str) -> Reply:
    return call.record(call.in_path(Tag, tag))


@route("PUT", "/tags/{tag}", "tags:write")
def update(call: Call, tag: str) -> Reply:
    found = call.in_path(Tag, tag)
    if "workspace" in call.data:
        raise create_only("workspace")
    call.only("name", "color", "notes")
    _change(call, found)
    return call.record(found)


@route("DELETE", "/tags/{tag}")
def delete(call: Call, tag: str) -> Reply:
    found = call.in_path(Tag, tag)
    found.deleted = True
    for task in found.tasks:
        task.tags = [other for other in task.tags or () if other is not found] or None
    return call.empty()
