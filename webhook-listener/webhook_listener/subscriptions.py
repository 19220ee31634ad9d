"""One webhook for each Asana project: created, checked, and replaced when it no longer delivers."""

from __future__ import annotations

import logging
import secrets
import sqlite3
from collections.abc import Collection

from webhook_listener.asana import Asana, CallError
from webhook_listener.clock import Clock, iso, parse
from webhook_listener.database import Database
from webhook_listener.intake import AsanaIntake
from webhook_listener.metrics import Metrics

logger = logging.getLogger(__name__)
# A heartbeat comes every eight hours. If it is an hour late, it will not come.
SILENCE_SECONDS = 9 * 3600.0


class Subscriptions:
    """The webhooks whose target begins with `address`. Every method raises CallError."""

    def __init__(
        self, *, address: str, database: Database, asana: Asana, intake: AsanaIntake, clock: Clock, metrics: Metrics
    ) -> None:
        self._address = address
        self._database = database
        self._asana = asana
        self._intake = intake
        self._clock = clock
        self._metrics = metrics
        self._announced: set[str] = set()

    def of_others(self, projects: Collection[str]) -> list[str]:
        """The projects that have a webhook but are not among `projects`."""
        rows = self._database.all("SELECT DISTINCT project_gid FROM webhooks WHERE state != 'retired'")
        return [row["project_gid"] for row in rows if row["project_gid"] not in projects]

    def look_after(self, project: str) -> None:
        """Creates a webhook for the project unless it has a working one."""
        row = self._database.one(
            "SELECT * FROM webhooks WHERE project_gid = ? AND state = 'active' ORDER BY changed_at DESC", project
        )
        trouble = "none is set up" if row is None else self._trouble(row)
        if trouble is None:
            self._announced.discard(project)
            return
        if row is not None:
            # A token that may create webhooks but not list them would find none at each check and keep adding more.
            list(self._asana.webhooks(project))
        if project not in self._announced:
            self._announced.add(project)
            logger.info(f"Project {project}: {trouble}; setting up a webhook.")
        self._create(project)
        self._announced.discard(project)

    def give_up(self, project: str) -> None:
        """Deletes the webhook of a project that the configuration no longer names."""
        for row in self._database.all("SELECT * FROM webhooks WHERE project_gid = ? AND state != 'retired'", project):
            if row["gid"]:
                self._asana.delete_webhook(row["gid"])
            self._database.run(
                "UPDATE webhooks SET state = 'retired', changed_at = ? WHERE key = ?", self._clock(), row["key"]
            )

    def _trouble(self, row: sqlite3.Row) -> str | None:
        """The reason to replace the webhook, or None if it works."""
        if row["target"] != self._address + row["key"]:
            return "public_url has changed"
        webhook = self._asana.webhook(row["gid"])
        if webhook is None:
            return "Asana has deleted the webhook"
        if not webhook.get("active", True):
            return "the webhook is not active"
        # Anybody can send an invalid signature, but nobody can forge Asana's own record of failed deliveries.
        failed, succeeded = parse(webhook.get("last_failure_at")), parse(webhook.get("last_success_at"))
        if self._intake.refused[row["key"]] and failed is not None and failed > (succeeded or 0.0):
            del self._intake.refused[row["key"]]
            return "its deliveries are signed with another secret than the one agreed"
        heard = row["heard_at"] or row["changed_at"]
        if self._clock() - max(heard, row["changed_at"]) > SILENCE_SECONDS:
            return f"nothing was heard of it since {iso(heard)}, though a heartbeat is due every eight hours"
        return None

    def _create(self, project: str) -> None:
        """Creates a webhook with a new key. Asana's handshake reaches the server during the call below."""
        key = secrets.token_urlsafe(32)
        target = self._address + key
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM webhooks WHERE project_gid = ? AND state = 'creating'", (project,))
            connection.execute(
                "INSERT INTO webhooks (key, project_gid, target, state, changed_at) VALUES (?, ?, ?, 'creating', ?)",
                (key, project, target, self._clock()),
            )
        try:
            gid, secret = self._asana.create_webhook(project, target)
        except CallError as error:
            if error.status is not None:  # without an answer, the webhook may exist
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
        """Deletes the project's other webhooks to this address: replaced ones, and those that a killed process left."""
        for webhook in self._asana.webhooks(project):
            if webhook["gid"] != keep and str(webhook.get("target", "")).startswith(self._address):
                self._asana.delete_webhook(webhook["gid"])


def advice(error: CallError) -> str:
    """The remedy if a webhook cannot be created."""
    if error.status in (400, 403):
        return (
            " Asana must be able to reach public_url from the internet over https; `webhook-listener check` tells more. Until "
            "then the project's events are polled, so that nothing is missed; without a public address, leave public_url out."
        )
    return ""
