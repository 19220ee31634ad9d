"""Works off the deliveries: each is looked up at Asana, and what happened is logged all at once."""

from __future__ import annotations

import json
import logging
import threading

from webhook_listener.asana import Asana, CallError
from webhook_listener.clock import Clock
from webhook_listener.database import Database
from webhook_listener.deliveries import Deliveries, Delivery
from webhook_listener.log import Log
from webhook_listener.lookup import Happened, Lookup
from webhook_listener.metrics import Metrics
from webhook_listener.worker import Rest, pause

logger = logging.getLogger(__name__)


class Processor:
    """Works off the deliveries; the one writer of the log's events."""

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
        self._deliveries = Deliveries(database, clock)
        self._log = Log(database, clock, write_back)
        self._lookup = Lookup(asana, database, self._log, metrics)
        self._metrics = metrics
        self._notes_news = notes_news
        self._rest = Rest()

    def step(self) -> float:
        """Deals with the next delivery that is due; returns the seconds until another may be."""
        if self._rest.left:
            return self._rest.left
        delivery = self._deliveries.next()
        if delivery is None:
            return self._deliveries.seconds_until_next()
        try:
            self._settle(delivery, self._lookup.content(json.loads(delivery.body)))
        except CallError as error:
            self._postpone(delivery, error)
        except Exception:
            # Set aside with a growing pause, so that one delivery nobody thought of does not hold up the others.
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

    def _settle(self, delivery: Delivery, happened: Happened) -> None:
        """Log, notes to write and the delivery's end in one transaction: all of it survives a kill, or none."""
        with self._deliveries.finishing(delivery) as connection:
            added = [
                one
                for one in happened.found
                if self._log.add(connection, event=one.event, task=one.task, visma_id=one.visma_id, entry=one.entry)
            ]
            self._log.remember(connection, happened.fresh)
        self._notes_news.set()
        for one in added:
            self._metrics.events.labels("logged").inc()
            logger.info(f"{one.visma_id}: {one.entry.what} by {one.entry.who}")
