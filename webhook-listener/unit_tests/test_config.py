"""The configuration: what is filled in, and what is said about what is wrong."""

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
from webhook_listener.config import ConfigError, load, parse

WHOLE: dict[str, Any] = {
    "public_url": "https://hooks.example.com/",
    "database_path": "/tmp/listener.sqlite",
    "asana": {
        "credentials": {"auth_type": "personal_access_token", "personal_access_token": "asana-secret"},
        "workspace_gid": "1",
        "project_gids": ["2", "3", "2"],
    },
    "visma": {
        "client_id": "c",
        "client_secret": "visma-secret",
        "tenant_id": "t",
        "company_id": "4100251",
        "webhook_secret": "hook-secret",
    },
    "write_back": {"enabled": True, "events": ["completed"]},
    "on_visma_event": {"command": ["sync", "now"]},
}


@pytest.fixture
def raw() -> dict[str, Any]:
    return copy.deepcopy(WHOLE)


def test_defaults(raw: dict[str, Any]) -> None:
    config = parse(raw)
    assert (config.public_url, config.host, config.port) == ("https://hooks.example.com", "127.0.0.1", 8080)
    assert config.asana is not None
    assert config.asana.project_gids == ("2", "3")
    assert config.asana.token_url == "https://app.asana.com/-/oauth_token"
    assert config.visma is not None
    assert config.visma.webhook_secrets == ("hook-secret",)
    assert config.command == ("sync", "now")
    assert sorted(config.secrets) == ["asana-secret", "hook-secret", "visma-secret"]


def test_notes_are_written_only_when_switched_on(raw: dict[str, Any]) -> None:
    assert parse(raw).write_back == {"completed"}
    raw["write_back"]["enabled"] = False
    assert parse(raw).write_back == frozenset()
    del raw["write_back"]
    assert parse(raw).write_back == frozenset()


@pytest.mark.parametrize("address", [None, "", "/"])
def test_without_a_public_address_nothing_is_delivered(raw: dict[str, Any], address: str | None) -> None:
    raw["public_url"] = address
    with pytest.raises(ConfigError, match="on_visma_event needs public_url"):
        parse(raw)
    del raw["on_visma_event"]
    assert parse(raw).public_url is None
    del raw["public_url"]
    assert parse(raw).public_url is None


def test_the_example_needs_only_what_its_log_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every name of the example stands in the env example; those for Visma and the address may stay empty."""
    folder = Path(__file__).parents[1]
    example = (folder / "listener.example.json").read_text()
    names = re.findall(r"^([A-Z_]+)=$", (folder / "listener.env.example").read_text(), re.M)
    assert set(re.findall(r"\$\{([A-Z_]+)", example)) - {"ASANA_API_URL", "VISMA_API_URL", "VISMA_TOKEN_URL"} == set(
        names
    )
    for name in names:
        monkeypatch.setenv(name, "1200000000000001" if name.startswith("ASANA") else "")
    config = load(str(folder / "listener.example.json"))
    assert config.public_url is None
    assert config.asana is not None
    assert config.asana.project_gids == ("1200000000000001",)


@pytest.mark.parametrize("nothing", [None, "none", {}])
def test_nothing_on_visma_events(raw: dict[str, Any], nothing: object) -> None:
    raw["on_visma_event"] = nothing
    assert not parse(raw).takes_hints


def test_a_setting_that_is_null_is_left_out(raw: dict[str, Any]) -> None:
    """As Terraform and forms write what nobody filled in."""
    without = copy.deepcopy(raw)
    for place, names in (
        (raw, ("listen", "on_visma_event")),
        (raw["asana"], ("api_url", "token_url")),
        (raw["asana"]["credentials"], ("client_id", "client_secret", "refresh_token")),
        (raw["visma"], ("api_url", "token_url", "webhook_secret")),
        (raw["write_back"], ("enabled", "events")),
    ):
        for name in names:
            place[name] = None
    del without["on_visma_event"], without["visma"]["webhook_secret"], without["write_back"]
    assert parse(raw) == parse(without)
    raw["visma"] = raw["write_back"] = None
    assert parse(raw).visma is None


@pytest.mark.parametrize(
    "event",
    [
        {"command": ["sync"], "airbyte_api_url": None, "connection_id": None, "client_id": None, "client_secret": None},
        {"command": None, "airbyte_api_url": "https://api.airbyte.com/v1", "connection_id": "c", "client_id": None},
        dict.fromkeys(("command", "airbyte_api_url", "connection_id", "client_id", "client_secret")),
    ],
)
def test_nulls_beside_what_a_visma_event_starts(raw: dict[str, Any], event: dict[str, Any]) -> None:
    raw["on_visma_event"] = event
    config = parse(raw)
    assert (config.command, config.airbyte and config.airbyte.connection_id) == (
        tuple(event["command"]) if event["command"] else None,
        event["connection_id"],
    )


def test_files_saved_with_a_byte_order_mark(tmp_path: Path, raw: dict[str, Any]) -> None:
    """As some editors save them."""
    (tmp_path / "secret").write_text("\ufefffrom-file\r\n", "utf-8")
    raw["visma"]["client_secret"] = f"${{file:{tmp_path}/secret}}"
    (tmp_path / "listener.json").write_text("\ufeff" + json.dumps(raw), "utf-8")
    config = load(str(tmp_path / "listener.json"))
    assert config.visma is not None
    assert config.visma.client_secret == "from-file"


def test_references(raw: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "from-environment")
    (tmp_path / "secret").write_text("from-file\n")
    raw["asana"]["credentials"]["personal_access_token"] = "${TOKEN}"
    raw["visma"]["client_secret"] = f"${{file:{tmp_path}/secret}}"
    raw["listen"] = "${LISTEN:-0.0.0.0:9000}"
    config = parse(raw)
    assert config.asana is not None
    assert config.asana.credentials["personal_access_token"] == "from-environment"
    assert config.visma is not None
    assert config.visma.client_secret == "from-file"
    assert (config.host, config.port) == ("0.0.0.0", 9000)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("public_url", "http://hooks.example.com", "public_url must begin with https://"),
        ("public_url", "https://me:secret-password@hooks.example.com", "must not hold a user name or password"),
        ("public_url", "ftp://localhost", "public_url must begin with https://"),
        ("public_url", "https://[hooks", "public_url is not a web address"),
        ("public_url", "https://hooks.example.com:99999", "public_url is not a web address"),
        ("public_url", "https://hooks.example.com/?from=asana", "public_url must end before any"),
        ("listen", "8080", "The settings are not valid: listen must be an address and a port, such as 127.0.0.1:8080."),
        ("listen", "127.0.0.1:99999", "the port must be between 1 and 65535"),
        ("asana.project_gids", [], "asana.project_gids must not be empty"),
        ("asana.credentials", {"auth_type": "oauth2.0"}, "client_id, client_secret, refresh_token is missing"),
        ("asana.credentials", {"auth_type": "password"}, "auth_type must be one of"),
        ("asana.api_url", "http://app.asana.com", "asana.api_url must begin with https://"),
        ("visma.client_secret", "${NO_SUCH_VARIABLE}", "the environment variable NO_SUCH_VARIABLE is not set"),
        ("visma.client_secret", "${file:/no/such/file}", "the file /no/such/file cannot be read"),
        ("visma.webhook_secret", None, "on_visma_event needs visma.webhook_secret"),
        ("asana.project_gids", [None], "asana.project_gids.0 must be a text in quotes"),
        ("database_path", None, "database_path is missing"),
        ("asana.project_gids", ["Board"], "asana.project_gids.0 must be a number such as 1200000000000100"),
        ("write_back.enabled", "yes", "write_back.enabled must be true or false"),
        ("write_back.events", ["deleted"], "write_back.events.0 must be one of completed"),
        ("write_back.events", [], "names none"),
        ("write_back.enabeld", True, "write_back: enabeld is unknown"),
        ("on_visma_event", {"airbyte_api_url": "https://api.airbyte.com/v1"}, "connection_id is missing"),
        ("on_visma_event", {"command": ["x"], "connection_id": "y"}, "exclude each other"),
        ("on_visma_event", {"airbyte_api_url": "airbyte", "connection_id": "y"}, "must be a web address"),
        ("asana.api_url", "http://app.asana.com\\@localhost/api/1.0", "asana.api_url is not a web address"),
        ("visma.token_url", "http://localhost /connect/token", "visma.token_url is not a web address"),
    ],
)
def test_what_is_wrong_is_said_without_secrets(raw: dict[str, Any], path: str, value: object, words: str) -> None:
    *parents, last = path.split(".")
    place = raw
    for name in parents:
        place = place[name]
    place[last] = value
    with pytest.raises(ConfigError) as error:
        parse(raw)
    assert words in str(error.value)
    assert "secret-password" not in str(error.value)


def airbyte(url: str, **more: Any) -> dict[str, Any]:
    return {"airbyte_api_url": url, "connection_id": "c", **more}


@pytest.mark.parametrize(
    "url",
    [
        "http://airbyte-server:8001/api/public/v1",
        "http://airbyte.example.com/api/public/v1",
        "http://localhost.evil.example/v1",
        "HTTP://10.0.0.5:8006/v1",
    ],
)
def test_the_secret_of_airbyte_goes_out_by_https_only(raw: dict[str, Any], url: str) -> None:
    raw["on_visma_event"] = airbyte(url, client_id="id", client_secret="secret-of-airbyte")
    with pytest.raises(ConfigError) as error:
        parse(raw)
    assert "airbyte_api_url must begin with https://, so that client_secret is not sent in the clear" in str(
        error.value
    )
    assert "leave out client_id and client_secret" in str(error.value)
    assert "secret-of-airbyte" not in str(error.value)


@pytest.mark.parametrize(
    "given",
    [
        airbyte("https://airbyte-server/api/public/v1", client_id="id", client_secret="secret"),
        airbyte("http://localhost:8000/api/public/v1", client_id="id", client_secret="secret"),
        airbyte("http://127.0.0.1:8000/v1", client_id="id", client_secret="secret"),
        airbyte("http://[::1]:8000/v1", client_id="id", client_secret="secret"),
        airbyte("http://airbyte-server:8001/api/public/v1"),
    ],
)
def test_plain_http_to_airbyte_is_for_this_machine_or_without_a_secret(
    raw: dict[str, Any], given: dict[str, Any]
) -> None:
    raw["on_visma_event"] = given
    config = parse(raw)
    assert config.airbyte is not None
    assert config.airbyte.api_url == given["airbyte_api_url"]


@pytest.mark.parametrize(
    ("without", "words"),
    [
        ("visma", "client_id, client_secret, tenant_id, company_id is missing"),
        ("asana", "asana is missing: there are no events to write back"),
    ],
)
def test_what_is_missing(raw: dict[str, Any], without: str, words: str) -> None:
    del raw[without]
    with pytest.raises(ConfigError, match=words):
        parse(raw)


def test_hints_need_a_secret(raw: dict[str, Any]) -> None:
    del raw["visma"]["webhook_secret"]
    with pytest.raises(ConfigError, match=r"on_visma_event needs visma\.webhook_secret"):
        parse(raw)


def test_nothing_to_do(raw: dict[str, Any]) -> None:
    for name in ("asana", "write_back", "on_visma_event"):
        del raw[name]
    with pytest.raises(ConfigError, match="nothing to do"):
        parse(raw)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load(str(tmp_path / "missing.json"))
    (tmp_path / "broken.json").write_text("{")
    with pytest.raises(ConfigError, match="not valid JSON"):
        load(str(tmp_path / "broken.json"))
