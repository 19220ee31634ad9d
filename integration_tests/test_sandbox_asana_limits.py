"""The limits of the sandbox Asana: requests per minute, in flight, searches, cost, jobs; batches count in full."""

import concurrent.futures

import httpx

from integration_tests.sandbox.asana.client import Client
from integration_tests.sandbox.harness import AsanaSandbox
from integration_tests.waiting import until

pytest_plugins = ["integration_tests.sandbox.asana.testing"]


def _statuses(client: Client, method: str, path: str, count: int, data: object = None) -> list[int]:
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        return [answer.status_code for answer in pool.map(lambda _: client.send(method, path, data), range(count))]


def _statuses_at_once(
    client: Client, asana: AsanaSandbox, method: str, path: str, taken: int, refused: int, data: object = None
) -> list[int]:
    """Sends more requests than may be in flight; those that are taken get no answer until the others have been refused."""
    asana.fault(action="delay", method=method, path=f"^{path}", times=None, seconds=3600)
    with concurrent.futures.ThreadPoolExecutor(1) as sender:
        statuses = sender.submit(_statuses, client, method, path, taken + refused, data)
        until(lambda: len(asana.log(path=path)) == taken + refused and len(asana.log(status=429)) >= refused)
        asana.control("DELETE", "faults")
        return statuses.result()


def test_requests_per_minute_are_judged_over_shorter_windows(client: Client, asana: AsanaSandbox) -> None:
    asana.settings(requests_per_minute=10, rate_window=30)
    answers = [client.send("GET", "/users/me") for _ in range(7)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2
    wait = int(answers[-1].headers["Retry-After"])
    assert 1 <= wait <= 30
    asana.settings(limits_clock_offset=wait)
    assert client.send("GET", "/users/me").status_code == 200


def test_refused_requests_count_as_well(client: Client, asana: AsanaSandbox) -> None:
    asana.settings(requests_per_minute=5, rate_window=60)
    for _ in range(8):
        client.send("GET", "/users/me")
    asana.settings(limits_clock_offset=30)
    for _ in range(8):
        client.send("GET", "/users/me")
    asana.settings(limits_clock_offset=61)
    assert client.send("GET", "/users/me").status_code == 429
    asana.settings(limits_clock_offset=122)
    assert client.send("GET", "/users/me").status_code == 200


def test_the_plan_sets_the_rate(client: Client, asana: AsanaSandbox) -> None:
    asana.settings(plan="free", rate_window=24.0)
    assert [client.send("GET", "/users/me").status_code for _ in range(61)] == [200] * 60 + [429]


def test_tokens_have_limits_of_their_own(client: Client, person: Client, asana: AsanaSandbox) -> None:
    asana.settings(requests_per_minute=1, rate_window=60)
    assert client.send("GET", "/users/me").status_code == 200
    assert client.send("GET", "/users/me").status_code == 429
    assert person.send("GET", "/users/me").status_code == 200


def test_fifteen_writes_in_flight(client: Client, asana: AsanaSandbox) -> None:
    body = {"name": "x", "projects": [client.project]}
    statuses = _statuses_at_once(client, asana, "POST", "/tasks", 15, 3, body)
    assert (statuses.count(201), statuses.count(429)) == (15, 3)
    assert asana.stats()["tokens"]["Finance Bot"]["peak_in_flight"]["write"] == 15
    assert len(asana.state()["tasks"]) == 15


def test_fifty_reads_in_flight(client: Client, asana: AsanaSandbox) -> None:
    statuses = _statuses_at_once(client, asana, "GET", "/users/me", 50, 5)
    assert (statuses.count(200), statuses.count(429)) == (50, 5)


def test_sixty_searches_a_minute(client: Client, asana: AsanaSandbox) -> None:
    asana.settings(search_per_minute=3)
    path = f"/workspaces/{client.workspace}/tasks/search"
    assert [client.send("GET", path).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert client.send("GET", "/users/me").status_code == 200


def test_searches_in_batches_are_searches_too(client: Client) -> None:
    search: dict[str, object] = {"method": "get", "relative_path": f"/workspaces/{client.workspace}/tasks/search"}
    assert [_batch(client, [search] * 10).status_code for _ in range(7)] == [200] * 6 + [429]
    assert _batch(client, [{"method": "get", "relative_path": "/users/me"}]).status_code == 200


def test_answers_cost_what_they_hold(client: Client, asana: AsanaSandbox) -> None:
    asana.bulk(100)
    asana.settings(cost_per_minute=30)
    wide = ",".join(
        f"custom_fields.{name}" for name in ["name", "text_value", "enum_value", "display_value", "enabled"]
    )
    statuses = [
        client.send("GET", "/tasks", project=client.project, limit=100, opt_fields=wide).status_code for _ in range(12)
    ]
    assert statuses[0] == 200
    assert statuses[-1] == 429


def _batch(client: Client, actions: list[dict[str, object]]) -> httpx.Response:
    return client.send("POST", "/batch", {"actions": actions})


def test_batches_answer_in_order_and_are_always_200(client: Client) -> None:
    answer = _batch(
        client,
        [
            {"method": "get", "relative_path": "/users/me", "options": {"fields": ["name"]}},
            {"method": "post", "relative_path": "/tasks", "data": {"name": "x", "projects": [client.project]}},
            {"method": "get", "relative_path": "/tasks/1"},
        ],
    )
    results = answer.json()["data"]
    assert answer.status_code == 200
    assert [result["status_code"] for result in results] == [200, 201, 404]
    assert results[0]["body"]["data"]["name"] == "Finance Bot"
    assert results[2]["body"]["errors"][0]["message"] == "task: Unknown object: 1"


def test_batches_that_are_refused(client: Client) -> None:
    read: dict[str, object] = {"method": "get", "relative_path": "/users/me"}
    nested: dict[str, object] = {"method": "post", "relative_path": "/batch"}
    for actions in ([], [read] * 11, [{**read, "method": "GET"}], [nested]):
        assert _batch(client, actions).status_code == 400


def test_every_action_of_a_batch_counts(client: Client, asana: AsanaSandbox) -> None:
    write: dict[str, object] = {
        "method": "post",
        "relative_path": "/tasks",
        "data": {"name": "x", "projects": [client.project]},
    }
    answers = _statuses_at_once(client, asana, "POST", "/batch", 1, 1, {"actions": [write] * 10})
    assert sorted(answers) == [200, 429]
    asana.settings(requests_per_minute=60, rate_window=5)
    assert _batch(client, [write] * 6).status_code == 429


def test_five_jobs_at_once_and_nothing_whole_before_they_end(client: Client, asana: AsanaSandbox) -> None:
    asana.settings(job_duration=60)
    path = "/project_templates/1200000000000300/instantiateProject"
    jobs = [client.post(path, {"name": f"Invoice {n}"}) for n in range(5)]
    assert {job["status"] for job in jobs} == {"in_progress"}
    assert client.refused("POST", path, {"name": "one more"})[0] == 429
    project = jobs[0]["new_project"]["gid"]
    assert len(client.get(f"/projects/{project}/sections", limit=10)) == 1
    asana.settings(clock_offset=61)
    assert client.get(f"/jobs/{jobs[0]['gid']}")["status"] == "succeeded"
    assert [s["name"] for s in client.get(f"/projects/{project}/sections", limit=10)] == ["To do", "Done"]
    assert [t["name"] for t in client.get("/tasks", project=project)] == ["Check lines", "Approve"]


def test_templates_ask_for_dates_and_roles(client: Client, person: Client, asana: AsanaSandbox) -> None:
    asana.settings(job_duration=0)
    path = "/project_templates/1200000000000300/instantiateProject"
    asked = client.get("/project_templates/1200000000000300", opt_fields="requested_dates,requested_roles")
    assert [date["gid"] for date in asked["requested_dates"]] == ["1", "2"]
    assert client.refused("POST", path, {"name": "x", "is_strict": True})[0] == 422
    job = client.post(
        path,
        {
            "name": "x",
            "requested_dates": [{"gid": "1", "value": "2026-01-01"}, {"gid": "2", "value": "2026-02-01"}],
            "requested_roles": [{"gid": asked["requested_roles"][0]["gid"], "value": "me"}],
            "is_strict": True,
        },
    )
    project = client.get(f"/projects/{job['new_project']['gid']}")
    assert (project["start_on"], project["due_on"], project["team"]["name"]) == ("2026-01-01", "2026-02-01", "Finance")
    assert person.refused("GET", f"/jobs/{job['gid']}")[0] == 404


def test_eight_clients_at_once_without_limits(client: Client, asana: AsanaSandbox) -> None:
    asana.settings(requests_per_minute=0, cost_per_minute=0)
    statuses = _statuses(client, "GET", "/users/me", 8) + [
        status for _ in range(50) for status in _statuses(client, "GET", "/users/me", 8)
    ]
    assert statuses == [200] * 408
