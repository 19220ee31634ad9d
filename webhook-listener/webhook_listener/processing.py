"""Processes the deliveries: looks each one up at Asana and logs its acts."""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
from collections.abc import Sequence

from webhook_listener.asana import Asana, CallError
from webhook_listener.clock import Clock
from webhook_listener.database import Database
from webhook_listener.deliveries import Deliveries, Delivery
from webhook_listener.log import Log
from webhook_listener.lookup import Found, Happened, Lookup
from webhook_listener.metrics import Metrics
from webhook_listener.worker import Rest, pause

logger = logging.getLogger(__name__)


class Processor:
    """Processes the deliveries. Nothing else writes the log's events."""

    def __init__(
        self,
        *,
        database: Database,
        asana: Asana,
        clock: Clock,
        write_back: frozenset[str],
        metrics: Metrics,
        notes_news: threading.Event,
    ) -> None:
        self._database = database
        self._deliveries = Deliveries(database, clock)
        self._log = Log(database, clock, write_back)
        self._lookup = Lookup(asana, database, self._log, metrics)
        self._metrics = metrics
        self._notes_news = notes_news
        self._rest = Rest()

    def step(self) -> float:
        """Processes the next delivery that is due. Returns the seconds until the next one may be."""
        if self._rest.left:
            return self._rest.left
        delivery = self._deliveries.next()
        if delivery is None:
            return self._deliveries.seconds_until_next()
        read: list[Happened] = []
        try:
            for happened in self._lookup.content(json.loads(delivery.body)):
                read.append(happened)
            self._finish(delivery, read)
        except CallError as error:
            # A large delivery takes more calls than Asana may allow at a stretch, so each try begins where the last one ended.
            self._keep(read)
            self._postpone(delivery, error)
        except Exception:
            # Postponed with a growing pause, so that one unforeseen delivery does not hold up the others.
            self._deliveries.postpone(delivery, pause(delivery.attempts + 5))
            raise
        return 0

    def _postpone(self, delivery: Delivery, error: CallError) -> None:
        wait = error.retry_after or pause(delivery.attempts)
        if error.passing or error.status == 401:
            self._rest.begin(error.retry_after, wait)
        count = self._deliveries.count()
        waiting = f"{count} deliver{'y' if count == 1 else 'ies'}"
        logger.warning(f"{error}. {waiting} wait for Asana; next try in {wait:.0f} s.")
        self._deliveries.postpone(delivery, wait)

    def _finish(self, delivery: Delivery, read: Sequence[Happened]) -> None:
        """Writes the log, queues the notes and finishes the delivery in one transaction. A kill keeps all of it or nothing."""
        with self._deliveries.finishing(delivery) as connection:
            added = self._write(connection, read)
        self._announce(added)

    def _keep(self, read: Sequence[Happened]) -> None:
        """The same for a part of a delivery, which stays in the queue. Its events count as handled from now on."""
        if read:
            with self._database.transaction() as connection:
                added = self._write(connection, read)
            self._announce(added)

    def _write(self, connection: sqlite3.Connection, read: Sequence[Happened]) -> list[Found]:
        """Returns what was added to the log, oldest first."""
        found = sorted((one for happened in read for one in happened.found), key=lambda one: one.moment)
        added = [
            one
            for one in found
            if self._log.add(connection, event=one.event, task=one.task, visma_id=one.visma_id, entry=one.entry)
        ]
        for happened in read:
            self._log.remember(connection, happened.fresh)
        return added

    def _announce(self, added: Sequence[Found]) -> None:
        self._notes_news.set()
        for one in added:
            self._metrics.events.labels("logged").inc()
            logger.info(f"{one.visma_id}: {one.entry.what} by {one.entry.who}")
