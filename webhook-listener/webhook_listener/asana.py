"""The listener's calls to Asana's API. Paths and shapes follow Asana's OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from webhook_listener import clock
from webhook_listener.config import Asana as Settings
from webhook_listener.http import Authentication, CallError, OAuthToken, PersonalAccessToken, Service, ServiceError

# CallError is exported as well, so that callers need to know nothing else of HTTP.
__all__ = ["Asana", "CallError", "EventPage"]
TASK_FIELDS = (
    "name,completed,completed_at,completed_by.name,created_by.name,assignee.name,memberships.section.name,memberships.project.name,"
    "custom_fields.name,custom_fields.text_value,custom_fields.description,custom_fields.is_global_to_workspace"
)
STORY_FIELDS = "created_at,created_by.name,resource_subtype,text,assignee.name"
WEBHOOK_FIELDS = (
    "active,target,resource.name,last_success_at,last_failure_at,last_failure_content,delivery_retry_count,filters"
)
# The acts of people that are worth a line in the log. Asana delivers an event that passes any of these filters.
FILTERS: list[dict[str, Any]] = [
    *(
        {"resource_type": "task", "action": action}
        for action in ("changed", "added", "removed", "deleted", "undeleted")
    ),
    {"resource_type": "story", "resource_subtype": "comment_added", "action": "added"},
]


@dataclass(frozen=True)
class EventPage:
    """One answer of the Events API.

    `expired` means that the token was missing or too old, so the page leaves out what happened meanwhile. `read_at` is the
    time of the answer by Asana's clock (RFC 3339), so that a wrong local clock does no harm.
    """

    events: list[dict[str, Any]]
    sync: str | None
    has_more: bool
    expired: bool
    read_at: str


class Asana:
    """Every method raises CallError. Methods with an optional result return None for an object that is deleted or not
    visible to the token's user."""

    def __init__(self, settings: Settings) -> None:
        self._workspace = settings.workspace_gid
        self._service = Service("Asana", settings.api_url, _authentication(settings))

    def close(self) -> None:
        self._service.close()

    def me(self) -> dict[str, Any]:
        """The token's user."""
        return dict(self._data("GET", "/users/me", opt_fields="name"))

    def user_name(self, gid: str) -> str | None:
        """A person's name, or None for someone the token's user cannot see."""
        person = self._data_or_none(f"/users/{gid}", opt_fields="name")
        return person.get("name") if person else None

    def workspace(self) -> dict[str, Any] | None:
        return self._data_or_none(f"/workspaces/{self._workspace}", opt_fields="name")

    def project(self, gid: str) -> dict[str, Any] | None:
        return self._data_or_none(f"/projects/{gid}", opt_fields="name,workspace")

    def task(self, gid: str) -> dict[str, Any] | None:
        """The task as it is now."""
        return self._data_or_none(f"/tasks/{gid}", opt_fields=TASK_FIELDS)

    def story(self, gid: str) -> dict[str, Any] | None:
        return self._data_or_none(f"/stories/{gid}", opt_fields=STORY_FIELDS)

    def stories(self, task: str) -> list[dict[str, Any]]:
        """Asana's own history of a task, oldest first. Empty if the token may not read it."""
        try:
            return list(self._pages(f"/tasks/{task}/stories", opt_fields=STORY_FIELDS))
        except ServiceError as error:
            if error.passing or error.status == 401:
                raise
            return []

    def tasks_modified_since(self, project: str, moment: str) -> Iterator[str]:
        """The gids of a project's tasks that changed at or after the moment."""
        for task in self._pages("/tasks", project=project, modified_since=moment, opt_fields="name"):
            yield task["gid"]

    def documents(self, project: str, count: int) -> list[dict[str, Any]]:
        """A few tasks of the project, with the fields that show who created them."""
        found = self._data("GET", "/tasks", project=project, limit=str(count), opt_fields=TASK_FIELDS)
        return [task for task in found if isinstance(task, dict)]

    def events(self, project: str, sync: str | None) -> EventPage:
        """The events since the sync token `sync`. Without a token the page contains only the first one."""
        query = {"resource": project} | ({"sync": sync} if sync else {})
        answer = self._service.call("GET", "/events", query=query, accept=(412,))
        body = self._service.parsed(answer)
        return EventPage(
            events=list(body.get("data") or []),
            sync=body.get("sync"),
            has_more=bool(body.get("has_more")),
            expired=answer.status_code == 412,
            read_at=_server_time(answer.headers.get("date")),
        )

    def webhooks(self, project: str) -> list[dict[str, Any]]:
        """This token's webhooks on the project."""
        return list(self._pages("/webhooks", workspace=self._workspace, resource=project, opt_fields=WEBHOOK_FIELDS))

    def webhook(self, gid: str) -> dict[str, Any] | None:
        return self._data_or_none(f"/webhooks/{gid}", opt_fields=WEBHOOK_FIELDS)

    def create_webhook(self, project: str, target: str) -> tuple[str, str | None]:
        """Creates a webhook and returns its gid and secret. Asana posts its handshake to `target` during this call."""
        body = {"data": {"resource": project, "target": target, "filters": FILTERS}}
        answer = self._service.data("POST", "/webhooks", body=body)
        return str(answer["data"]["gid"]), answer.get("X-Hook-Secret")

    def delete_webhook(self, gid: str) -> None:
        """Deletes a webhook, if it still exists."""
        self._service.call("DELETE", f"/webhooks/{gid}", accept=(403, 404))

    def _data(self, method: str, path: str, **query: str) -> Any:
        return self._service.data(method, path, query=query)["data"]

    def _data_or_none(self, path: str, **query: str) -> dict[str, Any] | None:
        answer = self._service.call("GET", path, query=query, accept=(403, 404))
        return dict(self._service.parsed(answer)["data"]) if answer.is_success else None

    def _pages(self, path: str, **query: str) -> Iterator[dict[str, Any]]:
        query = {"limit": "100", **query}
        while True:
            answer = self._service.data("GET", path, query=query)
            yield from answer["data"]
            following = answer.get("next_page")
            if not following:
                return
            query["offset"] = following["offset"]


def _server_time(header: str | None) -> str:
    return clock.iso(clock.parse_http(header or "") or clock.system())


def _authentication(settings: Settings) -> Authentication:
    held = settings.credentials
    if held["auth_type"] == "personal_access_token":
        return PersonalAccessToken(held["personal_access_token"])
    names = ("client_id", "client_secret", "refresh_token")
    return OAuthToken(
        "Asana", settings.token_url, {"grant_type": "refresh_token", **{name: held[name] for name in names}}
    )
