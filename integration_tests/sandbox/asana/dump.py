"""The whole workspace in plain words, for tests and for people: field values by name, and no bare gids."""

from collections.abc import Iterator
from typing import Any

from . import field_values
from .model import CustomField, Portfolio, Project, Section, Story, Tag, Task
from .stamps import iso
from .store import Store


def state(store: Store, project_gid: str | None = None) -> dict[str, Any]:
    """The projects with sections and tasks, tasks without a project, custom fields, portfolios, tags and the trash."""
    projects = [p for p in store.projects() if project_gid is None or p.gid == project_gid]
    loose = [t for t in store.all(Task) if not t.memberships and t.parent is None] if project_gid is None else []
    return {
        "projects": [_project(project) for project in projects],
        "tasks": [task(one) for project in projects for section in project.sections for one in section.tasks],
        "tasks_in_no_project": [task(one) for one in loose],
        "custom_fields": [_field(field) for field in store.all(CustomField)],
        "portfolios": [
            {
                "gid": portfolio.gid,
                "name": portfolio.name,
                "items": [item.gid for item in portfolio.items],
                "custom_fields": [setting.custom_field.name for setting in portfolio.settings],
            }
            for portfolio in store.all(Portfolio)
        ],
        "tags": [{"gid": tag.gid, "name": tag.name} for tag in store.all(Tag)],
        "trash": [
            {"gid": one.gid, "name": one.name}
            for one in store.objects.values()
            if isinstance(one, (Task, Project, Section)) and one.deleted
        ],
    }


def _project(project: Project) -> dict[str, Any]:
    return {
        "gid": project.gid,
        "name": project.name,
        "notes": project.notes,
        "archived": project.archived,
        "team": project.team.gid if project.team else None,
        "owner": project.owner.name if project.owner else None,
        "start_on": project.start_on,
        "due_on": project.due_on,
        "template": project.created_from_template.gid if project.created_from_template else None,
        "portfolios": [portfolio.gid for portfolio in project.portfolios],
        "members": {member.name: level for member, level in project.members.items()}
        | {member.name: given.access_level for member, given in project.memberships.items()},
        "custom_fields": [setting.custom_field.name for setting in project.settings],
        "fields": {shown.custom_field.name: plain(shown.value) for shown in field_values.of_project(project)},
        "sections": [{"gid": s.gid, "name": s.name, "tasks": [t.gid for t in s.tasks]} for s in project.sections],
    }


def _field(field: CustomField) -> dict[str, Any]:
    return {
        "gid": field.gid,
        "name": field.name,
        "type": field.resource_subtype,
        "description": field.description,
        "privacy_setting": field.privacy_setting,
        "precision": field.precision,
        "format": field.format,
        "is_global_to_workspace": field.is_global_to_workspace,
        "has_notifications_enabled": field.has_notifications_enabled,
        "options": [{"gid": o.gid, "name": o.name, "enabled": o.enabled, "color": o.color} for o in field.options],
    }


def plain(value: Any) -> Any:
    """A field's value as a string, number, list of names or date."""
    if isinstance(value, list):
        return [item.name for item in value]
    if isinstance(value, tuple):
        return iso(value[1]) if value[1] else value[0]
    return getattr(value, "name", value)


def task(one: Task) -> dict[str, Any]:
    """One task with its fields by name, subtasks and stories."""
    return {
        "gid": one.gid,
        "name": one.name,
        "notes": one.notes,
        "html_notes": one.html_notes,
        "resource_subtype": one.resource_subtype,
        "approval_status": one.approval_status,
        "completed": one.completed,
        "completed_at": iso(one.completed_at),
        "assignee": one.assignee.email if one.assignee else None,
        "due_on": one.due_on,
        "start_on": one.start_on,
        "created_at": iso(one.created_at),
        "modified_at": iso(one.modified_at),
        "created_by": one.created_by.name if one.created_by else None,
        "followers": [person.email for person in one.followers or ()],
        "tags": [tag.name for tag in one.tags or ()],
        "external": {scope: list(pair) for scope, pair in (one.external or {}).items()},
        "memberships": [
            {"project": p.gid, "section": s.name, "section_gid": s.gid} for p, s in one.memberships.items()
        ],
        "fields": {field.name: plain(value) for field, value in (one.values or {}).items() if not field.deleted},
        "subtasks": [task(child) for child in one.subtasks or ()],
        "stories": [_story(story) for story in one.stories or () if not story.deleted],
    }


def _story(story: Story) -> dict[str, Any]:
    return {
        "gid": story.gid,
        "type": story.resource_subtype,
        "text": story.text,
        "by": story.created_by.name if story.created_by else None,
        "at": iso(story.created_at),
        "pinned": story.is_pinned,
    }


def tasks_with(store: Store, field_name: str, value: str | None) -> list[dict[str, Any]]:
    """The live tasks whose field of this name has the value, or any value for None."""
    return [task(one) for one in _having(store, field_name, value)]


def _having(store: Store, field_name: str, value: str | None) -> Iterator[Task]:
    fields = [field for field in store.all(CustomField) if field.name == field_name]
    for one in store.all(Task):
        for field in fields:
            stored = (one.values or {}).get(field)
            if stored is not None and (value is None or stored == value):
                yield one
                break
