"""Jobs that take a while: duplicating, and instantiating templates. A job is returned at once and completes later.

Rules: Asana OpenAPI document, Jobs; at most five at once per user (developer docs, "Rate limits").
"""

from . import model, task_changes
from .call import Call
from .errors import throttled
from .model import Job, Project, Section, Task


def start(call: Call, subtype: str) -> Job:
    """Starts a job for the caller. Raises ApiError 429 if too many are running."""
    now, settings = call.store.now(), call.settings
    running = [job for job in call.store.all(Job) if job.owner is call.user and now < job.ends_at]
    if settings.jobs_at_once and len(running) >= settings.jobs_at_once:
        raise throttled(1)
    job = Job(call.store.new_gid(), subtype, call.user, now, now + settings.job_duration)
    return call.store.add(job)


def new_project(call: Call, name: str, workspace: model.Workspace, until: float = 0.0) -> Project:
    """Makes a project with one untitled section, owned by the caller."""
    now = call.store.now()
    project = Project(call.store.new_gid(), name, workspace, now, now, owner=call.user, settled_at=until)
    project.members[call.user] = "admin"
    project.followers.append(call.user)
    project.sections.append(Section(call.store.new_gid(), "Untitled section", project, now))
    call.store.add(project.sections[0])
    call.store.add(project)
    call.store.notify("added", project, call.user, workspace)
    return project


def new_task(
    call: Call, name: str, workspace: model.Workspace, section: Section | None, parent: Task | None = None
) -> Task:
    """Makes a task for a job, without checks, in a section or under a parent."""
    now = call.store.now()
    task = call.store.add(Task(call.store.new_gid(), name, workspace, now, now, call.user, parent=parent))
    if section is not None:
        task_changes.place(call.sandbox, task, section)
    if parent is not None:
        parent.subtasks = parent.subtasks or []
        parent.subtasks.append(task)
    return task


def duplicate_task(call: Call, source: Task, name: str, include: set[str]) -> Job:
    """Copies a task. `include` names the parts to copy (`notes`, `assignee`, `subtasks`, `projects`, …)."""
    job = start(call, "duplicate_task")
    section = None
    copy = new_task(call, name, source.workspace, section, source.parent if "parent" in include else None)
    if "notes" in include:
        copy.notes, copy.html_notes = source.notes, source.html_notes
    if "assignee" in include:
        copy.assignee = source.assignee
    if "dates" in include:
        copy.due_on, copy.due_at, copy.start_on = source.due_on, source.due_at, source.start_on
    if "projects" in include:
        for place in source.memberships.values():
            task_changes.place(call.sandbox, copy, place)
        copy.values = dict(source.values) if source.values else None
    if "subtasks" in include:
        for child in source.subtasks or ():
            new_task(call, child.name, source.workspace, None, copy)
    job.new_task = copy
    return job


def duplicate_project(call: Call, source: Project, name: str, include: set[str]) -> Job:
    """Copies a project with its sections and fields, and its tasks with the parts that `include` names."""
    job = start(call, "duplicate_project")
    project = new_project(call, name, source.workspace, job.ends_at)
    job.new_project = project
    project.team = source.team
    if "notes" in include:
        project.notes, project.html_notes = source.notes, source.html_notes
    _copy_fields(call, project, [setting.custom_field for setting in source.settings])
    _copy_sections(call, project, [section.name for section in source.sections])
    for old, new in zip(source.sections, project.sections, strict=True):
        for task in old.tasks:
            copy = new_task(call, task.name, task.workspace, new)
            copy.values = dict(task.values) if task.values else None
            if "task_notes" in include:
                copy.notes, copy.html_notes = task.notes, task.html_notes
            if "task_assignee" in include:
                copy.assignee = task.assignee
            if "task_subtasks" in include:
                for child in task.subtasks or ():
                    new_task(call, child.name, task.workspace, None, copy)
    return job


def instantiate(
    call: Call,
    template: model.ProjectTemplate,
    name: str,
    dates: dict[str, str],
    roles: dict[str, model.User],
) -> Job:
    """Makes a project from a template, with `dates` and `roles` by the gids that the template asks for."""
    job = start(call, "instantiate_project_template")
    project = new_project(call, name, template.workspace, job.ends_at)
    job.new_project = project
    project.team = template.team
    project.created_from_template = template
    project.start_on, project.due_on = dates.get("1"), dates.get("2")
    _copy_fields(call, project, template.custom_fields)
    _copy_sections(call, project, [section for section, _ in template.content])
    for section, (_, tasks) in zip(project.sections, template.content, strict=False):
        for task_name, role in tasks:
            task = new_task(call, task_name, template.workspace, section)
            task.assignee = roles.get(role) if role else None
            task.due_on = dates.get("2")
    return job


def _copy_fields(call: Call, project: Project, fields: list[model.CustomField]) -> None:
    for field in fields:
        project.settings.append(call.store.add(model.CustomFieldSetting(call.store.new_gid(), field, project, True)))


def _copy_sections(call: Call, project: Project, names: list[str]) -> None:
    for position, name in enumerate(names):
        if position == 0:
            project.sections[0].name = name
        else:
            section = Section(call.store.new_gid(), name, project, call.store.now())
            project.sections.append(call.store.add(section))
