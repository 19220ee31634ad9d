"""Deliveries that take more calls than Asana allows at a stretch."""

import json
import threading
from typing import Any

import httpx
import pytest
from webhook_listener import worker
from webhook_listener.asana import Asana
from webhook_listener.config import Config
from webhook_listener.database import Database
from webhook_listener.deliveries import Deliveries
from webhook_listener.metrics import Metrics
from webhook_listener.processing import Processor

TASKS = [str(number) for number in range(71, 81)]
KARI = {"gid": "11", "name": "Kari", "resource_type": "user"}


def event(task: str, at: str) -> dict[str, Any]:
    return {
        "action": "changed",
        "user": KARI,
        "created_at": at,
        "resource": {"gid": task, "resource_type": "task"},
        "parent": None,
        "change": {"field": "completed", "action": "changed"},
    }


def answers(task: str, at: str) -> dict[str, Any]:
    visma_id = {"gid": "90", "name": "Visma ID", "text_value": f"SupplierInvoiceId:4100251/Invoice/2000{task}"}
    story = {"gid": f"5{task}", "resource_subtype": "marked_complete", "created_at": at, "created_by": KARI}
    return {
        f"GET /tasks/{task}": (200, {"data": {"gid": task, "completed": True, "custom_fields": [visma_id]}}),
        f"GET /tasks/{task}/stories": (200, {"data": [story], "next_page": None}),
    }


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch, clock: Any) -> Any:
    monkeypatch.setattr(worker.time, "monotonic", lambda: clock.now)
    return clock


@pytest.mark.parametrize("allowed", [3, 4, 7])
def test_a_delivery_of_many_tasks_ends_under_a_rate_that_refuses_it_each_time(
    config: Config,
    database: Database,
    metrics: Metrics,
    services: Any,
    now: Any,
    monkeypatch: pytest.MonkeyPatch,
    allowed: int,
) -> None:
    """Somebody completes ten documents at once; Asana takes `allowed` calls, then asks for a minute's pause, again and again."""
    at = {task: f"2026-11-26T11:59:{int(task) - 50}.000Z" for task in TASKS}
    services.answers = {"GET /users/me": (200, {"data": {"gid": "1"}})}
    for task in TASKS:
        services.answers |= answers(task, at[task])
    calls: list[str] = []

    def limited(_: Any, request: httpx.Request) -> httpx.Response:
        calls.append(request.url.path)
        if len(calls) % (allowed + 1) == 0:
            return httpx.Response(429, headers={"Retry-After": "60"}, request=request, json={})
        return services.answer(request)

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", limited)
    assert config.asana is not None
    processor = Processor(
        database=database,
        asana=Asana(config.asana),
        clock=now,
        write_back=frozenset(),
        metrics=metrics,
        notes_news=threading.Event(),
    )
    deliveries = Deliveries(database, now)
    with database.transaction() as connection:
        deliveries.add(
            connection, "asana/key", json.dumps({"events": [event(task, at[task]) for task in TASKS]}).encode()
        )
    for _ in range(11):
        processor.step()
        now.now += 61
    logged = database.all('SELECT visma_id, what, who FROM log ORDER BY "when", id')
    assert [tuple(row) for row in logged] == [
        (f"SupplierInvoiceId:4100251/Invoice/2000{task}", "completed", "Kari") for task in TASKS
    ]
    assert deliveries.count() == 0
    # Each task is read once, and once more where the refusal came between its two calls.
    assert len([path for path in calls if path.endswith("/stories")]) <= 2 * len(TASKS)
