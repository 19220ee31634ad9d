"""Attachments: links and files, always sent as multipart form data."""

from ..call import Call, Reply, as_text, one_of
from ..errors import bad, missing
from ..model import Attachment, Project, Task
from ..routing import route

SUBTYPES = ("asana", "dropbox", "gdrive", "onedrive", "box", "vimeo", "external")


@route("POST", "/attachments", "attachments:write")
def create(call: Call) -> Reply:
    if not call.multipart:
        raise bad("The request body must be multipart/form-data")
    call.only("parent", "resource_subtype", "name", "url", "connect_to_app")
    parent = call.named(Task, call.required("parent"), "parent")
    call.may_comment(parent)
    subtype = one_of(call.data.get("resource_subtype", "asana"), "resource_subtype", SUBTYPES)
    if subtype == "external":
        name, url, size = as_text(call.required("name"), "name"), as_text(call.required("url"), "url"), 0
        if not url.startswith(("http://", "https://")):
            raise bad(f"url: Value is not a valid URL: {url}")
    else:
        if "file" not in call.files:
            raise missing("file")
        name, content = call.files["file"]
        url, size = f"https://app.asana.com/app/asana/-/get_asset?name={name}", len(content)
    gid = call.store.new_gid()
    made = call.store.add(Attachment(gid, name, parent, call.store.now(), url, subtype, size))
    call.store.before_change(parent)
    parent.attachments = [*(parent.attachments or ()), made]
    call.sandbox.journal.story(parent, call.user, "attachment_added", f"{call.user.name} attached {name}")
    return call.record(made)


@route("GET", "/attachments", "attachments:read")
def listing(call: Call) -> Reply:
    gid = call.parameter("parent")
    if call.store.find(Project, gid) is not None:  # a project may have files of its own; here none has
        call.named(Project, gid, "parent")
        return call.listing([])
    parent = call.named(Task, gid, "parent")
    return call.listing([one for one in parent.attachments or () if not one.deleted])


@route("GET", "/attachments/{attachment}", "attachments:read")
def get(call: Call, attachment: str) -> Reply:
    return call.record(call.in_path(Attachment, attachment))


@route("DELETE", "/attachments/{attachment}", "attachments:delete")
def delete(call: Call, attachment: str) -> Reply:
    found = call.in_path(Attachment, attachment)
    call.may_edit(found.parent)
    found.deleted = True
    return call.empty()
