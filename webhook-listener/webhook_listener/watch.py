"""Keeps one webhook per project alive at Asana, and reads what its deliveries left out.

Webhooks may lose events and are deleted after a day of failures (Asana developer docs, Webhooks); the Events API says
what happened since a token. Both are asked twice a minute, so that a gap is half a minute long and not a day.
"""

from __future__ import annotations

import json
import logging
import secrets
import sqlite3
from collections.abc import Callable

from webhook_listener import signatures
from webhook_listener.asana import Asana, EventPage
from webhook_listener.clock import Clock, iso, parse
from webhook_listener.config import Config
from webhook_listener.database import DAY, Database
from webhook_listener.http import ServiceError, UnreachableError
from webhook_listener.intake import AsanaIntake
from webhook_listener.metrics import Metrics
from webhook_listener.processing import READ_AGAIN

logger = logging.getLogger(__name__)
# A heartbeat comes every eight hours; one that is an hour late does not come.
SILENCE_SECONDS = 9 * 3600.0
# Events are visible some minutes after they happen; what was read shortly before is read once more.
OVERLAP_SECONDS = 15 * 60.0


class Watch:
    """`step` looks after all projects once. Only one thread may run it."""

    def __init__(
        self,
        *,
        config: Config,
        database: Database,
        asana: Asana,
        intake: AsanaIntake,
        clock: Clock,
        metrics: Metrics,
        every: float,
    ) -> None:
        assert config.asana is not None
        self._projects = config.asana.project_gids
        self._prefix = f"{config.public_url}/asana/"
        self._database = database
        self._asana = asana
        self._intake = intake
        self._clock = clock
        self._metrics = metrics
        self._every = every
        self._complaints: dict[str, str] = {}
        self._pruned_at = 0.0
        self._own_known = False

    def step(self) -> float:
        """Sets up what is missing and reads what happened; returns the seconds until the next look."""
        try:
            if not self._own_known:
                self._database.remember("own_user", str(self._asana.me()["gid"]))
                self._own_known = True
        except (ServiceError, UnreachableError) as error:
            self._complain("access", f"{error}. Nothing is lost; the next try is in {self._every:.0f} s.")
            return self._every
        self._complain("access", None)
        for row in self._database.all("SELECT DISTINCT project_gid FROM webhooks WHERE state != 'retired'"):
            if row["project_gid"] not in self._projects:
                self._guarded("webhook", row["project_gid"], self._give_up)
        for project in self._projects:
            # The first token is taken before the webhook, so that nothing falls between the two.
            self._guarded("events", project, self._read_events)
            self._guarded("webhook", project, self._look_after)
        if self._clock() - self._pruned_at > DAY / 24:
            self._database.prune(self._clock())
            self._pruned_at = self._clock()
        return self._every

    def _guarded(self, part: str, project: str, action: Callable[[str], None]) -> None:
        try:
            action(project)
            self._complain(f"{part} {project}", None)
        except (ServiceError, UnreachableError) as error:
            self._complain(
                f"{part} {project}", f"{error}.{_advice(part, error)} The next try is in {self._every:.0f} s."
            )

    def _complain(self, about: str, text: str | None) -> None:
        """Says a trouble once, not every minute."""
        if text is None:
            if self._complaints.pop(about, None):
                logger.info(f"{about}: works again.")
        elif self._complaints.get(about) != text:
            self._complaints[about] = text
            logger.error(text)

    # --- webhooks

    def _look_after(self, project: str) -> None:
        row = self._database.one(
            "SELECT * FROM webhooks WHERE project_gid = ? AND state = 'active' ORDER BY changed_at DESC", project
        )
        trouble = "none is set up" if row is None else self._trouble(row)
        if trouble is None:
            return
        if row is not None:
            # A token that may create webhooks and not see them would find none at every look, and add one.
            list(self._asana.webhooks(project))
        if f"webhook {project}" not in self._complaints:
            logger.info(f"Project {project}: {trouble}; setting up a webhook.")
        self._create(project)

    def _trouble(self, row: sqlite3.Row) -> str | None:
        """Why the webhook has to be replaced, None when all is well."""
        if row["target"] != self._prefix + row["key"]:
            return "public_url has changed"
        webhook = self._asana.webhook(row["gid"])
        if webhook is None:
            return "Asana has deleted the webhook"
        if not webhook.get("active", True):
            return "the webhook is not active"
        # Asana's own record of failing deliveries cannot be forged, a wrong signature alone can.
        failed, succeeded = parse(webhook.get("last_failure_at")), parse(webhook.get("last_success_at"))
        if self._intake.refused[row["key"]] and failed is not None and failed > (succeeded or 0.0):
            del self._intake.refused[row["key"]]
            return "its deliveries are signed with another secret than the one agreed"
        heard = row["heard_at"] or row["changed_at"]
        if self._clock() - max(heard, row["changed_at"]) > SILENCE_SECONDS:
            return f"nothing was heard of it since {iso(heard)}, though a heartbeat is due every eight hours"
        return None

    def _create(self, project: str) -> None:
        """Subscribes under a new key; Asana's handshake reaches the server while the call below is open."""
        key = secrets.token_urlsafe(32)
        target = self._prefix + key
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM webhooks WHERE project_gid = ? AND state = 'creating'", (project,))
            connection.execute(
                "INSERT INTO webhooks (key, project_gid, target, state, changed_at) VALUES (?, ?, ?, 'creating', ?)",
                (key, project, target, self._clock()),
            )
        try:
            gid, secret = self._asana.create_webhook(project, target)
        except ServiceError as error:
            self._database.run("DELETE FROM webhooks WHERE key = ?", key)
            error.args = (str(error).replace(key, "…"),)
            raise
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE webhooks SET state = 'retired', changed_at = ? WHERE project_gid = ? AND state = 'active'",
                (self._clock(), project),
            )
            connection.execute(
                "UPDATE webhooks SET state = 'active', gid = ?, secret = coalesce(secret, ?), changed_at = ? WHERE key = ?",
                (gid, secret, self._clock(), key),
            )
        self._metrics.webhooks_created.inc()
        logger.info(f"Project {project}: webhook {gid} is set up.")
        self._clear_away(project, keep=gid)

    def _clear_away(self, project: str, keep: str) -> None:
        """Deletes the project's other webhooks to this address: replaced ones, and those a killed process left."""
        for webhook in self._asana.webhooks(project):
            if webhook["gid"] != keep and str(webhook.get("target", "")).startswith(self._prefix):
                self._asana.delete_webhook(webhook["gid"])

    def _give_up(self, project: str) -> None:
        """Unsubscribes from a project that the configuration no longer names."""
        for row in self._database.all("SELECT * FROM webhooks WHERE project_gid = ? AND state != 'retired'", project):
            if row["gid"]:
                self._asana.delete_webhook(row["gid"])
            self._database.run(
                "UPDATE webhooks SET state = 'retired', changed_at = ? WHERE key = ?", self._clock(), row["key"]
            )

    # --- the Events API

    def _read_events(self, project: str) -> None:
        row = self._database.one("SELECT sync_token, read_at FROM projects WHERE gid = ?", project)
        token, read_at = (row["sync_token"], row["read_at"]) if row else (None, None)
        while True:
            page = self._asana.events(project, token)
            if page.expired and read_at is not None:
                self._read_again(project, read_at)
            self._store(project, page)
            if not page.has_more or page.sync in (None, token):
                return
            token = page.sync

    def _store(self, project: str, page: EventPage) -> None:
        """The events and the token that stands behind them, in one transaction."""
        with self._database.transaction() as connection:
            if page.events:
                self._queue(connection, f"events/{project}", {"events": page.events})
            connection.execute(
                "INSERT INTO projects VALUES (?, ?, ?) ON CONFLICT (gid) DO UPDATE SET "
                "sync_token = coalesce(excluded.sync_token, sync_token), read_at = excluded.read_at",
                (project, page.sync, page.read_at),
            )
        if page.events:
            self._intake.news.set()

    def _read_again(self, project: str, read_at: str) -> None:
        """Orders every task that changed since the last reading to be read, its stories included."""
        since = iso((parse(read_at) or 0.0) - OVERLAP_SECONDS)
        logger.warning(f"Project {project}: the sync token has expired; reading again what changed since {since}.")
        self._metrics.read_again.inc()
        tasks = list(self._asana.tasks_modified_since(project, since))
        with self._database.transaction() as connection:
            for task in tasks:
                self._queue(connection, f"again/{project}/{since}", {READ_AGAIN: {"task": task, "since": since}})
        self._intake.news.set()

    def _queue(self, connection: sqlite3.Connection, origin: str, content: object) -> None:
        body = json.dumps(content).encode()
        connection.execute(
            "INSERT OR IGNORE INTO deliveries (origin, digest, body, received_at) VALUES (?, ?, ?, ?)",
            (origin, signatures.digest(body), body, self._clock()),
        )


def _advice(part: str, error: Exception) -> str:
    status = getattr(error, "status", None)
    if part == "webhook" and status in (400, 403):
        return (
            " Asana must be able to reach public_url from the internet over https; `webhook-listener check` tells more."
        )
    if part == "events" and status == 403:
        return " The Events API needs a token with full permissions; without it a lost delivery is not noticed."
    return ""
