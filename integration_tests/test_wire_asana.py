"""Bodies and headers seen on the real Asana: the destination reads them beside its own documents, errors say them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from webhook_listener import events

from . import wire
from .destination_messages import order
from .destination_support import Destination

TASKS = [
    "project_tasks_custom_fields_2025.json",
    "task_get_2024.json",
    "tasks_get_optfields_2025.json",
    "tasks_put_2025.json",
    "tasks_records_2022.json",
]

pytestmark = pytest.mark.skipif(not wire.available(), reason=wire.MISSING)


def recorded_tasks() -> list[dict[str, Any]]:
    """The tasks of all bodies, each gid once."""
    found: dict[str, dict[str, Any]] = {}
    for name in TASKS:
        data = wire.content(f"asana/{name}")["data"]
        found |= {task["gid"]: task for task in (data if isinstance(data, list) else [data])}
    return list(found.values())


@pytest.fixture
def player(destination: Destination) -> Iterator[wire.Player]:
    """The sandbox Asana, in whose lists the recorded objects stand first, with the recorded headers on every answer."""
    tasks = recorded_tasks()
    other = wire.content("asana/projects_sections_stories_2022.json")
    stories = wire.content("asana/task_stories_2025.json")["data"] + other["stories"]
    written = wire.content("asana/tasks_put_2025.json")["data"]

    def edit(method: str, path: str, query: dict[str, str], status: int, body: bytes) -> tuple[int, bytes] | None:
        if status != 200:
            return None
        data = json.loads(body)["data"]
        if method == "PUT" and "/tasks/" in path:
            return status, json.dumps({"data": written | data}).encode()
        first = "offset" not in query
        added = {"tasks": tasks, "stories": stories, "sections": other["sections"]}.get(path.rsplit("/", 1)[1])
        if method != "GET" or added is None or not first or not isinstance(data, list):
            return None
        return status, json.dumps(json.loads(body) | {"data": added + data}).encode()

    changes = wire.content("asana/headers_2025.json")["GET"]["asana-change"]
    with wire.Player(destination.asana.url, edit, {"asana-change": changes}) as player:
        yield player


def test_recorded_objects_are_read_and_left_alone(destination: Destination, player: wire.Player) -> None:
    """Tasks, stories and sections of people and of other tools stand among ours, in the forms that were seen."""
    api_url = f"{player.url}/api/1.0"
    first = destination.write(order(), api_url=api_url)
    assert "1 created" in first.log
    assert len(destination.tasks) == 1
    (announced,) = [warning for warning in first.warnings if "Asana announces a change" in warning]
    assert "new_goal_memberships" in announced
    changed = order(status="Closed", description="Anything else")
    second = destination.write(changed, api_url=api_url, change_comments=True)
    assert "1 completed" in second.log
    destination.fresh_log()
    third = destination.write(changed, api_url=api_url)
    assert "1 unchanged" in third.log
    assert destination.written == []
    gids = {task["gid"] for task in recorded_tasks()}
    assert not [entry["path"] for entry in destination.requests() if any(gid in entry["path"] for gid in gids)]


def test_a_recorded_delivery_is_an_event_of_its_task() -> None:
    """The webhook listener's reading of it: a change that names no value, of a task without a parent."""
    (raw,) = wire.content("asana/webhook_delivery_2023.json")["events"]
    event = events.parse(raw)
    assert event is not None
    assert (event.task, event.user, event.action) == ("1206234446000801", "1206230291000946", "changed")
    assert (event.field, event.value, event.names_value, event.parent) == ("name", None, False, None)
    assert event.at == "2023-12-30T10:12:25.274Z"


def test_of_the_recorded_stories_a_comment_is_news() -> None:
    """The others: added to a project, followed, attached, and a change of Asana itself, which is nobody."""
    stories = wire.content("asana/task_stories_2025.json")["data"]
    stories += wire.content("asana/projects_sections_stories_2022.json")["stories"]
    *others, comment = map(events.from_story, stories)
    assert others == [None] * 4
    assert comment is not None
    assert (comment.what, comment.who, comment.who_gid) == ("commented", None, "1200350382000607")


SAID = {
    0: "project: Not a recognized ID: 1211834271000941",
    1: "parent: Not a recognized ID: 1010",
    2: "The following scopes must be present to fulfill this request: projects:read",
    3: "You should specify one of workspace, project, tag, section, user_task_list",
    4: "tags: [0]: Not a recognized ID: urgent",
    5: "project: Missing input (phrase: 6 sad squid snuggle softly)",
}


@pytest.mark.parametrize("number", SAID)
def test_what_asana_says_of_a_refusal_is_told(destination: Destination, number: int) -> None:
    seen = wire.content("asana/errors.json")[number]
    destination.asana.fault(
        action="error",
        method="POST",
        path="^/tasks",
        status=seen["status"],
        answer=json.dumps(seen["body"]),
        times=None,
    )
    run = destination.write(order(), code=1)
    assert SAID[number] in run.error["message"]
