"""The webhook of a project, and the events that were not delivered."""

import json
import logging
from threading import Event
from typing import Any

import pytest
from webhook_listener.asana import Asana
from webhook_listener.catch_up import CatchUp
from webhook_listener.config import Config
from webhook_listener.database import Database
from webhook_listener.http import CallError
from webhook_listener.intake import AsanaIntake
from webhook_listener.metrics import Metrics
from webhook_listener.subscriptions import Subscriptions
from webhook_listener.watch import Watch

HOUR = 3600.0
NEW = (201, {"data": {"gid": "10"}, "X-Hook-Secret": "s"})


@pytest.fixture
def asana(config: Config, services: Any) -> Asana:
    assert config.asana is not None
    return Asana(config.asana)


@pytest.fixture
def intake(database: Database, clock: Any) -> AsanaIntake:
    return AsanaIntake(database, clock, Event())


@pytest.fixture
def subscriptions(database: Database, asana: Asana, intake: AsanaIntake, clock: Any, metrics: Metrics) -> Subscriptions:
    address = "https://hooks.example.com/asana/"
    return Subscriptions(address=address, database=database, asana=asana, intake=intake, clock=clock, metrics=metrics)


@pytest.fixture
def webhook(database: Database, services: Any, clock: Any) -> dict[str, Any]:
    """A webhook that works, as Asana shows it."""
    database.run(
        "INSERT INTO webhooks (key, project_gid, target, state, gid, secret, changed_at, heard_at) "
        "VALUES ('k', '2', 'https://hooks.example.com/asana/k', 'active', '9', 's', ?, ?)",
        clock.now,
        clock.now,
    )
    shown: dict[str, Any] = {"gid": "9", "active": True}
    services.answers["GET /webhooks/9"] = (200, {"data": shown})
    services.answers["GET /webhooks"] = (200, {"data": []})
    services.answers["POST /webhooks"] = NEW
    return shown


def state(database: Database) -> list[tuple[str, str]]:
    return [(row["gid"], row["state"]) for row in database.all("SELECT gid, state FROM webhooks ORDER BY gid")]


def test_a_webhook_that_works_is_left_alone(
    subscriptions: Subscriptions, services: Any, webhook: dict[str, Any]
) -> None:
    subscriptions.look_after("2")
    assert services.asked == ["GET /webhooks/9"]


@pytest.mark.parametrize(
    ("reason", "change"),
    [
        ("public_url has changed", "UPDATE webhooks SET target = 'https://old.example.com/asana/k'"),
        ("Asana has deleted the webhook", None),
        ("the webhook is not active", {"active": False}),
        (
            "its deliveries are signed with another secret than the one agreed",
            {"last_failure_at": "2026-11-26T11:59:00Z", "last_success_at": "2026-11-26T11:00:00Z"},
        ),
        (
            "nothing was heard of it since 2026-11-26T02:59:59.000Z",
            "UPDATE webhooks SET heard_at = 1795661999, changed_at = 1",
        ),
    ],
)
def test_a_webhook_that_does_not_deliver_is_replaced(
    subscriptions: Subscriptions,
    intake: AsanaIntake,
    services: Any,
    database: Database,
    webhook: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
    reason: str,
    change: Any,
) -> None:
    caplog.set_level(logging.INFO)
    if isinstance(change, str):
        database.run(change)
    elif change is None:
        services.answers["GET /webhooks/9"] = 404
    else:
        webhook.update(change)
        intake.refused["k"] = 1
    subscriptions.look_after("2")
    assert state(database) == [("10", "active"), ("9", "retired")]
    assert f"Project 2: {reason}" in caplog.text


def test_a_failure_that_a_success_followed_is_over(
    subscriptions: Subscriptions, intake: AsanaIntake, services: Any, webhook: dict[str, Any]
) -> None:
    webhook.update(last_failure_at="2026-11-26T11:00:00Z", last_success_at="2026-11-26T11:59:00Z")
    intake.refused["k"] = 1
    subscriptions.look_after("2")
    assert "POST /webhooks" not in services.asked


def test_what_a_killed_process_left_is_cleared_away(
    subscriptions: Subscriptions, services: Any, webhook: dict[str, Any], database: Database
) -> None:
    database.run("DELETE FROM webhooks")
    ours, others = "https://hooks.example.com/asana/old", "https://elsewhere.example.com/"
    found = [{"gid": "8", "target": ours}, {"gid": "7", "target": others}, {"gid": "10", "target": ours}]
    services.answers["GET /webhooks"] = (200, {"data": found})
    services.answers["DELETE /webhooks/8"] = 200
    subscriptions.look_after("2")
    assert [call for call in services.asked if call.startswith("DELETE")] == ["DELETE /webhooks/8"]


@pytest.mark.parametrize(("answer", "kept"), [(403, []), (None, [(None, "creating")])])
def test_a_webhook_that_is_refused_leaves_nothing_and_one_without_an_answer_may_exist(
    subscriptions: Subscriptions, services: Any, database: Database, answer: int | None, kept: list[Any]
) -> None:
    if answer:
        services.answers["POST /webhooks"] = answer
    with pytest.raises(CallError):
        subscriptions.look_after("2")
    assert state(database) == kept


def test_a_project_that_is_no_longer_configured_loses_its_webhook(
    subscriptions: Subscriptions, services: Any, database: Database, webhook: dict[str, Any]
) -> None:
    services.answers["DELETE /webhooks/9"] = 404
    assert subscriptions.of_others(["2"]) == []
    assert subscriptions.of_others(["3"]) == ["2"]
    subscriptions.give_up("2")
    assert state(database) == [("9", "retired")]
    assert services.asked == ["DELETE /webhooks/9"]


@pytest.fixture
def catch_up(database: Database, asana: Asana, clock: Any, metrics: Metrics) -> CatchUp:
    return CatchUp(database=database, asana=asana, clock=clock, metrics=metrics, news=Event())


def queued(database: Database) -> list[Any]:
    return [json.loads(row["body"]) for row in database.all("SELECT body FROM deliveries ORDER BY id")]


def test_pages_of_events_are_read_to_the_end(catch_up: CatchUp, services: Any, database: Database) -> None:
    first = {"data": [{"action": "changed"}], "sync": "b", "has_more": True}
    services.answers["GET /events"] = [(200, first), (200, {"data": [], "sync": "c", "has_more": False})]
    catch_up.read("2")
    assert queued(database) == [{"events": [{"action": "changed"}]}]
    assert database.number("SELECT count(*) FROM projects WHERE sync_token = 'c'") == 1


def test_after_a_long_outage_the_tasks_themselves_are_read(
    catch_up: CatchUp, services: Any, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """From a quarter of an hour before the last reading on."""
    database.run("INSERT INTO projects VALUES ('2', 'a', '2026-11-25T12:00:00.000Z')")
    services.answers["GET /events"] = (412, {"sync": "b"})
    page = {"data": [{"gid": "21"}], "next_page": {"offset": "o"}}
    services.answers["GET /tasks"] = [(200, page), (200, {"data": [{"gid": "22"}]})]
    catch_up.read("2")
    since = "2026-11-25T11:45:00.000Z"
    assert queued(database) == [{"read_again": {"task": gid, "since": since}} for gid in ("21", "22")]
    assert f"reading the tasks that changed since {since}" in caplog.text


@pytest.fixture
def watch(config: Config, database: Database, asana: Asana, intake: AsanaIntake, clock: Any, metrics: Metrics) -> Watch:
    return Watch(config=config, database=database, asana=asana, intake=intake, clock=clock, metrics=metrics, every=30.0)


def test_problems_are_logged_once_and_when_they_are_over(
    watch: Watch, services: Any, webhook: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="webhook_listener.watch")
    for _ in range(2):
        assert watch.step() == 30.0
    services.answers["GET /users/me"] = (200, {"data": {"gid": "me"}})
    services.answers["GET /events"] = 403
    for _ in range(2):
        watch.step()
    services.answers["GET /events"] = (200, {"data": [], "sync": "a"})
    watch.step()
    assert [record.message for record in caplog.records] == [
        "Asana gave no answer to GET /users/me (ConnectError). Nothing is lost; the next try is in 30 s.",
        "access: works again.",
        "Asana answered 403 to GET /events: nothing but the status 403. The Events API needs a token with full permissions; "
        "without it, lost deliveries go unnoticed. The next try is in 30 s.",
        "events 2: works again.",
    ]


def test_the_webhook_of_a_project_that_was_taken_out_is_deleted(
    watch: Watch, services: Any, webhook: dict[str, Any], database: Database
) -> None:
    database.run("UPDATE webhooks SET project_gid = '3'")
    services.answers.update(
        {
            "GET /users/me": (200, {"data": {"gid": "me"}}),
            "GET /events": (200, {"data": [], "sync": "a"}),
            "DELETE /webhooks/9": 200,
        }
    )
    watch.step()
    assert state(database) == [("10", "active"), ("9", "retired")]
