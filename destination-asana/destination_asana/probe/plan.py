"""What the workspace's plan and the token's rights include. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from destination_asana.asana import NOT_SHOWN, OF_CONTENT, AsanaError, OAuthToken, Refusal
from destination_asana.probe.question import Answer, NotAskedError, Question, Subject, UnclearError, not_asked


def _available(subject: Subject, path: str, query: Mapping[str, Any]) -> Answer:
    try:
        subject.client.get(path, query)
    except AsanaError as error:
        facts = {"status": error.status}
        if error.refusal is Refusal.PREMIUM_NEEDED:
            return Answer("not on this plan", "no: the plan does not include it (402)", facts)
        if error.refusal in NOT_SHOWN | OF_CONTENT:
            return Answer("refused", f"no: Asana refuses it to this token ({error.status})", facts)
        raise
    return Answer("available", "yes", {"status": 200})


def custom_fields(subject: Subject) -> Answer:
    path = f"/workspaces/{subject.config.workspace_gid}/custom_fields"
    return _available(subject, path, {"limit": 1})


def search(subject: Subject) -> Answer:
    path = f"/workspaces/{subject.config.workspace_gid}/tasks/search"
    return _available(subject, path, {"projects.any": subject.config.project_gid, "limit": 1})


def portfolios(subject: Subject) -> Answer:
    """The portfolio of the settings, or those of the token's user."""
    gid = subject.config.projects_portfolio_gid
    if gid:
        return _available(subject, f"/portfolios/{gid}/custom_field_settings", {"limit": 1})
    return _available(subject, "/portfolios", {"workspace": subject.config.workspace_gid, "owner": "me", "limit": 1})


def _of_project(path: str) -> Callable[[Subject], Answer]:
    return lambda subject: _available(subject, path, {"parent": subject.config.project_gid})


def goals(subject: Subject) -> Answer:
    return _available(subject, "/goals", {"workspace": subject.config.workspace_gid, "limit": 1})


def announced_changes(subject: Subject) -> Answer:
    """What the headers of all answers so far announced."""
    count = subject.client.announced_changes
    if count:
        return Answer(
            "announced", f"yes: {count}; the log of the next sync names them, please report it", {"changes": count}
        )
    return Answer("none", "no", {"changes": 0})


def refresh_token(subject: Subject) -> Answer:
    """Whether the answer with an access token carries another refresh token."""
    credentials = subject.client.credentials
    if not isinstance(credentials, OAuthToken):
        raise NotAskedError("the settings have a personal access token, which is never renewed")
    if credentials.replaced is None:
        raise UnclearError("no access token was asked for")
    if credentials.replaced:
        return Answer(
            "replaced", "yes: the refresh token in the settings may stop working; please report it", {"replaced": True}
        )
    return Answer("kept", "no: the refresh token of the settings stays", {"replaced": False})


QUESTIONS = (
    Question(
        "A4 plan",
        "Does the plan include search?",
        "how the task of a document is found in a large project",
        "the calls of a small sync",
        search,
    ),
    Question(
        "A9",
        "Are portfolios available?",
        "whether Asana projects show numbers of their own",
        "projects_portfolio_gid",
        portfolios,
    ),
    Question(
        "A10",
        "Are custom fields available?",
        "whether the sync can work at all",
        "the Visma ID and all fields",
        custom_fields,
    ),
    Question(
        "A10 budgets",
        "Are budgets of projects available?",
        "nothing yet: numbers are fields",
        "numbers of projects",
        _of_project("/budgets"),
    ),
    Question("A10 goals", "Are goals available?", "nothing yet", "numbers of projects", goals),
    Question(
        "A10 status",
        "Are status updates readable?",
        "nothing yet",
        "comments and warnings",
        _of_project("/status_updates"),
    ),
    Question(
        "A10 updates",
        "Does Asana take a status update with markup?",
        "nothing yet",
        "comments and warnings",
        not_asked("each one notifies all followers of the project"),
    ),
    Question(
        "A12 headers",
        "Does Asana announce changes that affect this connector?",
        "whether a new release is due",
        "all requests",
        announced_changes,
    ),
    Question(
        "A13",
        "Does Asana replace the refresh token?",
        "whether the settings stay valid",
        "credentials (OAuth)",
        refresh_token,
    ),
    Question(
        "A8",
        "Does a project need a team?",
        "nothing to set: the sync tries without, then with one",
        "team_gid of a stream that is written as projects",
        not_asked("it would make a project, and the probe makes nothing but tasks"),
    ),
    Question(
        "A13 offsets",
        "How long does the place in a listing live?",
        "nothing to set: an expired listing is read again",
        "long listings",
        not_asked("it takes an hour of waiting"),
    ),
    Question(
        "A13 undelete",
        "What becomes of a deleted task's keys?",
        "nothing to set: the sync deletes nothing",
        "the Visma ID",
        not_asked("a task stays in the trash for 30 days, and the API cannot take it out; A1 says what can be seen"),
    ),
    Question(
        "A11",
        "How does Asana take attachments?",
        "nothing yet: files do not come",
        "a feature to come",
        not_asked("the sync attaches nothing"),
    ),
    Question(
        "P1",
        "What does the platform hand to a custom image?",
        "generation ids, rejected records, clear data",
        "Airbyte",
        not_asked("it concerns Airbyte, not Asana; a sync's log shows it"),
    ),
)
