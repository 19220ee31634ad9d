"""The command `check`. Each finding names the setting, the result and, if necessary, the remedy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import httpx

from webhook_listener import clock, events, files
from webhook_listener.asana import Asana
from webhook_listener.config import Config, ConfigError
from webhook_listener.database import Database
from webhook_listener.http import CallError, ServiceError, TokenError, UnreachableError
from webhook_listener.sync_trigger import AirbyteJob
from webhook_listener.visma import UPDATE, Visma

PORTAL = "Visma Developer Portal (My Subscriptions, publisher Visma Net Financial)"
EVENTS_WORTH_HAVING = "AP Invoice “Status Changed”, Purchase Order “Changed” and “Status Changed”"


@dataclass(frozen=True)
class Finding:
    """One line of the result. If it is `bad`, something needs fixing before the listener works fully."""

    bad: bool
    text: str

    def __str__(self) -> str:
        return f"{'TO DO' if self.bad else 'ok   '}  {self.text}"


def check(config: Config) -> list[Finding]:
    """Checks everything that the configuration asks for. A failure does not end the check."""
    try:
        database = Database(config.database_path)
    except ConfigError as error:
        return [Finding(True, str(error))]
    try:
        found = [*_file(config), *_deliveries(config)]
        if config.asana:
            found += _asana(config, database)
        if config.write_back:
            found += _visma(config)
        if config.takes_hints:
            found += _hints(config, database)
        return found
    finally:
        database.close()


def _file(config: Config) -> Iterator[Finding]:
    yield Finding(False, f"database: {config.database_path} can be written.")
    if files.open_to_others(config.database_path):
        yield Finding(True, files.OPEN_TO_OTHERS.format(path=config.database_path))


def _deliveries(config: Config) -> Iterator[Finding]:
    """What is to be said of public_url. To have none is a choice, not an error."""
    if config.public_url:
        yield from _public_url(config)
    else:
        yield Finding(
            False,
            "public_url: none is set, so nothing is delivered and `webhook-listener serve` polls Asana's events. What people do is "
            "in the log some seconds later, and nothing is missed.",
        )


def _public_url(config: Config) -> Iterator[Finding]:
    url = f"{config.public_url}/healthz"
    try:
        answer = httpx.get(url, timeout=10, follow_redirects=False)
    except httpx.HTTPError as error:
        yield Finding(
            True,
            f"public_url: {url} cannot be reached from here ({type(error).__name__}). Start `webhook-listener serve`, and see "
            "that the name resolves, the certificate is valid and the proxy in front forwards /asana/ and /visma. (A firewall "
            "that keeps only this machine from its own public address can be ignored.) If there is no public address, leave "
            "public_url out: Asana's events are then polled.",
        )
        return
    if answer.text != "ok\n":
        yield Finding(
            True,
            f"public_url: {url} answers with status {answer.status_code}, but it is not this listener that answers. A proxy "
            "that forwards only /asana/ and /visma is fine otherwise; forward /healthz too to have this checked.",
        )
        return
    astray = [path for path, status in _addresses(config) if not _refuses(f"{config.public_url}{path}", status)]
    if astray:
        yield Finding(
            True,
            f"public_url: {' and '.join(astray)} does not lead to this listener. Have the proxy forward it by POST.",
        )
    else:
        yield Finding(False, f"public_url: {config.public_url} leads to this listener.")


def _addresses(config: Config) -> Iterator[tuple[str, int]]:
    """The addresses for deliveries, each with the status by which it refuses an unsigned one."""
    if config.asana:
        yield "/asana/check", 404
    if config.visma and config.visma.webhook_secrets:
        yield "/visma", 401


def _refuses(url: str, status: int) -> bool:
    """Whether the listener itself refuses an unsigned delivery. A proxy's error page would have a body."""
    try:
        answer = httpx.post(url, timeout=10, follow_redirects=False)
    except httpx.HTTPError:
        return False
    return answer.status_code == status and not answer.content


def _asana(config: Config, database: Database) -> Iterator[Finding]:
    assert config.asana is not None
    asana = Asana(config.asana)
    try:
        me = asana.me()
        yield Finding(
            False,
            f"asana: signed in as {me.get('name')}. What this user does in Asana counts as the sync's own and is not logged.",
        )
        if asana.workspace() is None:
            yield Finding(
                True,
                f"asana.workspace_gid: {config.asana.workspace_gid} does not exist or is not visible to this user. Check the gid, "
                "and that an administrator has not limited the token to other workspaces.",
            )
            return
        for gid in config.asana.project_gids:
            yield from _project(asana, database, gid, str(me["gid"]), polled=config.public_url is None)
    except CallError as error:
        yield Finding(True, f"asana: {error}.{_asana_advice(error)}")
    finally:
        asana.close()


def _asana_advice(error: CallError) -> str:
    status = error.status
    if status is None:
        return " Check the network and asana.api_url."
    if status == 401:
        return " The token is mistyped, revoked or switched off; create a new one in the Asana developer console."
    if status == 403:
        return (
            " The token may not do this: a token with granular scopes needs tasks:read, stories:read, users:read, "
            "projects:read, webhooks:read, webhooks:write and webhooks:delete."
        )
    return ""


def _project(asana: Asana, database: Database, gid: str, me: str, polled: bool) -> Iterator[Finding]:
    project = asana.project(gid)
    if project is None:
        yield Finding(
            True,
            f"asana.project_gids: {gid} does not exist or is not visible to this user. Share the project with the user.",
        )
        return
    name = f"project “{project.get('name')}”"
    documents = [task for task in asana.documents(gid, 20) if events.visma_id(task)]
    makers = {str((task.get("created_by") or {}).get("gid")) for task in documents}
    if not documents:
        yield Finding(False, f"{name}: no document among its first tasks yet; the log begins with the first sync.")
    elif me not in makers:
        yield Finding(
            True,
            f"{name}: its documents were made by another user than the one signed in here, so the sync's own changes would be "
            "taken for a person's. Use the token the destination uses.",
        )
    try:
        asana.events(gid, None)
    except ServiceError as error:
        if error.status != 403:
            raise
        yield Finding(
            True,
            f"{name}: the token may not read the Events API, which needs full permissions. "
            + (
                "Without public_url the log stays empty."
                if polled
                else "Without it a lost delivery and whatever happens during an outage stay out of the log."
            ),
        )
    yield _polling(database, gid, name) if polled else _webhook(asana, database, gid, name)


def _polling(database: Database, gid: str, name: str) -> Finding:
    """How far the events of a project without a webhook are read."""
    row = database.one("SELECT read_at FROM projects WHERE gid = ?", gid)
    if row is None or row["read_at"] is None:
        return Finding(False, f"{name}: its events are polled as soon as `webhook-listener serve` runs.")
    return Finding(False, f"{name}: its events are polled; last read {row['read_at']}.")


def _webhook(asana: Asana, database: Database, gid: str, name: str) -> Finding:
    row = database.one("SELECT gid, heard_at FROM webhooks WHERE project_gid = ? AND state = 'active'", gid)
    webhook = asana.webhook(row["gid"]) if row else None
    if row is None or webhook is None:
        return Finding(
            True,
            f"{name}: no webhook is set up. `webhook-listener serve` does that by itself at once, once Asana can reach "
            "public_url over https; its log says what stands in the way.",
        )
    failed, succeeded = clock.parse(webhook.get("last_failure_at")), clock.parse(webhook.get("last_success_at"))
    if not webhook.get("active", True) or (failed is not None and failed > (succeeded or 0.0)):
        message = " ".join(str(webhook.get("last_failure_content") or "").split())[:200]
        return Finding(
            True,
            f"{name}: Asana cannot deliver (last failure {webhook.get('last_failure_at')}: {message or 'no answer'}). It deletes "
            "the webhook after 24 hours of that. See that public_url leads here from the internet.",
        )
    heard = clock.iso(row["heard_at"]) if row["heard_at"] else "not yet"
    return Finding(False, f"{name}: webhook {row['gid']} is active; last heard of: {heard}.")


def _visma(config: Config) -> Iterator[Finding]:
    assert config.visma is not None
    visma = Visma(config.visma, may_write=True)
    try:
        rows = visma.first_supplier_invoice()
    except TokenError as error:
        yield Finding(True, f"visma: no token: {error.message} ({error.status}).{_token_advice(error.message)}")
    except ServiceError as error:
        yield Finding(
            True,
            f"visma: {error}. The integration is not approved for this company, or company_id and tenant_id belong to different "
            "companies. An administrator approves it in the Visma App Store.",
        )
    except UnreachableError as error:
        yield Finding(True, f"visma: {error}. Check the network and visma.api_url.")
    else:
        yield Finding(False, "visma: signed in, with the scope for writing notes.")
        if rows == []:
            yield Finding(
                True,
                f"visma: company {config.visma.company_id} shows no supplier invoice at all. If it has some, company_id is wrong.",
            )
    finally:
        visma.close()


def _token_advice(message: str) -> str:
    if "invalid_scope" in message:
        return (
            f" The scope {UPDATE} is missing: add it to the application in the Visma Developer Portal, and have an administrator "
            "of the company approve it in the Visma App Store. Without write_back it is not needed."
        )
    if "invalid_tenant" in message:
        return " tenant_id is not the company's, or its administrator has not approved the application in the Visma App Store."
    if "invalid_client" in message:
        return " client_id or client_secret is wrong."
    return ""


def _hints(config: Config, database: Database) -> Iterator[Finding]:
    last = database.one("SELECT event, received_at FROM hints ORDER BY id DESC LIMIT 1")
    if last is None:
        yield Finding(
            True,
            f"visma events: none has arrived yet. Subscribe {config.public_url}/visma in the {PORTAL} to {EVENTS_WORTH_HAVING}, "
            "with the secret of visma.webhook_secret; then an administrator of the company approves the webhook scopes in the "
            "Visma App Store. Until both are done the event is not enabled for the company, and Visma sends nothing.",
        )
    else:
        named = {row["event"] for row in database.all("SELECT DISTINCT event FROM hints WHERE event IS NOT NULL")}
        kinds = f" Kinds seen: {', '.join(sorted(named))}." if named else ""
        yield Finding(
            False,
            f"visma events: the last one came {clock.iso(last['received_at'])}.{kinds} An event that should be here and is not "
            "has no subscription, or is not enabled for the company.",
        )
    if config.command:
        if shutil.which(config.command[0]) is None:
            yield Finding(True, f"on_visma_event.command: {config.command[0]} is not a program of this machine.")
        else:
            yield Finding(False, f"on_visma_event.command: {config.command[0]} is there.")
    if config.airbyte:
        yield _airbyte(config)


def _airbyte(config: Config) -> Finding:
    assert config.airbyte is not None
    service = AirbyteJob(config.airbyte).service
    try:
        service.call("GET", f"/connections/{config.airbyte.connection_id}")
    except ServiceError as error:
        advice = {
            401: "client_id or client_secret is wrong, or belongs to another Airbyte.",
            403: "The application may not use this connection.",
            404: "connection_id is unknown there, or airbyte_api_url lacks its path (https://api.airbyte.com/v1, or …/api/public/v1).",
        }.get(error.status, "")
        return Finding(True, f"airbyte: {error}. {advice}".rstrip())
    except UnreachableError as error:
        return Finding(True, f"airbyte: {error}. Check on_visma_event.airbyte_api_url.")
    finally:
        service.close()
    return Finding(False, f"airbyte: connection {config.airbyte.connection_id} is there.")
