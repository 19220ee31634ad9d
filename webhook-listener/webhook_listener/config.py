"""The settings, typed, with secrets from the environment or from files."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import jsonschema

SCHEMA: dict[str, Any] = json.loads(
    resources.files("webhook_listener").joinpath("config.schema.json").read_text("utf-8")
)
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")

# ${NAME}, ${NAME:-default} and ${file:/run/secrets/name}, in any text of the configuration.
_REFERENCE = re.compile(r"\$\{(?:file:(?P<file>[^}]+)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?P<default>[^}]*))?)\}")
# Programs disagree about the host of an address with one of these: it could pass for localhost and lead elsewhere.
_MISREAD = re.compile(r"[\\\s\x00-\x1f\x7f]")
MOST_PROBLEMS = 5

_TYPES = {
    "string": "a text in quotes",
    "boolean": "true or false",
    "array": "a list",
    "object": "a group of settings",
    "integer": "a whole number",
    "number": "a number",
}
_NEEDED_FOR_NOTES = ("client_id", "client_secret", "tenant_id", "company_id")


class ConfigError(Exception):
    """Settings that a person has to fix. The text says which and how, and never contains a value that may be secret."""


@dataclass(frozen=True)
class Asana:
    credentials: Mapping[str, str]
    workspace_gid: str
    project_gids: tuple[str, ...]
    api_url: str
    token_url: str


@dataclass(frozen=True)
class Visma:
    """`webhook_secrets` holds two secrets while one replaces the other. A signature with either is valid."""

    client_id: str | None
    client_secret: str | None
    tenant_id: str | None
    company_id: str | None
    webhook_secrets: tuple[str, ...]
    api_url: str
    token_url: str


@dataclass(frozen=True)
class Airbyte:
    api_url: str
    connection_id: str
    client_id: str | None
    client_secret: str | None


@dataclass(frozen=True)
class Config:
    """The whole configuration. Without a `public_url` nothing is delivered, and Asana's events are polled. `write_back` holds
    the events that lead to a note; it is empty if write-back is off."""

    public_url: str | None
    host: str
    port: int
    database_path: Path
    asana: Asana | None
    visma: Visma | None
    write_back: frozenset[str]
    airbyte: Airbyte | None
    command: tuple[str, ...] | None

    @property
    def secrets(self) -> list[str]:
        """All values that must not appear in any output."""
        found: list[str | None] = []
        if self.asana:
            found += [
                self.asana.credentials.get(n) for n in ("personal_access_token", "client_secret", "refresh_token")
            ]
        if self.visma:
            found += [self.visma.client_secret, *self.visma.webhook_secrets]
        if self.airbyte:
            found.append(self.airbyte.client_secret)
        return [secret for secret in found if secret]

    @property
    def takes_hints(self) -> bool:
        """Whether a Visma event starts anything."""
        return self.airbyte is not None or self.command is not None


def load(path: str) -> Config:
    """Reads the configuration file. Raises ConfigError."""
    try:
        raw = json.loads(Path(path).read_text("utf-8-sig"))  # editors put a BOM in front
    except OSError as error:
        raise ConfigError(f"The configuration {path} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise ConfigError(f"The configuration {path} is not valid JSON: {error}.") from None
    return parse(raw)


def parse(raw: Any) -> Config:
    """Checks the settings and fills in references and defaults. Raises ConfigError.

    A null counts as absent; Terraform and forms write it for an empty setting.
    """
    filled = _filled(raw)
    _check(filled)
    public_url = filled.get("public_url", "").rstrip("/") or None
    if public_url:
        _check_url("public_url", public_url)
    host, _, port = filled.get("listen", _default("listen")).rpartition(":")
    if not 0 < int(port) < 65536:
        raise ConfigError("listen: the port must be between 1 and 65535.")
    asana, visma = _asana(filled.get("asana")), _visma(filled.get("visma"))
    write_back = filled.get("write_back") or {}
    events = frozenset(write_back.get("events", ())) if write_back.get("enabled") else frozenset()
    if write_back.get("enabled"):
        _check_write_back(asana, visma, events)
    airbyte, command = _on_visma_event(filled.get("on_visma_event"))
    if (airbyte or command) and not (visma and visma.webhook_secrets):
        raise ConfigError(
            "on_visma_event needs visma.webhook_secret: without it nobody can tell Visma's deliveries from anybody else's. "
            "It is the secret of the subscription in the Visma Developer Portal."
        )
    if (airbyte or command) and not public_url:
        raise ConfigError(
            "on_visma_event needs public_url, since Visma only delivers its events. Without a public address, leave it out and "
            "schedule the syncs."
        )
    if asana is None and not (airbyte or command):
        raise ConfigError("There is nothing to do: add asana (log, notes) or on_visma_event (start syncs).")
    return Config(
        public_url=public_url,
        host=host.strip("[]"),
        port=int(port),
        database_path=Path(filled["database_path"]),
        asana=asana,
        visma=visma,
        write_back=events,
        airbyte=airbyte,
        command=command,
    )


def _filled(value: Any, where: str = "") -> Any:
    if isinstance(value, dict):
        given = {key: item for key, item in value.items() if item is not None}
        return {key: _filled(item, f"{where}.{key}".lstrip(".")) for key, item in given.items()}
    if isinstance(value, list):
        return [_filled(item, where) for item in value]
    return _REFERENCE.sub(lambda match: _referenced(match, where), value) if isinstance(value, str) else value


def _referenced(match: re.Match[str], where: str) -> str:
    if match["file"]:
        try:
            return Path(match["file"]).read_text("utf-8-sig").strip()
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not text"
            raise ConfigError(f"{where}: the file {match['file']} cannot be read ({reason}).") from None
    found = os.environ.get(match["name"]) or match["default"]
    if found is None:
        raise ConfigError(f"{where}: the environment variable {match['name']} is not set.")
    return found


def _check(filled: Any) -> None:
    validator = jsonschema.Draft7Validator(SCHEMA)
    errors = sorted(validator.iter_errors(filled), key=lambda error: [str(part) for part in error.path])
    if errors:
        problems = list(dict.fromkeys(map(_problem, errors)))
        raise ConfigError("The settings are not valid: " + "; ".join(problems[:MOST_PROBLEMS]) + ".")


def _problem(error: jsonschema.ValidationError) -> str:
    """One violation in words, without the value itself, which may be a secret."""
    where = ".".join(map(str, error.absolute_path))
    value: Any = error.validator_value
    found: Any = error.instance
    schema: Any = error.schema
    if error.validator == "required":
        missing = ", ".join(name for name in value if name not in found)
        return f"{where}: {missing} is missing" if where else f"{missing} is missing"
    if error.validator == "additionalProperties":
        unknown = ", ".join(sorted(set(found) - set(schema["properties"])))
        return f"{where}: {unknown} is unknown" if where else f"{unknown} is unknown"
    return f"{where or 'The file'} {_rule(str(error.validator), value, schema)}"


def _rule(rule: str, value: Any, schema: Mapping[str, Any]) -> str:
    """What the rule that a setting breaks requires, in words."""
    if rule == "type":
        wanted = next(name for name in ([value] if isinstance(value, str) else value) if name != "null")
        return f"must be {_TYPES[wanted]}"
    if rule == "pattern":
        return f"must be {schema['pattern_descriptor']}"
    if rule == "enum":
        return f"must be one of {', '.join(str(each) for each in value if each is not None)}"
    return "must not be empty" if rule in ("minLength", "minItems") else "is not valid"


def _asana(raw: Mapping[str, Any] | None) -> Asana | None:
    if raw is None:
        return None
    api_url = raw.get("api_url", "https://app.asana.com/api/1.0").rstrip("/")
    parts = _parts("asana.api_url", api_url)
    token_url = raw.get("token_url", f"{parts.scheme}://{parts.netloc}/-/oauth_token")
    _check_url("asana.api_url", api_url)
    _check_url("asana.token_url", token_url)
    projects = tuple(dict.fromkeys(raw["project_gids"]))
    return Asana(raw["credentials"], raw["workspace_gid"], projects, api_url, token_url)


def _visma(raw: Mapping[str, Any] | None) -> Visma | None:
    if raw is None:
        return None
    secrets = raw.get("webhook_secret", [])
    visma = Visma(
        client_id=raw.get("client_id"),
        client_secret=raw.get("client_secret"),
        tenant_id=raw.get("tenant_id"),
        company_id=raw.get("company_id"),
        webhook_secrets=(secrets,) if isinstance(secrets, str) else tuple(secrets),
        api_url=raw.get("api_url", "https://api.finance.visma.net").rstrip("/"),
        token_url=raw.get("token_url", "https://connect.visma.com/connect/token"),
    )
    _check_url("visma.api_url", visma.api_url)
    _check_url("visma.token_url", visma.token_url)
    return visma


def _check_write_back(asana: Asana | None, visma: Visma | None, events: frozenset[str]) -> None:
    missing = [name for name in _NEEDED_FOR_NOTES if not getattr(visma, name, None)]
    if missing:
        raise ConfigError(f"write_back is enabled, but visma: {', '.join(missing)} is missing.")
    if asana is None:
        raise ConfigError("write_back is enabled, but asana is missing: there are no events to write back.")
    if not events:
        raise ConfigError(
            "write_back is enabled, but write_back.events names none: completed, reopened, assigned, commented."
        )


def _on_visma_event(raw: Any) -> tuple[Airbyte | None, tuple[str, ...] | None]:
    if raw in (None, "none", {}):
        return None, None
    if not isinstance(raw, Mapping):
        raise ConfigError("on_visma_event must be left out, or name an Airbyte connection or a command.")
    if "command" in raw:
        if len(raw) > 1:
            raise ConfigError("on_visma_event: a command and an Airbyte connection exclude each other.")
        return None, tuple(raw["command"])
    missing = [name for name in ("airbyte_api_url", "connection_id") if name not in raw]
    if missing:
        raise ConfigError(f"on_visma_event: {', '.join(missing)} is missing.")
    url = raw["airbyte_api_url"].rstrip("/")
    parts = _parts("on_visma_event.airbyte_api_url", url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError("on_visma_event.airbyte_api_url must be a web address, e.g. https://api.airbyte.com/v1.")
    secret = raw.get("client_secret")
    if secret and parts.scheme == "http" and parts.hostname not in LOCAL_HOSTS:
        raise ConfigError(
            "on_visma_event.airbyte_api_url must begin with https://, so that client_secret is not sent in the clear (plain http "
            "is accepted for localhost only). Give Airbyte a certificate (its ingress, or a proxy in front), or reach it by "
            "localhost (`kubectl port-forward`, a sidecar). If this Airbyte asks for no credentials, leave out client_id and "
            "client_secret."
        )
    return Airbyte(url, raw["connection_id"], raw.get("client_id"), secret), None


def _default(name: str) -> str:
    return str(SCHEMA["properties"][name]["default"])


def _check_url(name: str, url: str) -> None:
    parts = _parts(name, url)
    if parts.username or parts.password:
        raise ConfigError(f"{name} must not hold a user name or password.")
    if (parts.query or parts.fragment) and not name.endswith("token_url"):
        raise ConfigError(f"{name} must end before any “?” or “#”.")
    if not parts.hostname or (
        parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOCAL_HOSTS)
    ):
        raise ConfigError(f"{name} must begin with https:// (plain http is accepted for localhost only).")


def _parts(name: str, url: str) -> SplitResult:
    if _MISREAD.search(url):
        raise ConfigError(f"{name} is not a web address.")
    try:
        parts = urlsplit(url)
        _ = parts.port  # out of range, it says so only when asked
    except ValueError:
        raise ConfigError(f"{name} is not a web address.") from None
    return parts
