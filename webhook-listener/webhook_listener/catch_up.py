"""Catches up on events that were not delivered: from the Events API or, after a long outage, from the tasks themselves."""

from __future__ import annotations

import json
import logging
import threading

from webhook_listener.asana import Asana, CallError, EventPage
from webhook_listener.clock import Clock, iso, parse
from webhook_listener.database import Database
from webhook_listener.deliveries import READ_AGAIN, Deliveries
from webhook_listener.metrics import Metrics

logger = logging.getLogger(__name__)
# Events become visible some minutes after they happen, so each reading overlaps the previous one.
OVERLAP_SECONDS = 15 * 60.0


class CatchUp:
    """Queues the events that were missed. Every method raises CallError; `news` is set when something was queued."""

    def __init__(
        self, *, database: Database, asana: Asana, clock: Clock, metrics: Metrics, news: threading.Event
    ) -> None:
        self._database = database
        self._deliveries = Deliveries(database, clock)
        self._asana = asana
        self._metrics = metrics
        self._news = news

    def read(self, project: str) -> None:
        """Reads a project's events since the last reading. The first reading only gets a sync token."""
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
        """Queues the events and stores the token that follows them, in one transaction."""
        with self._database.transaction() as connection:
            if page.events:
                self._deliveries.add(connection, f"events/{project}", _body({"events": page.events}))
            connection.execute(
                "INSERT INTO projects VALUES (?, ?, ?) ON CONFLICT (gid) DO UPDATE SET "
                "sync_token = coalesce(excluded.sync_token, sync_token), read_at = excluded.read_at",
                (project, page.sync, page.read_at),
            )
        if page.events:
            self._news.set()

    def _read_again(self, project: str, read_at: str) -> None:
        """Queues every task that changed since the last reading, so that it is read together with its stories."""
        since = iso((parse(read_at) or 0.0) - OVERLAP_SECONDS)
        logger.warning(f"Project {project}: the sync token has expired; reading the tasks that changed since {since}.")
        self._metrics.read_again.inc()
        tasks = list(self._asana.tasks_modified_since(project, since))
        with self._database.transaction() as connection:
            for task in tasks:
                body = _body({READ_AGAIN: {"task": task, "since": since}})
                self._deliveries.add(connection, f"again/{project}/{since}", body)
        self._news.set()


def _body(content: object) -> bytes:
    return json.dumps(content).encode()


def advice(error: CallError) -> str:
    """The remedy if the events cannot be read."""
    if error.status == 403:
        return " The Events API needs a token with full permissions; without it, lost deliveries go unnoticed."
    return ""
