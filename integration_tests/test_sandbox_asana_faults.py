"""Faults on demand, credentials and rights of the sandbox Asana."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from integration_tests import plain_http
from integration_tests.sandbox.asana.client import Client
from integration_tests.sandbox.harness import AsanaSandbox, SandboxError
from integration_tests.waiting import until

pytest_plugins = ["integration_tests.sandbox.asana.testing"]
TOKEN_FORM = {
    "grant_type": "refresh_token",
    "client_id": "sandbox-asana-client",
    "client_secret": "sandbox-asana-secret",
    "refresh_token": "sandbox-asana-refresh",
}


def _new(client: Client, name: str) -> dict[str, object]:
    return {"name": name, "projects": [client.project]}


def test_an_answer_lost_after_the_write_was_applied(client: Client, asana: AsanaSandbox) -> None:
    asana.fault(action="lost_answer", method="POST", path="^/tasks$")
    with pytest.raises(httpx.RemoteProtocolError):
        client.send("POST", "/tasks", _new(client, "a"))
    client.task("b")
    assert [task["name"] for task in asana.state()["tasks"]] == ["a", "b"]


def test_a_request_that_is_applied_after_its_answer(client: Client, asana: AsanaSandbox) -> None:
    asana.fault(action="timeout", method="POST", path="^/tasks$", late=0.1)
    assert client.send("POST", "/tasks", _new(client, "a")).status_code == 504
    until(lambda: [task["name"] for task in asana.state()["tasks"]] == ["a"])
    asana.fault(action="timeout", method="POST", path="^/tasks$", late=3600)
    assert client.send("POST", "/tasks", _new(client, "b")).status_code == 504
    assert [task["name"] for task in asana.state()["tasks"]] == ["a"]
    asana.reset()
    assert asana.state()["tasks"] == []


def test_a_connection_dropped_before_anything_was_applied(client: Client, asana: AsanaSandbox) -> None:
    asana.fault(action="drop", method="POST", path="^/tasks$")
    with pytest.raises(httpx.RemoteProtocolError):
        client.send("POST", "/tasks", _new(client, "a"))
    assert asana.state()["tasks"] == []


@pytest.mark.parametrize(
    ("fault", "status", "applied", "text"),
    [
        ({"action": "error"}, 500, False, "phrase"),
        ({"action": "error", "status": 503}, 503, False, "Service Unavailable"),
        ({"action": "html"}, 502, False, "<html>"),
        ({"action": "timeout"}, 504, True, "errors"),
        ({"action": "throttle", "retry_after": 7}, 429, False, "too many requests"),
        ({"action": "error", "status": 403, "message": "no"}, 403, False, "no"),
    ],
)
def test_errors_on_demand(
    client: Client, asana: AsanaSandbox, fault: dict[str, object], status: int, applied: bool, text: str
) -> None:
    asana.fault(method="POST", path="^/tasks$", **fault)
    answer = client.send("POST", "/tasks", _new(client, "a"))
    assert answer.status_code == status
    assert text in answer.text
    assert bool(asana.state()["tasks"]) is applied
    assert answer.headers.get("Retry-After") == ("7" if status == 429 else None)


def test_bodies_that_end_too_early(client: Client, asana: AsanaSandbox) -> None:
    asana.fault(action="truncate", path="/users/me")
    answer = client.send("GET", "/users/me")
    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r"."):
        answer.json()
    asana.fault(action="cut", path="/users/me")
    with pytest.raises(httpx.RemoteProtocolError):
        client.send("GET", "/users/me")


def test_faults_pick_their_request_by_place_and_body(client: Client, asana: AsanaSandbox) -> None:
    asana.fault(action="error", method="POST", path="^/tasks$", body='"b', skip=1, times=1)
    names = ["a1", "b1", "b2", "b3"]
    assert [client.send("POST", "/tasks", _new(client, name)).status_code for name in names] == [201, 201, 500, 201]
    assert asana.control("GET", "faults")[0]["hit"] == 1
    with pytest.raises(SandboxError, match="unknown action"):
        asana.fault(action="explode")


def test_delays_and_latency(client: Client, asana: AsanaSandbox) -> None:
    asana.fault(action="delay", path="/users/me", seconds=0.3)
    client.get("/users/me")
    asana.settings(read_latency=0.2)
    client.get("/users/me")
    delayed, latent = asana.log(path="/users/me")
    assert delayed["seconds"] >= 0.3
    assert latent["seconds"] >= 0.2


@pytest.mark.parametrize("reset", [True, False])
def test_an_answer_that_is_held_comes_when_the_faults_go(client: Client, asana: AsanaSandbox, *, reset: bool) -> None:
    """With a reset, too: else the sandbox would wait for the faults of one test through those that follow."""
    asana.fault(action="delay", path="/users/me", seconds=3600)
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(client.get, "/users/me")
        until(lambda: asana.log(path="/users/me"))
        if reset:
            asana.reset()
        else:
            asana.control("DELETE", "faults")
        assert answer.result(240)["gid"]


def test_what_is_still_to_be_applied_is_counted(client: Client, asana: AsanaSandbox) -> None:
    asana.fault(action="timeout", method="POST", path="^/tasks", late=3600)
    assert client.send("POST", "/tasks", _new(client, "late")).status_code == 504
    assert not asana.at_rest()
    assert asana.state()["tasks"] == []
    asana.control("DELETE", "faults")
    until(asana.at_rest)
    assert [task["name"] for task in asana.state()["tasks"]] == ["late"]


def test_offsets_expire_on_demand(client: Client, asana: AsanaSandbox) -> None:
    asana.bulk(3)
    query = {"project": client.project, "limit": 1}
    offset = client.send("GET", "/tasks", **query).json()["next_page"]["offset"]
    asana.fault(action="expire_offsets", path="^/tasks")
    assert "expired" in client.refused("GET", "/tasks", **query, offset=offset)[1]
    assert len(client.get("/tasks", **query)) == 1


def test_the_servers_clock_can_be_wrong(client: Client, asana: AsanaSandbox) -> None:
    asana.settings(clock_offset=-86_400)
    answer = client.send("POST", "/tasks", _new(client, "a"))
    age = time.time() - parsedate_to_datetime(answer.headers["Date"]).timestamp()
    assert 86_399 < age < 86_400 + 1800
    created = datetime.fromisoformat(answer.json()["data"]["created_at"])
    assert timedelta(seconds=-1) < parsedate_to_datetime(answer.headers["Date"]) - created < timedelta(seconds=1800)


@pytest.mark.parametrize("header", [None, "Bearer nonsense", "Basic abc", "Bearer sandbox-asana-deactivated-token"])
def test_credentials_that_are_refused(asana: AsanaSandbox, header: str | None) -> None:
    headers = {"Authorization": header} if header else {}
    answer = plain_http.get(f"{asana.api_url}/users/me", headers=headers)
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["message"] == "Not Authorized"


def test_rights(asana: AsanaSandbox) -> None:
    with Client(asana, "sandbox-asana-viewer-token") as viewer:
        assert viewer.get(f"/projects/{viewer.project}")["name"] == "Finance documents"
        assert viewer.refused("POST", "/tasks", _new(viewer, "a"))[0] == 403
    with Client(asana, "sandbox-asana-scoped-token") as scoped:
        assert scoped.get("/tasks", project=scoped.project) == []
        status, text = scoped.refused("POST", "/tasks", _new(scoped, "a"))
        assert (status, "tasks:write" in text) == (403, True)
        assert scoped.refused("GET", f"/projects/{scoped.project}/sections")[0] == 403
    with Client(asana, "sandbox-asana-elsewhere-token") as elsewhere:
        assert [place["name"] for place in elsewhere.get("/workspaces", limit=10)] == ["Somewhere else"]
        assert elsewhere.refused("GET", f"/projects/{elsewhere.project}")[0] == 404


def test_no_route_and_no_object(client: Client) -> None:
    assert client.refused("GET", "/no/such/thing") == (404, "No matching route for request")
    assert client.refused("PATCH", "/users/me", {})[0] == 404
    assert client.refused("GET", "/projects/1") == (404, "project: Unknown object: 1")
    assert client.refused("GET", "/tasks/abc") == (400, "task: Not a recognized ID: abc")


def test_oauth_gives_short_lived_tokens(asana: AsanaSandbox) -> None:
    answer = plain_http.post(f"{asana.url}/-/oauth_token", data=TOKEN_FORM).json()
    assert (answer["token_type"], answer["expires_in"]) == ("bearer", 3600)
    assert "refresh_token" not in answer
    with Client(asana, answer["access_token"]) as speaker:
        assert speaker.get("/users/me")["name"] == "Finance Bot"
        asana.settings(clock_offset=3601)
        status, text = speaker.refused("GET", "/users/me")
    assert status == 401
    assert "expired" in text
    with Client(asana, _renewed(asana)["access_token"]) as speaker:
        assert speaker.get("/users/me")["name"] == "Finance Bot"
        asana.control("DELETE", "tokens/oauth")
        assert speaker.refused("GET", "/users/me")[0] == 401


def test_a_token_may_die_after_some_requests_and_announce_another_life(asana: AsanaSandbox) -> None:
    asana.settings(access_token_requests=2, access_token_announced=7)
    answer = _renewed(asana)
    assert answer["expires_in"] == 7
    with Client(asana, answer["access_token"]) as speaker:
        assert [speaker.send("GET", "/users/me").status_code for _ in range(4)] == [200, 200, 401, 401]
    with Client(asana, _renewed(asana)["access_token"]) as speaker:
        assert speaker.send("GET", "/users/me").status_code == 200


def _renewed(asana: AsanaSandbox) -> Any:
    return plain_http.post(f"{asana.url}/-/oauth_token", data=TOKEN_FORM).json()


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"refresh_token": "wrong"}, 400, "invalid_grant"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
def test_oauth_refusals(asana: AsanaSandbox, change: dict[str, str], status: int, error: str) -> None:
    answer = plain_http.post(f"{asana.url}/-/oauth_token", data={**TOKEN_FORM, **change})
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert plain_http.post(f"{asana.url}/-/oauth_token", json=TOKEN_FORM).status_code == 400


def test_oauth_takes_one_way_to_authenticate(asana: AsanaSandbox) -> None:
    answer = plain_http.post(f"{asana.url}/-/oauth_token", data=TOKEN_FORM, auth=("a", "b"))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_the_log_tells_what_was_asked(client: Client, asana: AsanaSandbox) -> None:
    client.task("a")
    client.refused("GET", "/tasks/1")
    entries = asana.log(path="/tasks")
    assert [(entry["method"], entry["status"]) for entry in entries] == [("POST", 201), ("GET", 404)]
    assert entries[0]["body"]["data"]["name"] == "a"
    assert entries[1]["response"]["errors"][0]["message"] == "task: Unknown object: 1"
    assert asana.stats()["by_route"]["GET /tasks/{task}"] == 1
    asana.clear_log()
    assert asana.stats()["total"] == 0


def test_settings_with_wrong_names_are_refused(asana: AsanaSandbox) -> None:
    with pytest.raises(SandboxError, match="latenzy"):
        asana.settings(latenzy=1)


def test_faults_by_chance(client: Client, asana: AsanaSandbox) -> None:
    asana.fault(action="error", status=503, path="/users/me", times=None, chance=0.5, seed=7)
    first = [client.send("GET", "/users/me").status_code for _ in range(20)]
    asana.control("DELETE", "faults")
    asana.fault(action="error", status=503, path="/users/me", times=None, chance=0.5, seed=7)
    assert [client.send("GET", "/users/me").status_code for _ in range(20)] == first
    assert set(first) == {200, 503}
