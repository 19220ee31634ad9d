"""The fields of each type of object: every getter, the fields in lists, and the fields in full records."""

from typing import Any

from . import addresses, field_values, model, webhooks
from .opt_fields import KINDS, Kind, plain
from .stamps import iso, rich

APP = addresses.APP


def _at(*names: str) -> dict[str, Any]:
    def getter(name: str) -> Any:
        return lambda thing, caller: iso(getattr(thing, name))

    return {name: getter(name) for name in names}


def _notes() -> dict[str, Any]:
    return {
        "notes": lambda thing, caller: addresses.in_text(thing.notes, caller),
        "html_notes": lambda thing, caller: addresses.in_rich_text(rich(thing.notes, thing.html_notes), caller),
    }


def _external(task: model.Task, caller: Any) -> dict[str, Any] | None:
    stored = (task.external or {}).get(caller.external_scope)
    return {"gid": stored[0], "data": stored[1]} if stored else None


def _memberships(task: model.Task, caller: Any) -> list[dict[str, Any]]:
    return [
        {"project": project, "section": section}
        for project, section in task.memberships.items()
        if caller.sees_project(project)
    ]


def _task_values(task: model.Task, caller: Any) -> list[model.FieldValue]:
    shown = field_values.of_task(task, caller.settings.subtask_fields)
    return [value for value in shown if caller.sees_field(value.custom_field)]


KINDS[model.Workspace] = Kind(
    "workspace", plain("name", "is_organization", "email_domains"), "name", "name is_organization email_domains"
)
KINDS[model.User] = Kind(
    "user",
    {
        **plain("name"),
        "email": lambda user, caller: user.email if caller.sees_emails else None,
        "photo": lambda user, caller: None,
        "workspaces": lambda user, caller: [w for w, role in user.workspaces.items() if role != "deactivated"],
    },
    "name",
)
KINDS[model.WorkspaceMembership] = Kind(
    "workspace_membership",
    {
        **plain("user", "workspace"),
        "is_active": lambda m, caller: m.role != "deactivated",
        "is_admin": lambda m, caller: m.role == "admin",
        "is_guest": lambda m, caller: m.role == "guest",
        "is_view_only": lambda m, caller: m.role == "view_only",
        "created_at": lambda m, caller: iso(m.created_at),
    },
    "user workspace",
)
KINDS[model.Team] = Kind(
    "team",
    {
        **plain("name", "description", "visibility"),
        "html_description": lambda team, caller: rich(team.description, None),
        "organization": lambda team, caller: team.workspace,
        "permalink_url": lambda team, caller: f"{APP}/0/{team.gid}",
    },
    "name",
)


class _GroupKind(Kind):
    """A membership of a team or portfolio, described by the group."""

    def of(self, thing: model.GroupMembership) -> Kind:
        return _TEAM_MEMBERSHIP if isinstance(thing.group, model.Team) else _PORTFOLIO_MEMBERSHIP


def _group(resource_type: str, name: str) -> Kind:
    fields = {**plain("user"), name: lambda membership, caller: membership.group}
    more: dict[str, Any] = {"is_guest": lambda m, caller: "guest" in m.user.workspaces.values()}
    if name == "portfolio":
        more = {"access_level": lambda m, caller: "editor"}
    return Kind(resource_type, {**fields, **more}, f"user {name} {' '.join(more)}")


_TEAM_MEMBERSHIP = _group("team_membership", "team")
_PORTFOLIO_MEMBERSHIP = _group("portfolio_membership", "portfolio")
KINDS[model.GroupMembership] = _GroupKind("team_membership", {}, "")
KINDS[model.Section] = Kind(
    "section",
    {**plain("name", "project"), **_at("created_at"), "projects": lambda section, caller: [section.project]},
    "name",
    "name created_at project",
)
KINDS[model.Project] = Kind(
    "project",
    {
        **plain("name", "archived", "color", "icon", "default_view", "due_on", "start_on", "completed"),
        **plain("privacy_setting", "default_access_level", "owner", "team", "workspace", "completed_by", "followers"),
        **_at("created_at", "modified_at", "completed_at"),
        **_notes(),
        "due_date": lambda project, caller: project.due_on,
        "public": lambda project, caller: project.privacy_setting != "private",
        "members": lambda project, caller: list(project.members),
        "custom_field_settings": lambda project, caller: [
            setting for setting in project.settings if caller.sees_field(setting.custom_field)
        ],
        "custom_fields": lambda project, caller: field_values.of_project(project),
        "current_status": lambda project, caller: None,
        "current_status_update": lambda project, caller: None,
        "project_brief": lambda project, caller: None,
        "created_from_template": lambda project, caller: project.created_from_template,
        "minimum_access_level_for_customization": lambda project, caller: "editor",
        "minimum_access_level_for_sharing": lambda project, caller: "editor",
        "permalink_url": addresses.of,
    },
    "name",
    "name archived color icon created_at modified_at current_status current_status_update custom_field_settings "
    "custom_fields default_view default_access_level due_date due_on start_on notes members followers owner team "
    "workspace public privacy_setting completed completed_at completed_by permalink_url "
    "minimum_access_level_for_customization minimum_access_level_for_sharing",
)
KINDS[model.Membership] = Kind(
    "membership",
    {
        **plain("parent", "member", "access_level"),
        "resource_subtype": lambda membership, caller: "project_membership",
    },
    "parent member access_level resource_subtype",
)
KINDS[model.Task] = Kind(
    "task",
    {
        **plain("name", "resource_subtype", "completed", "completed_by", "approval_status", "assignee"),
        **plain("assigned_by", "due_on", "start_on", "parent", "workspace", "created_by"),
        **_at("created_at", "modified_at", "completed_at", "due_at", "start_at"),
        **_notes(),
        "assignee_status": lambda task, caller: "upcoming",
        "assignee_section": lambda task, caller: None,
        "actual_time_minutes": lambda task, caller: None,
        "custom_type": lambda task, caller: None,
        "custom_type_status_option": lambda task, caller: None,
        "external": _external,
        "memberships": _memberships,
        "projects": lambda task, caller: [p for p in task.memberships if caller.sees_project(p)],
        "custom_fields": _task_values,
        "num_subtasks": lambda task, caller: len(task.subtasks or ()),
        "followers": lambda task, caller: task.followers or [],
        "tags": lambda task, caller: task.tags or [],
        "dependencies": lambda task, caller: task.dependencies or [],
        "dependents": lambda task, caller: task.dependents or [],
        "liked": lambda task, caller: caller.user in (task.likes or ()),
        "likes": lambda task, caller: [{"user": user} for user in task.likes or ()],
        "num_likes": lambda task, caller: len(task.likes or ()),
        "hearted": lambda task, caller: caller.user in (task.likes or ()),
        "hearts": lambda task, caller: [{"user": user} for user in task.likes or ()],
        "num_hearts": lambda task, caller: len(task.likes or ()),
        "is_rendered_as_separator": lambda task, caller: False,
        "permalink_url": addresses.of,
    },
    "name resource_subtype",
    "name resource_subtype notes completed completed_at actual_time_minutes assignee assignee_status due_at due_on "
    "start_at start_on parent workspace created_at modified_at memberships projects custom_fields followers tags "
    "liked likes num_likes hearted hearts num_hearts permalink_url",
)
KINDS[model.Tag] = Kind(
    "tag",
    {
        **plain("name", "color", "notes", "followers", "workspace"),
        **_at("created_at"),
        "permalink_url": lambda tag, caller: f"{APP}/0/{tag.gid}",
    },
    "name",
)
KINDS[model.Attachment] = Kind(
    "attachment",
    {
        **plain("name", "resource_subtype", "parent", "size"),
        **_at("created_at"),
        "host": lambda file, caller: file.resource_subtype,
        "view_url": lambda file, caller: file.url,
        "download_url": lambda file, caller: None,
        "permanent_url": lambda file, caller: f"{APP}/app/asana/-/get_asset?asset_id={file.gid}",
        "connected_to_app": lambda file, caller: False,
    },
    "name resource_subtype",
)


class _StoryKind(Kind):
    """A story has `old_name`, `new_enum_value` and the like only if its subtype does."""

    def of(self, thing: model.Story) -> Kind:
        if not thing.details:
            return self
        own = Kind("story", {**self.fields, **{name: _detail(name) for name in thing.details}}, "")
        own.compact = self.compact
        own.full = {**self.full, **dict.fromkeys(thing.details, None)}
        return own


def _detail(name: str) -> Any:
    return lambda story, caller: story.details[name]


KINDS[model.Story] = _StoryKind(
    "story",
    {
        **plain("created_by", "resource_subtype", "text", "is_pinned", "is_edited", "target"),
        **_at("created_at"),
        "type": lambda story, caller: "comment" if story.resource_subtype == "comment_added" else "system",
        "html_text": lambda story, caller: rich(story.text, story.html_text),
        "is_editable": lambda story, caller: (
            story.resource_subtype == "comment_added" and story.created_by is caller.user
        ),
        "liked": lambda story, caller: False,
        "likes": lambda story, caller: [],
        "num_likes": lambda story, caller: 0,
        "hearted": lambda story, caller: False,
        "hearts": lambda story, caller: [],
        "num_hearts": lambda story, caller: 0,
        "previews": lambda story, caller: [],
        "source": lambda story, caller: "api",
    },
    "created_at created_by resource_subtype text type",
    "created_at created_by resource_subtype text type is_pinned is_editable is_edited liked likes num_likes hearted "
    "hearts num_hearts previews source target",
)
KINDS[model.Portfolio] = Kind(
    "portfolio",
    {
        **plain("name", "color", "archived", "start_on", "due_on", "default_access_level", "owner", "workspace"),
        **plain("created_by", "members", "public"),
        **_at("created_at"),
        "custom_field_settings": lambda portfolio, caller: portfolio.settings,
        "custom_fields": lambda portfolio, caller: [
            model.FieldValue(s.custom_field, portfolio.values.get(s.custom_field)) for s in portfolio.settings
        ],
        "current_status_update": lambda portfolio, caller: None,
        "privacy_setting": lambda portfolio, caller: "public_to_domain" if portfolio.public else "members_only",
        "project_templates": lambda portfolio, caller: [],
        "permalink_url": lambda portfolio, caller: f"{APP}/0/portfolio/{portfolio.gid}/list",
    },
    "name",
)
KINDS[model.TemplateRole] = Kind("template_role", plain("name"), "name")
KINDS[model.ProjectTemplate] = Kind(
    "project_template",
    {
        **plain("name", "description", "public", "owner", "team", "color"),
        "html_description": lambda template, caller: rich(template.description),
        "requested_dates": lambda template, caller: [
            {"gid": gid, "name": name, "description": ""} for gid, name in template.dates
        ],
        "requested_roles": lambda template, caller: template.roles,
    },
    "name",
)
KINDS[model.Job] = Kind(
    "job",
    {
        **plain("resource_subtype", "new_project", "new_task", "new_project_template"),
        "status": lambda job, caller: caller.job_status(job),
    },
    "resource_subtype status new_project new_task new_project_template",
)
KINDS[webhooks.Webhook] = Kind(
    "webhook",
    {
        **plain("active", "resource", "target", "filters", "last_failure_content"),
        **_at("created_at", "last_success_at", "last_failure_at", "next_attempt_after"),
        "delivery_retry_count": lambda webhook, caller: webhook.retries,
        "failure_deletion_timestamp": lambda webhook, caller: iso(
            webhook.failing_since + webhooks.GIVE_UP if webhook.failing_since else None
        ),
    },
    "active resource target",
)
