"""The objects in the sandbox's workspace: plain slotted objects that refer to each other, so that 100,000 tasks stay
small."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True, eq=False)
class Workspace:
    gid: str
    name: str
    is_organization: bool = True
    email_domains: list[str] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class User:
    """`workspaces` maps each workspace of the person to `member`, `guest`, `deactivated` or `view_only`."""

    gid: str
    name: str
    email: str
    workspaces: dict[Workspace, str] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class WorkspaceMembership:
    gid: str
    user: User
    workspace: Workspace
    created_at: float

    @property
    def role(self) -> str:
        return self.user.workspaces.get(self.workspace, "deactivated")


@dataclass(slots=True, eq=False)
class Team:
    gid: str
    name: str
    workspace: Workspace
    members: list[User] = field(default_factory=list)
    description: str = ""
    visibility: str = "public"


@dataclass(slots=True, eq=False)
class GroupMembership:
    """A person in a team or a portfolio."""

    gid: str
    user: User
    group: "Team | Portfolio"


@dataclass(slots=True, eq=False)
class EnumOption:
    gid: str
    name: str
    color: str
    enabled: bool
    custom_field: "CustomField"


@dataclass(slots=True, eq=False)
class CustomField:
    gid: str
    name: str
    resource_subtype: str
    workspace: Workspace
    created_by: User | None
    created_at: float
    options: list[EnumOption] = field(default_factory=list)
    description: str = ""
    precision: int = 0
    format: str = "none"
    currency_code: str | None = None
    custom_label: str | None = None
    custom_label_position: str | None = None
    has_notifications_enabled: bool = False
    is_global_to_workspace: bool = True
    privacy_setting: str = "public"
    default_access_level: str = "editor"
    is_value_read_only: bool = False
    is_formula_field: bool = False
    locked_by: User | None = None
    deleted: bool = False


@dataclass(slots=True, eq=False)
class CustomFieldSetting:
    gid: str
    custom_field: CustomField
    parent: "Project | Portfolio"
    is_important: bool = False


@dataclass(slots=True, eq=False)
class Section:
    gid: str
    name: str
    project: "Project"
    created_at: float
    tasks: list["Task"] = field(default_factory=list)
    deleted: bool = False


@dataclass(slots=True, eq=False)
class Project:
    """`members` maps a person to an access level: `admin`, `editor`, `commenter` or `viewer`."""

    gid: str
    name: str
    workspace: Workspace
    created_at: float
    modified_at: float
    owner: User | None = None
    team: Team | None = None
    notes: str = ""
    html_notes: str | None = None
    color: str | None = None
    icon: str | None = None
    default_view: str = "list"
    due_on: str | None = None
    start_on: str | None = None
    archived: bool = False
    privacy_setting: str = "public_to_workspace"
    default_access_level: str = "editor"
    completed: bool = False
    completed_at: float | None = None
    completed_by: User | None = None
    sections: list[Section] = field(default_factory=list)
    settings: list[CustomFieldSetting] = field(default_factory=list)
    members: dict[User, str] = field(default_factory=dict)
    memberships: "dict[User | Team, Membership]" = field(default_factory=dict)
    followers: list[User] = field(default_factory=list)
    portfolios: list["Portfolio"] = field(default_factory=list)
    values: dict[CustomField, Any] = field(default_factory=dict)
    created_from_template: "ProjectTemplate | None" = None
    settled_at: float = 0.0
    """Until then, a job is filling the project, and its content is incomplete."""
    deleted: bool = False


@dataclass(slots=True, eq=False)
class Membership:
    gid: str
    parent: Project
    member: "User | Team"
    access_level: str


@dataclass(slots=True, eq=False)
class Task:
    gid: str
    name: str
    workspace: Workspace
    created_at: float
    modified_at: float
    created_by: User | None
    resource_subtype: str = "default_task"
    notes: str = ""
    html_notes: str | None = None
    completed: bool = False
    completed_at: float | None = None
    completed_by: User | None = None
    approval_status: str | None = None
    assignee: User | None = None
    assigned_by: User | None = None
    due_on: str | None = None
    due_at: float | None = None
    start_on: str | None = None
    start_at: float | None = None
    parent: "Task | None" = None
    memberships: dict[Project, Section] = field(default_factory=dict)
    values: dict[CustomField, Any] | None = None
    external: dict[str, tuple[str | None, str | None]] | None = None
    subtasks: list["Task"] | None = None
    followers: list[User] | None = None
    likes: list[User] | None = None
    tags: list["Tag"] | None = None
    stories: list["Story"] | None = None
    attachments: list["Attachment"] | None = None
    dependencies: list["Task"] | None = None
    dependents: list["Task"] | None = None
    deleted: bool = False


@dataclass(slots=True, eq=False)
class Story:
    """`details` holds what only some subtypes have (`old_name`, `new_enum_value`, `project`, …)."""

    gid: str
    target: Task
    created_at: float
    created_by: User | None
    resource_subtype: str
    text: str
    html_text: str | None = None
    is_pinned: bool = False
    is_edited: bool = False
    details: dict[str, Any] | None = None
    deleted: bool = False


@dataclass(slots=True, eq=False)
class Tag:
    gid: str
    name: str
    workspace: Workspace
    created_at: float
    color: str | None = None
    notes: str = ""
    followers: list[User] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    deleted: bool = False


@dataclass(slots=True, eq=False)
class Attachment:
    gid: str
    name: str
    parent: Task
    created_at: float
    url: str
    resource_subtype: str = "external"
    size: int = 0
    deleted: bool = False


@dataclass(slots=True, eq=False)
class Portfolio:
    gid: str
    name: str
    workspace: Workspace
    created_at: float
    created_by: User
    owner: User
    color: str | None = None
    public: bool = False
    archived: bool = False
    start_on: str | None = None
    due_on: str | None = None
    default_access_level: str = "viewer"
    items: list[Project] = field(default_factory=list)
    settings: list[CustomFieldSetting] = field(default_factory=list)
    members: list[User] = field(default_factory=list)
    values: dict[CustomField, Any] = field(default_factory=dict)
    deleted: bool = False


@dataclass(slots=True, eq=False)
class TemplateRole:
    gid: str
    name: str


@dataclass(slots=True, eq=False)
class ProjectTemplate:
    """`dates` are (gid, name); `content` is a list of (section name, [(task name, role gid or None), …])."""

    gid: str
    name: str
    workspace: Workspace
    owner: User | None
    team: Team | None = None
    description: str = ""
    color: str | None = None
    public: bool = True
    dates: list[tuple[str, str]] = field(default_factory=list)
    roles: list[TemplateRole] = field(default_factory=list)
    content: list[tuple[str, list[tuple[str, str | None]]]] = field(default_factory=list)
    custom_fields: list[CustomField] = field(default_factory=list)
    deleted: bool = False


@dataclass(slots=True, eq=False)
class Job:
    gid: str
    resource_subtype: str
    owner: User
    starts_at: float
    ends_at: float
    new_project: Project | None = None
    new_task: Task | None = None
    new_project_template: ProjectTemplate | None = None
    failed: bool = False


@dataclass(slots=True, eq=False)
class FieldValue:
    """A custom field on one task, project or portfolio: the definition with a value."""

    custom_field: CustomField
    value: Any
    enabled: bool = True

    @property
    def gid(self) -> str:
        return self.custom_field.gid


@dataclass(slots=True, eq=False)
class Token:
    """A bearer token. `scopes` None = full permissions; `expires_at` None = a personal access token.
    `requests_left` None = any number."""

    value: str
    user: User
    scopes: frozenset[str] | None = None
    expires_at: float | None = None
    app: str | None = None
    revoked: bool = False
    workspaces: tuple[str, ...] | None = None
    requests_left: int | None = None

    def spent(self) -> bool:
        """Counts a request; True when the token has had all of its own."""
        if self.requests_left is None:
            return False
        self.requests_left -= 1
        return self.requests_left < 0
