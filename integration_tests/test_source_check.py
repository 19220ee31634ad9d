"""`source-visma check` tells in plain words which of the things that can be wrong it is, and does so in time."""

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from .sandbox.harness import VismaSandbox
from .source_runs import Run, read, run

pytest_plugins = ["integration_tests.sandbox.visma.testing"]


def failed(done: Run) -> str:
    assert done.code == 0
    assert "Traceback" not in done.errors
    status, message = done.connection
    assert status == "FAILED"
    return message


def failing(config: dict[str, object], pace: float = 1.0) -> str:
    return failed(run("check", config=config, pace=pace))


def failing_in_time(config: dict[str, object]) -> str:
    for _ in range(3):
        done = run("check", config=config)
        message = failed(done)
        # On a busy machine: without what the start of the process takes, and not while the machine stood still.
        if done.seconds < 30 or done.seconds - run("spec").seconds < 25:
            return message
    pytest.fail(f"three checks took longer than 30 s, the last of them {done.seconds:.0f} s")


def test_right_configuration(visma: VismaSandbox) -> None:
    done = run("check", config=visma.config)
    assert done.connection == ("SUCCEEDED", "")
    # The token, the accounts, and a record of each list for which a module is needed.
    assert len(visma.log()) == 5


@pytest.mark.parametrize("status", [403, 404])
def test_a_list_whose_module_is_missing_is_named(visma: VismaSandbox, status: int) -> None:
    visma.fault(path="/v1/projectbudget", status=status, times=0)
    visma.fault(path="/v1/project", status=status, times=0)
    status_of, message = run("check", config=visma.config).connection
    assert status_of == "SUCCEEDED"
    assert "Visma.net refuses projects, project_budgets: the company probably lacks the module." in message


def test_a_slow_list_of_a_module_does_not_hold_up_the_check(visma: VismaSandbox) -> None:
    visma.fault(path="/v1/project", kind="hang", seconds=60, times=0)
    assert run("check", config=visma.config, pace=3).connection == ("SUCCEEDED", "")


def test_a_netrc_of_the_machine_is_left_out(visma: VismaSandbox, tmp_path: Path) -> None:
    """It would replace the token, and stand beside the client's secret."""
    (tmp_path / "netrc").write_text("default login somebody password something\n")
    done = run("check", config=visma.config, environment={"NETRC": str(tmp_path / "netrc")})
    assert done.connection == ("SUCCEEDED", "")


@pytest.mark.parametrize("key", ["client_id", "client_secret"])
def test_wrong_client_or_secret(visma: VismaSandbox, key: str) -> None:
    message = failing(visma.config | {key: "not-the-one"})
    assert "does not know this client ID and client secret" in message
    assert "invalid_client" in message
    assert len(visma.log()) == 1


def test_application_not_granted_for_the_tenant(visma: VismaSandbox) -> None:
    assert "not granted for this tenant" in failing(
        visma.config | {"tenant_id": "00000000-0000-4000-8000-000000000000"}
    )
    for grant in ("unauthorized", "forbidden"):
        visma.settings(grant=grant)
        message = failing(visma.config, pace=3)
        assert "granted" in message
        assert "The integration is not approved for this tenant." in message


@pytest.mark.parametrize("mode", ["empty", "no_license", "forbidden"])
def test_wrong_company(visma: VismaSandbox, mode: str) -> None:
    visma.settings(company_mode=mode)
    assert "company" in failing(visma.config | {"company_id": "999"}).lower()


def test_scope_missing(visma: VismaSandbox) -> None:
    visma.settings(allowed_scopes=["vismanet_erp_service_api:update"])
    assert "lacks the scope vismanet_erp_service_api:read" in failing(visma.config)


@pytest.mark.parametrize(
    ("key", "url"),
    [
        ("api_url", "http://visma.example"),
        ("api_url", "api.finance.visma.net"),
        ("token_url", "ftp://localhost"),
        ("token_url", "http://10.0.0.1/x"),
    ],
)
def test_tokens_and_secrets_go_over_https_only(visma: VismaSandbox, key: str, url: str) -> None:
    assert f"{key} must begin with https://" in failing(visma.config | {key: url})
    assert not [entry for entry in visma.log() if entry["path"].startswith("/v1")]


@pytest.mark.parametrize(
    ("key", "url", "words"),
    [
        ("api_url", "https://api.finance..visma.net", "Check api_url, and the settings of this machine"),
        ("api_url", f"https://{'a' * 64}.visma.net", "Check api_url, and the settings of this machine"),
        ("token_url", "https://connect..visma.com/connect/token", "Check token_url, and the settings of this machine"),
    ],
)
def test_an_address_whose_host_is_no_name(visma: VismaSandbox, key: str, url: str, words: str) -> None:
    assert words in failing(visma.config | {key: url})


def test_certificates_of_the_machine_that_are_not_there(visma: VismaSandbox) -> None:
    config = visma.config | {"api_url": "https://127.0.0.1:9"}
    status, message = run("check", config=config, environment={"REQUESTS_CA_BUNDLE": "/nowhere.pem"}).connection
    assert status == "FAILED"
    assert "/nowhere.pem. Check api_url, and the settings of this machine for proxies and certificates." in message


def test_a_token_request_that_took_too_long_is_sent_again(visma: VismaSandbox) -> None:
    visma.fault(path="/connect/token", status=408)
    assert run("check", config=visma.config, pace=3).connection == ("SUCCEEDED", "")


def test_start_date_does_not_make_a_company_look_wrong(visma: VismaSandbox) -> None:
    assert run("check", config=visma.config | {"start_date": "2099-01-01"}).connection[0] == "SUCCEEDED"


@contextmanager
def silent_server() -> Iterator[str]:
    """Takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        held = []

        def accept() -> None:
            while True:
                try:
                    held.append(server.accept()[0])
                except OSError:
                    return

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
    for connection in held:
        connection.close()


@contextmanager
def dripping_server() -> Iterator[str]:
    """Sends an answer that never ends, byte by byte."""
    stop = threading.Event()

    def drip(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n[")
            while not stop.wait(0.5):
                connection.sendall(b" ")

    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            while True:
                try:
                    threading.Thread(target=drip, args=(server.accept()[0],), daemon=True).start()
                except OSError:
                    return

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        stop.set()


@contextmanager
def closed_port() -> Iterator[str]:
    """Nothing listens there, and nobody else is given the port."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


@contextmanager
def black_hole() -> Iterator[str]:
    """An address for documentation, to which nothing answers or the network says so."""
    yield "https://192.0.2.1"


UNREACHABLE = [
    (silent_server, "api_url"),
    (silent_server, "token_url"),
    (dripping_server, "api_url"),
    (closed_port, "token_url"),
    (black_hole, "api_url"),
]


def test_service_not_reachable(visma: VismaSandbox) -> None:
    with ExitStack() as servers, ThreadPoolExecutor(len(UNREACHABLE)) as pool:
        configs = [visma.config | {key: servers.enter_context(server())} for server, key in UNREACHABLE]
        for config, message in zip(configs, pool.map(failing_in_time, configs), strict=True):
            assert "reaches" in message, config


def test_the_secret_does_not_follow_a_redirect(visma: VismaSandbox) -> None:
    asked = []

    class Redirecting(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            self.send_response(307)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Redirecting) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        message = failing(visma.config | {"token_url": f"http://127.0.0.1:{server.server_port}/token"})
        server.shutdown()
    assert "307 moved to /elsewhere" in message
    assert asked == ["/token"]


def test_rate_limit_is_told_and_not_waited_for(visma: VismaSandbox) -> None:
    visma.fault(status=429, path="/v1", retry_after=600, times=0)
    assert "rate limit" in failing(visma.config)


def test_service_that_fails(visma: VismaSandbox) -> None:
    visma.fault(status=503, path="/v1", times=0, body="<h1>Down for maintenance</h1>")
    assert "Down for maintenance" in failing(visma.config, pace=3)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("company_id", "Fjordlys AS", "company_id must be the number without spaces, such as 4100251"),
        ("start_date", "1.1.2026", "start_date must be YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS"),
        ("num_workers", 20, "num_workers must be 1 or more, at most 8"),
        ("num_workers", -1, "num_workers must be 1 or more, at most 8"),
        ("num_workers", -(10**30), "num_workers must be 1 or more, at most 8"),
        ("lookback_window_minutes", -1, "lookback_window_minutes must be 0 or more, at most 525600"),
        ("company_id", 4100251, "company_id must be a text in quotes"),
        ("company_id", "4100251\n", "company_id must be the number without spaces, such as 4100251"),
        ("company_id", "\u200b4100251", "company_id must be the number without spaces, such as 4100251"),
        ("client_id", "isv_app\ufeff", "client_id must be the ID without spaces, such as isv_my_application"),
        ("client_secret", "", "client_secret must not be empty"),
        ("client_secret", {"wrapped": "sandbox-visma-secret"}, "client_secret must be a text in quotes"),
    ],
)
def test_settings_of_the_wrong_form_are_named_without_their_value(key: str, value: object, words: str) -> None:
    config = {"client_id": "an-id", "client_secret": "a-secret", "tenant_id": "a-tenant", "company_id": "1"} | {
        key: value
    }
    assert failing(config) == f"The settings are not valid: {words}."


def test_every_setting_that_is_missing_is_named_once() -> None:
    assert failing({"client_id": "a", "tenant_id": "b"}) == (
        "The settings are not valid: client_secret, company_id is missing."
    )


@pytest.mark.parametrize("others", [[], ["branches"]])
def test_a_stream_that_does_not_exist_is_named(visma: VismaSandbox, others: list[str]) -> None:
    done = read(visma, "supplier_invoice", *others)
    assert done.code == 1
    assert all(done.statuses(stream)[-1] == "COMPLETE" for stream in others)
    [error] = [trace["error"] for trace in done.of_type("TRACE") if trace["type"] == "ERROR"]
    assert error["failure_type"] == "config_error"
    assert error["message"].startswith("The catalog names supplier_invoice, which this source does not have.")
    assert ("The other streams were read." in error["message"]) == bool(others)
    assert "supplier_invoices" in error["message"]


@pytest.mark.parametrize(
    ("name", "content"), [("config", ["no", "object"]), ("state", [{"type": "STATE"}]), ("catalog", {"streams": 1})]
)
def test_files_that_cannot_be_used_are_named(name: str, content: object) -> None:
    files = {"config": {"client_id": "a"}, "catalog": {"streams": []}} | {name: content}
    done = run("read", **files)
    assert done.code == 1
    assert done.errors == ""
    [error] = [trace["error"] for trace in done.of_type("TRACE")]
    assert error["message"].startswith(f"--{name}: ")
    assert f"{name}.json cannot be used: " in error["message"]
    assert error["failure_type"] == "config_error"
