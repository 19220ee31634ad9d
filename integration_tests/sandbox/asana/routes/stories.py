"""Stories: what happened to a task, and comments."""

from .. import rich_text
from ..call import Call, Reply, as_bool
from ..errors import bad, forbidden
from ..model import Story, Task
from ..routing import route


@route("GET", "/tasks/{task}/stories", "stories:read")
def listing(call: Call, task: str) -> Reply:
    found = call.in_path(Task, task)
    return call.listing([story for story in found.stories or () if not story.deleted])


@route("POST", "/tasks/{task}/stories", "stories:write")
def create(call: Call, task: str) -> Reply:
    found = call.in_path(Task, task)
    call.only("text", "html_text", "is_pinned", "sticker_name")
    call.may_comment(found)
    text, html_text = _text(call)
    pinned = as_bool(call.data.get("is_pinned", False), "is_pinned")
    call.store.before_change(found)
    story = call.sandbox.journal.story(found, call.user, "comment_added", text, html_text=html_text)
    story.is_pinned = pinned
    call.store.tell_people(found, found.followers or [], call.user, "commented")
    found.followers = list(dict.fromkeys([*(found.followers or ()), call.user]))
    return call.created(story)


def _text(call: Call) -> tuple[str, str | None]:
    if "text" in call.data and "html_text" in call.data:
        raise bad("You may only provide one of text or html_text!")
    if "html_text" in call.data:
        text = call.long_text(call.data["html_text"], "html_text")
        return rich_text.plain(text, "html_text", rich_text.COMMENT_TAGS), text
    return call.long_text(call.required("text"), "text"), None


@route("GET", "/stories/{story}", "stories:read")
def get(call: Call, story: str) -> Reply:
    return call.record(call.in_path(Story, story))


@route("PUT", "/stories/{story}", "stories:write")
def update(call: Call, story: str) -> Reply:
    found = call.in_path(Story, story)
    call.only("text", "html_text", "is_pinned", "sticker_name")
    if "text" in call.data or "html_text" in call.data:
        if found.resource_subtype != "comment_added" or found.created_by is not call.user:
            raise forbidden("story: Only the author may edit a comment, and nobody a system story")
        found.text, found.html_text = _text(call)
        found.is_edited = True
    if "is_pinned" in call.data:
        found.is_pinned = as_bool(call.data["is_pinned"], "is_pinned")
    return call.record(found)


@route("DELETE", "/stories/{story}")
def delete(call: Call, story: str) -> Reply:
    found = call.in_path(Story, story)
    if found.resource_subtype != "comment_added" or found.created_by is not call.user:
        raise forbidden("story: Only the author may delete a comment, and nobody a system story")
    found.deleted = True
    call.store.notify("deleted", found, call.user, found.target)
    return call.empty()
