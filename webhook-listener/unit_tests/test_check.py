"""What `check` says of each thing that may be wrong."""

import sys
from pathlib import Path
from typing import Any

import pytest
from webhook_listener.check import check
from webhook_listener.config import Config, parse
from webhook_listener.database import Database

CONNECTION = "GET /v1/connections/c1"
INVOICES = "GET /v1/supplierInvoice"
TOKEN = "POST /connect/token"
VISMA_ID = {
    "name": "Visma ID",
    "text_value": "SupplierInvoiceId:4100251/Invoice/200123",
    "is_global_to_workspace": True,
}


def project(maker: str) -> tuple[int, Any]:
    return 200, {"data": [{"gid": "5", "created_by": {"gid": maker}, "custom_fields": [VISMA_ID]}]}


@pytest.fixture
def config(asana_only: dict[str, Any]) -> Config:
    """Everything is configured."""
    visma = {"client_id": "c", "client_secret": "visma-secret", "tenant_id": "t", "company_id": "4100251"}
    return parse(
        {
            **asana_only,
            "visma": {**visma, "webhook_secret": "hook-secret"},
            "write_back": {"enabled": True, "events": ["completed"]},
            "on_visma_event": {"airbyte_api_url": "https://airbyte.example.com/v1", "connection_id": "c1"},
        }
    )


@pytest.fixture
def whole(services: Any, database: Database) -> dict[str, Any]:
    """The answers of services where nothing is wrong; the database knows a webhook and a Visma event."""
    database.run(
        "INSERT INTO webhooks (key, project_gid, target, state, gid, secret, changed_at, heard_at) "
        "VALUES ('k', '2', 't', 'active', '9', 's', 1795694400.0, 1795694400.0)"
    )
    database.run("INSERT INTO hints (digest, event, received_at) VALUES ('d', 'order.changed', 1795694400.0)")
    services.answers.update(
        {
            "GET /healthz": (200, "ok\n"),
            "POST /asana/check": 404,
            "POST /visma": 401,
            "GET /users/me": (200, {"data": {"gid": "me", "name": "Sync"}}),
            "GET /workspaces/1": (200, {"data": {"gid": "1"}}),
            "GET /projects/2": (200, {"data": {"gid": "2", "name": "Invoices"}}),
            "GET /tasks": project("me"),
            "GET /events": (412, {"sync": "s"}),
            "GET /webhooks/9": (200, {"data": {"active": True}}),
            TOKEN: (200, {"access_token": "visma-access-token", "expires_in": 3600}),
            INVOICES: (200, [{"referenceNumber": "1"}]),
            CONNECTION: (200, {"connectionId": "c1"}),
        }
    )
    answers: dict[str, Any] = services.answers
    return answers


def wrong(config: Config) -> list[str]:
    return [finding.text for finding in check(config) if finding.bad]


def test_nothing_is_wrong(whole: dict[str, Any], config: Config) -> None:
    found = [str(finding) for finding in check(config)]
    assert all(line.startswith("ok     ") for line in found)
    for words in (
        "public_url: https://hooks.example.com leads to this listener.",
        "asana: signed in as Sync.",
        "project “Invoices”: webhook 9 is active; last heard of: 2026-11-26T12:00:00.000Z.",
        "visma: signed in, with the scope for writing notes.",
        "Kinds seen: order.changed.",
        "airbyte: connection c1 is there.",
    ):
        assert any(words in line for line in found), words


@pytest.mark.parametrize(
    ("call", "answer", "words"),
    [
        ("GET /healthz", None, "/healthz cannot be reached from here (ConnectError)"),
        ("GET /healthz", (200, "a proxy's page"), "it is not this listener that answers"),
        ("POST /visma", (401, "a proxy's page"), "public_url: /visma does not lead to this listener"),
        ("POST /asana/check", None, "public_url: /asana/check does not lead to this listener"),
        ("GET /users/me", None, "Check the network and asana.api_url."),
        ("GET /users/me", 401, "create a new one in the Asana developer console"),
        ("GET /users/me", 403, "a token with granular scopes needs tasks:read"),
        ("GET /users/me", 500, "asana: Asana answered 500 to GET /users/me"),
        ("GET /workspaces/1", 404, "asana.workspace_gid: 1 does not exist"),
        ("GET /projects/2", 404, "asana.project_gids: 2 does not exist"),
        ("GET /tasks", project("somebody"), "its documents were made by another user"),
        ("GET /events", 403, "the token may not read the Events API"),
        ("GET /events", 500, "asana: Asana answered 500 to GET /events"),
        ("GET /webhooks/9", 404, "project “Invoices”: no webhook is set up."),
        (
            "GET /webhooks/9",
            (
                200,
                {
                    "data": {
                        "active": True,
                        "last_failure_at": "2026-11-26T11:00:00Z",
                        "last_failure_content": "no\nroute",
                    }
                },
            ),
            "Asana cannot deliver (last failure 2026-11-26T11:00:00Z: no route)",
        ),
        ("GET /webhooks/9", (200, {"data": {"active": False}}), "Asana cannot deliver (last failure None: no answer)"),
        (TOKEN, (400, {"error": "invalid_scope"}), "scope vismanet_erp_service_api:update is missing"),
        (TOKEN, (400, {"error": "invalid_tenant"}), "tenant_id is not the company's"),
        (
            TOKEN,
            (400, {"error": "invalid_client"}),
            "visma: no token: invalid_client (400). client_id or client_secret is wrong.",
        ),
        (TOKEN, 503, "visma: no token: nothing but the status 503 (503)."),
        (INVOICES, 403, "An administrator approves it in the Visma App Store."),
        (INVOICES, (200, []), "company 4100251 shows no supplier invoice at all"),
        (INVOICES, (200, "no list"), "something that is not a list of invoices. Check the network and visma.api_url."),
        (CONNECTION, 401, "belongs to another Airbyte"),
        (CONNECTION, 403, "The application may not use this connection."),
        (CONNECTION, 404, "airbyte: Airbyte answered 404"),
        (CONNECTION, None, "Check on_visma_event.airbyte_api_url."),
    ],
)
def test_one_thing_is_wrong(whole: dict[str, Any], config: Config, call: str, answer: Any, words: str) -> None:
    del whole[call]
    if answer is not None:
        whole[call] = answer
    (found,) = wrong(config)
    assert words in found


def test_before_the_first_sync_and_the_first_event(whole: dict[str, Any], config: Config, database: Database) -> None:
    whole["GET /tasks"] = (200, {"data": [{"gid": "6", "name": "Buy a cake"}]})
    database.run("DELETE FROM hints")
    found = [str(finding) for finding in check(config)]
    assert any("no document among its first tasks yet" in line for line in found)
    (missing,) = wrong(config)
    assert missing.startswith("visma events: none has arrived yet. Subscribe https://hooks.example.com/visma in the")


@pytest.mark.parametrize(
    ("program", "words"),
    [
        (sys.executable, f"ok     on_visma_event.command: {sys.executable} is there."),
        ("no-such-program", "TO DO  on_visma_event.command: no-such-program is not a program of this machine."),
    ],
)
def test_the_command(tmp_path: Path, services: Any, program: str, words: str) -> None:
    config = parse(
        {
            "public_url": "https://hooks.example.com",
            "database_path": str(tmp_path / "other.sqlite"),
            "visma": {"webhook_secret": "hook-secret"},
            "on_visma_event": {"command": [program]},
        }
    )
    assert words in [str(finding) for finding in check(config)]


def test_without_an_address_events_are_polled(
    asana_only: dict[str, Any], whole: dict[str, Any], database: Database
) -> None:
    polling = parse({**asana_only, "public_url": None})
    assert "its events are polled as soon as" in str(check(polling)[-1])
    database.run("INSERT INTO projects VALUES ('2', 's', '2026-11-26T11:59:30.000Z')")
    assert str(check(polling)[-1]).endswith("its events are polled; last read 2026-11-26T11:59:30.000Z.")
    whole["GET /events"] = 403
    (found,) = wrong(polling)
    assert found.endswith("Without public_url the log stays empty.")


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "other.sqlite").write_text("no database" * 100)
    (found,) = check(
        parse(
            {
                "public_url": "https://hooks.example.com",
                "database_path": str(tmp_path / "other.sqlite"),
                "visma": {"webhook_secret": "hook-secret"},
                "on_visma_event": {"command": ["sync"]},
            }
        )
    )
    assert found.bad
    assert "other.sqlite" in found.text
