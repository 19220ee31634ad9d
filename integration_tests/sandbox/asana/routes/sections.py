"""Sections of a project."""

from .. import task_changes
from ..call import Call, Reply
from ..errors import bad
from ..model import Project, Section, Task
from ..routing import route
from .task_relations import anchors


@route("GET", "/projects/{project}/sections")
def listing(call: Call, project: str) -> Reply:
    found = call.in_path(Project, project)
    return call.listing(found.sections if call.settled(found) else found.sections[:1])


@route("POST", "/projects/{project}/sections")
def create(call: Call, project: str) -> Reply:
    found = call.in_path(Project, project)
    call.only("name", "insert_before", "insert_after", "project")
    call.may_edit_project(found)
    name = call.name(call.required("name"))
    position = _position(call, found, found.sections, "insert_before", "insert_after")
    section = Section(call.store.new_gid(), name, found, call.store.now())
    found.sections.insert(position, call.store.add(section))
    call.store.notify("added", section, call.user, found)
    return call.created(section)


def _position(call: Call, project: Project, sections: list[Section], before: str, after: str) -> int:
    if call.data.get(before) and call.data.get(after):
        raise bad(f"You may only provide one of {before} or {after}!")
    for name, step in ((before, 0), (after, 1)):
        if call.data.get(name):
            anchor = call.named(Section, call.data[name], name)
            if anchor not in sections:
                raise bad(f"{name}: Section {anchor.gid} is not in the project")
            return sections.index(anchor) + step
    return len(sections)


@route("GET", "/sections/{section}")
def get(call: Call, section: str) -> Reply:
    return call.record(call.in_path(Section, section))


@route("PUT", "/sections/{section}")
def update(call: Call, section: str) -> Reply:
    found = call.in_path(Section, section)
    call.only("name", "insert_before", "insert_after")
    call.may_edit_project(found.project)
    if "name" in call.data:
        name = call.name(call.required("name"))
        if name != found.name:
            found.name = name
            change = {"field": "name", "action": "changed", "new_value": name}
            call.store.notify("changed", found, call.user, None, change)
    return call.record(found)


@route("DELETE", "/sections/{section}")
def delete(call: Call, section: str) -> Reply:
    """Deletes a section if it is empty and not the last."""
    found = call.in_path(Section, section)
    call.may_edit_project(found.project)
    if found.tasks:
        raise bad("section: Cannot delete a section that still has tasks")
    if len(found.project.sections) == 1:
        raise bad("section: Cannot delete the last section of a project")
    found.project.sections.remove(found)
    found.deleted = True
    call.store.notify("deleted", found, call.user)
    return call.empty()


@route("POST", "/sections/{section}/addTask", "tasks:write")
def add_task(call: Call, section: str) -> Reply:
    """Adds a task, by default at the top; the task leaves its other section of the project."""
    found = call.in_path(Section, section)
    call.only("task", "insert_before", "insert_after")
    task = call.named(Task, call.required("task"), "task")
    call.may_edit_project(found.project)
    if call.data.get("insert_before") and call.data.get("insert_after"):
        raise bad("You may only provide one of insert_before or insert_after!")
    for name in ("insert_before", "insert_after"):
        if call.data.get(name):
            anchor = call.named(Task, call.data[name], name)
            if anchor.memberships.get(found.project) is not found:
                raise bad(f"{name}: Task {anchor.gid} is not in the section")
    where, place = anchors(call, task, found, found.project)
    joined = found.project not in task.memberships
    call.store.before_change(task, "moved")
    task_changes.move(call.sandbox, task, place, call.user, **(where or {"at_start": True}))
    if joined:
        text = f"{call.user.name} added to {found.project.name}"
        call.sandbox.journal.story(task, call.user, "added_to_project", text, touch=False, project=found.project)
        call.store.notify("added", task, call.user, found.project)
    call.store.notify("added", task, call.user, found)
    return call.empty()


@route("POST", "/projects/{project}/sections/insert")
def insert(call: Call, project: str) -> Reply:
    """Move a section within its project."""
    found = call.in_path(Project, project)
    call.only("section", "before_section", "after_section", "project")
    call.may_edit_project(found)
    section = call.named(Section, call.required("section"), "section")
    if section not in found.sections:
        raise bad(f"section: Section {section.gid} is not in the project")
    if not (call.data.get("before_section") or call.data.get("after_section")):
        raise bad("You should specify one of before_section, after_section")
    others = [other for other in found.sections if other is not section]
    position = _position(call, found, others, "before_section", "after_section")
    found.sections[:] = [*others[:position], section, *others[position:]]
    return call.empty()
