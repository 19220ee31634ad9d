"""One request on its way through the sandbox: the caller, the object, and the form of the answer."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from . import model, opt_fields, pagination
from .errors import ApiError, bad, forbidden, missing, missing_object, not_an_id, payment_required, unknown_object
from .settings import Settings
from .store import KIND_NAMES, Store
from .texts import length

if TYPE_CHECKING:
    from .envelope import Content
    from .sandbox import Sandbox

T = TypeVar("T")
WRITERS = ("admin", "editor")


@dataclass
class Reply:
    status: int
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)
    cost: float = 1.0


class Call:
    """The request as handlers see it.

    `query` are the query parameters (in a GET inside a batch: its `data`); `data` is the object under `data` in the body.
    A failed look-up raises the ApiError that Asana would answer: 404 for an object in the path, 400 elsewhere.
    """

    def __init__(
        self,
        sandbox: "Sandbox",
        token: model.Token,
        method: str,
        path: str,
        query: dict[str, str],
        content: "Content",
    ) -> None:
        self.sandbox = sandbox
        self.token = token
        self.user = token.user
        self.method = method
        self.path = path
        self.query = query
        self.data = content.data
        self.options = content.options
        self.files = content.files
        self.multipart = content.multipart
        self.tree = opt_fields.parse(content.options.get("fields", query.get("opt_fields")))
        self.cost = 1.0

    @property
    def store(self) -> Store:
        return self.sandbox.store

    @property
    def settings(self) -> Settings:
        return self.sandbox.settings

    @property
    def external_scope(self) -> str:
        """`external` data belongs to an app. A setting decides which app a personal token counts as."""
        if self.token.app:
            return self.token.app
        return self.user.gid if self.settings.external_scope == "user" else "personal"

    @property
    def sees_emails(self) -> bool:
        return "guest" not in self.user.workspaces.values()

    # --- answers

    def record(self, thing: Any, status: int = 200) -> Reply:
        """The full record of one object, or the fields asked for."""
        self.cost += 0.02 * (1 + (opt_fields.count(self.tree) if self.tree is not None else 20) / 10)
        return Reply(status, {"data": opt_fields.show(thing, self.tree, self, full=True)})

    def created(self, thing: Any) -> Reply:
        return self.record(thing, 201)

    def empty(self) -> Reply:
        return Reply(200, {"data": {}})

    def listing(
        self, rows: Sequence[Any], keep: Callable[[Any], bool] | None = None, late_page_limit: int | None = None
    ) -> Reply:
        """One page of `rows`, compact unless fields were asked for."""
        limit = pagination.parse_limit(self.options.get("limit", self.query.get("limit")))
        offset = self.options.get("offset", self.query.get("offset"))
        kept = {k: v for k, v in sorted(self.query.items()) if k != "offset"}
        key = f"{self.token.value} {self.path}?{urlencode(kept)}"
        page, following = pagination.cut(rows, limit, offset, key, self.sandbox.offsets, keep, late_page_limit)
        body: dict[str, Any] = {"data": self.show_all(page)}
        if limit is not None:
            body["next_page"] = None
            if following is not None:
                path = f"{self.path}?{urlencode({**kept, 'offset': following})}"
                uri = f"{self.sandbox.base_url}/api/1.0{path}"
                body["next_page"] = {"offset": following, "path": path, "uri": uri}
        return Reply(200, body)

    def show_all(self, rows: Iterable[Any]) -> list[dict[str, Any]]:
        shown = [opt_fields.show(row, self.tree, self) for row in rows]
        self.cost += len(shown) * (0.02 + 0.002 * opt_fields.count(self.tree))
        return shown

    # --- finding things

    def in_path(self, kind: type[T], gid: str) -> T:
        """The object named by a path. 404 if it is unknown or not visible to the caller."""
        name = KIND_NAMES[kind]
        if kind is model.Task and gid.startswith("external:"):
            task = self.store.external.get((self.external_scope, gid.removeprefix("external:")))
            if task is None or task.deleted or not self.sees(task):
                raise missing_object(name, gid)
            return task  # type: ignore[return-value]
        if not gid.isdigit():
            raise not_an_id(name, gid)
        thing = self.store.find(kind, gid)
        if thing is None or not self.sees(thing):
            raise self._not_there(missing_object(name, gid), name, gid)
        return thing

    def named(self, kind: type[T], gid: Any, parameter: str) -> T:
        """The object named by a body or query parameter. 400 if it is unknown or not visible."""
        if kind is model.Task and isinstance(gid, str) and gid.startswith("external:"):
            task = self.store.external.get((self.external_scope, gid.removeprefix("external:")))
            if task is None or task.deleted or not self.sees(task):
                raise unknown_object(parameter, gid)
            return task  # type: ignore[return-value]
        if not isinstance(gid, str) or not gid.isdigit():
            raise not_an_id(parameter, gid)
        thing = self.store.find(kind, gid)
        if thing is None or not self.sees(thing):
            raise self._not_there(unknown_object(parameter, gid), parameter, gid)
        return thing

    def _not_there(self, usual: ApiError, name: str, gid: str) -> ApiError:
        return not_an_id(name, gid) if self.settings.unknown_gids == "unrecognized" else usual

    def person(self, reference: str) -> model.User:
        """The user named by a path: gid, e-mail or `me`."""
        found = self.user if reference == "me" else self.store.user(reference)
        if found is None or not set(found.workspaces) & set(self.user.workspaces):
            raise missing_object("user", reference)
        return found

    def member(self, reference: Any, field: str, workspace: model.Workspace | None = None) -> model.User:
        """An active member of the workspace by gid, e-mail or `me`. 400 for anyone else."""
        if not isinstance(reference, str):
            raise not_an_id(field, reference)
        found = self.user if reference == "me" else self.store.user(reference)
        if found is None and "@" not in reference and not reference.isdigit():
            raise not_an_id(field, reference)
        place = workspace or next(iter(self.user.workspaces))
        if found is None or found.workspaces.get(place, "deactivated") == "deactivated":
            raise bad(f"{field}: Not a user in Organization: {reference}")
        return found

    def anything(self, gid: Any, field: str) -> Any:
        thing = self.store.objects.get(gid) if isinstance(gid, str) else None
        if thing is None or getattr(thing, "deleted", False) or not self.sees(thing):
            raise unknown_object(field, gid)
        return thing

    def parameter(self, name: str) -> str:
        if not self.query.get(name):
            raise missing(name)
        return self.query[name]

    def required(self, name: str) -> Any:
        if self.data.get(name) is None or self.data.get(name) == "":
            raise missing(name)
        return self.data[name]

    def name(self, value: Any) -> str:
        """Checks the length of a name."""
        return as_text(value, "name", self.settings.longest_name)

    def long_text(self, value: Any, field: str) -> str:
        """Checks the length of a description or comment, with or without markup."""
        return as_text(value, field, self.settings.longest_notes)

    def only(self, *known: str) -> None:
        """Refuses keys of `data` that the endpoint does not know."""
        if self.settings.unknown_keys == "refuse":
            for name in self.data:
                if name not in known:
                    raise bad(f"{name}: Unrecognized request field")

    # --- rights

    def sees(self, thing: Any) -> bool:
        if isinstance(thing, model.Task):
            return self.sees_task(thing)
        if isinstance(thing, model.Project):
            return self.sees_project(thing)
        if isinstance(thing, model.Section):
            return self.sees_project(thing.project)
        if isinstance(thing, model.Workspace):
            allowed = self.token.workspaces
            return thing in self.user.workspaces and (allowed is None or thing.gid in allowed)
        if isinstance(thing, (model.Story, model.Attachment)):
            return self.sees_task(thing.target if isinstance(thing, model.Story) else thing.parent)
        if isinstance(thing, model.Job):
            return thing.owner is self.user
        if isinstance(thing, model.CustomField) and not self.sees_field(thing):
            return False
        workspace = getattr(thing, "workspace", None)
        return workspace is None or workspace in self.user.workspaces

    def access(self, project: model.Project) -> str | None:
        """The caller's access level in a project, or None if the project is not visible."""
        role = self.user.workspaces.get(project.workspace)
        if role in (None, "deactivated"):
            return None
        level = project.members.get(self.user)
        for member, membership in project.memberships.items():
            if level is None and isinstance(member, model.Team) and self.user in member.members:
                level = membership.access_level
        if level is None and role != "guest" and project.privacy_setting != "private":
            level = project.default_access_level
        return "viewer" if level and role == "view_only" else level

    def sees_project(self, project: model.Project) -> bool:
        return self.access(project) is not None

    def sees_field(self, field: model.CustomField) -> bool:
        """A private field is visible only to its creator. Others see neither the field nor its values, but its name is
        taken."""
        return field.privacy_setting != "private" or field.created_by is self.user

    def sees_task(self, task: model.Task) -> bool:
        if self.user in (task.assignee, task.created_by) or (task.followers and self.user in task.followers):
            return True
        if any(self.sees_project(project) for project in task.memberships):
            return True
        return task.parent is not None and self.sees_task(task.parent)

    def settled(self, project: model.Project) -> bool:
        """Whether the job that fills the project, if any, has ended."""
        return self.store.now() >= project.settled_at

    def may_edit_project(self, project: model.Project) -> None:
        if not self.settled(project):
            self.sandbox.unsettled_writes.append(f"{self.method} {self.path}")
        if self.access(project) not in WRITERS:
            raise forbidden(f"project: You do not have permission to edit {project.gid}")

    def may_edit(self, task: model.Task) -> None:
        """Editing a task requires edit rights in one of its projects; without a project, the caller must be its creator
        or assignee."""
        top = task
        while top.parent is not None and not top.memberships:
            top = top.parent
        if top.memberships and not any(self.access(project) in WRITERS for project in top.memberships):
            raise forbidden(f"task: You do not have permission to edit {task.gid}")

    def may_comment(self, task: model.Task) -> None:
        top = task
        while top.parent is not None and not top.memberships:
            top = top.parent
        if top.memberships and all(self.access(project) in (None, "viewer") for project in top.memberships):
            raise forbidden(f"task: You do not have permission to comment on {task.gid}")

    def needs_custom_fields(self) -> None:
        if not self.settings.paid or "guest" in self.user.workspaces.values():
            raise payment_required()

    def needs_portfolios(self) -> None:
        if self.settings.plan in ("free", "starter"):
            raise payment_required("Portfolios are not available on this plan.")

    def job_status(self, job: model.Job) -> str:
        now = self.store.now()
        if now < job.starts_at:
            return "not_started"
        if now < job.ends_at:
            return "in_progress"
        return "failed" if job.failed else "succeeded"


def as_bool(value: Any, field: str) -> bool:
    if not isinstance(value, bool):
        raise bad(f"{field}: Value is not a boolean: {value}")
    return value


def as_text(value: Any, field: str, limit: int = 0) -> str:
    if not isinstance(value, str):
        raise bad(f"{field}: Value is not a string: {value}")
    if 0 < limit < length(value):
        raise bad(f"{field}: Value is longer than {limit} characters")
    return value


def as_list(value: Any, field: str) -> list[Any]:
    """An array. A comma-separated list counts as one, because old clients send it like that."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, list):
        raise bad(f"{field}: Value is not an array: {value}")
    return value


def one_of(value: Any, field: str, allowed: Sequence[str]) -> str:
    if value not in allowed:
        raise bad(f"{field}: Value is not one of the allowed: {value}; expected one of {', '.join(allowed)}")
    return str(value)


__all__ = ["ApiError", "Call", "Reply", "as_bool", "as_list", "as_text", "one_of"]
