"""What a task belongs to: projects, tags, followers, dependencies; and its copies."""

from collections.abc import Callable

from .. import jobs, task_changes
from ..call import Call, Reply, as_list, as_text
from ..errors import bad
from ..model import Project, Section, Tag, Task
from ..routing import route
from ..tasks import MAX_PROJECTS

MAX_DEPENDENCIES = 30


@route("GET", "/tasks/{task}/projects", "projects:read")
def projects(call: Call, task: str) -> Reply:
    return call.listing([project for project in call.in_path(Task, task).memberships if call.sees_project(project)])


@route("POST", "/tasks/{task}/addProject", "tasks:write")
def add_project(call: Call, task: str) -> Reply:
    """Adds a task to a project, by default at the end, or moves it to another position there."""
    found = call.in_path(Task, task)
    call.only("project", "section", "insert_before", "insert_after")
    project = call.named(Project, call.required("project"), "project")
    call.may_edit(found)
    call.may_edit_project(project)
    if len({"section", "insert_before", "insert_after"} & {k for k in call.data if k != "section"}) > 1:
        raise bad("You may only provide one of insert_before or insert_after!")
    section = found.memberships.get(project) or project.sections[-1]
    if call.data.get("section"):
        section = call.named(Section, call.data["section"], "section")
        if section.project is not project:
            raise bad(f"section: Section {section.gid} is not in project {project.gid}")
    if project not in found.memberships and len(found.memberships) >= MAX_PROJECTS:
        raise bad(f"project: A task can be in at most {MAX_PROJECTS} projects")
    if project in found.memberships and call.settings.added_again == "refuse":
        raise bad(f"project: The task is already in the project {project.gid}")
    where, anchored = anchors(call, found, section, project)
    call.store.before_change(found, "moved")
    joined = project not in found.memberships
    task_changes.move(call.sandbox, found, anchored, call.user, **where)
    if joined:
        text = f"{call.user.name} added to {project.name}"
        call.sandbox.journal.story(found, call.user, "added_to_project", text, touch=False, project=project)
        call.store.notify("added", found, call.user, project)
    return call.empty()


def anchors(call: Call, task: Task, section: Section, project: Project) -> tuple[dict[str, object], Section]:
    """The position that `insert_before` or `insert_after` names, and its section."""
    for name, key in (("insert_before", "before"), ("insert_after", "after")):
        if name in call.data:
            if call.data[name] is None:
                return {"at_start": name == "insert_after"}, section
            anchor = call.named(Task, call.data[name], name)
            if anchor is task or anchor.memberships.get(project) is None:
                raise bad(f"{name}: Task {anchor.gid} is not in the project")
            return {key: anchor}, anchor.memberships[project]
    return {}, section


@route("POST", "/tasks/{task}/removeProject", "tasks:write")
def remove_project(call: Call, task: str) -> Reply:
    """Removes a task from a project. Values of that project's fields stay on the task, but not enabled."""
    found = call.in_path(Task, task)
    call.only("project")
    project = call.named(Project, call.required("project"), "project")
    call.may_edit(found)
    call.may_edit_project(project)
    section = found.memberships.get(project)
    if section is None:
        raise bad(f"project: Task {found.gid} is not in project {project.gid}")
    call.store.before_change(found, "moved")
    section.tasks.remove(found)
    del found.memberships[project]
    text = f"{call.user.name} removed from {project.name}"
    call.sandbox.journal.story(found, call.user, "removed_from_project", text, touch=False, project=project)
    call.store.notify("removed", found, call.user, project)
    return call.empty()


@route("POST", "/tasks/{task}/addTag", "tasks:write")
def add_tag(call: Call, task: str) -> Reply:
    found = call.in_path(Task, task)
    tag = call.named(Tag, call.required("tag"), "tag")
    call.may_edit(found)
    if tag not in (found.tags or ()):
        found.tags = [*(found.tags or ()), tag]
        tag.tasks.append(found)
        text = f"{call.user.name} added the tag {tag.name}"
        call.sandbox.journal.story(found, call.user, "added_to_tag", text, touch=False, tag=tag)
    return call.empty()


@route("POST", "/tasks/{task}/removeTag", "tasks:write")
def remove_tag(call: Call, task: str) -> Reply:
    found = call.in_path(Task, task)
    tag = call.named(Tag, call.required("tag"), "tag")
    call.may_edit(found)
    if tag in (found.tags or ()):
        found.tags = [other for other in found.tags or () if other is not tag] or None
        tag.tasks.remove(found)
    return call.empty()


@route("GET", "/tasks/{task}/tags", "tags:read")
def tags(call: Call, task: str) -> Reply:
    return call.listing(call.in_path(Task, task).tags or [])


def _followers(call: Call, task: str, joining: bool) -> Reply:
    found = call.in_path(Task, task)
    people = [
        call.member(person, "followers", found.workspace) for person in as_list(call.required("followers"), "followers")
    ]
    call.may_comment(found)
    if joining:
        new = [person for person in people if person not in (found.followers or ())]
        call.store.tell_people(found, new, call.user, "added as follower")
    kept = [person for person in found.followers or () if person not in people]
    found.followers = (list(dict.fromkeys([*(found.followers or ()), *people])) if joining else kept) or None
    return call.record(found)


@route("POST", "/tasks/{task}/addFollowers", "tasks:write")
def add_followers(call: Call, task: str) -> Reply:
    return _followers(call, task, True)


@route("POST", "/tasks/{task}/removeFollowers", "tasks:write")
def remove_followers(call: Call, task: str) -> Reply:
    return _followers(call, task, False)


@route("GET", "/tasks/{task}/dependencies", "tasks:read")
def dependencies(call: Call, task: str) -> Reply:
    return call.listing(call.in_path(Task, task).dependencies or [])


def _depend(call: Call, task: str, change: Callable[[list[Task], Task], list[Task]]) -> Reply:
    found = call.in_path(Task, task)
    call.only("dependencies")
    others = [call.named(Task, gid, "dependencies") for gid in as_list(call.required("dependencies"), "dependencies")]
    call.may_edit(found)
    new = list(found.dependencies or ())
    for other in others:
        new = change(new, other)
    if len(new) + len(found.dependents or ()) > MAX_DEPENDENCIES:
        raise bad(f"dependencies: A task can have at most {MAX_DEPENDENCIES} dependencies and dependents")
    for other in set(found.dependencies or ()) ^ set(new):
        rest = [one for one in other.dependents or () if one is not found]
        other.dependents = ([*rest, found] if other in new else rest) or None
    found.dependencies = new or None
    return call.empty()


@route("POST", "/tasks/{task}/addDependencies", "tasks:write")
def add_dependencies(call: Call, task: str) -> Reply:
    return _depend(call, task, lambda known, other: list(dict.fromkeys([*known, other])))


@route("POST", "/tasks/{task}/removeDependencies", "tasks:write")
def remove_dependencies(call: Call, task: str) -> Reply:
    return _depend(call, task, lambda known, other: [one for one in known if one is not other])


@route("POST", "/tasks/{task}/duplicate", "tasks:write")
def duplicate(call: Call, task: str) -> Reply:
    found = call.in_path(Task, task)
    call.only("name", "include")
    name = as_text(call.data.get("name", f"Duplicate of {found.name}"), "name")
    include = set(as_list(call.data.get("include", ""), "include"))
    return call.created(jobs.duplicate_task(call, found, name, include))
