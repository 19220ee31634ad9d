"""Everything that runs behind the server, wired together: both sides, their workers, and how they end."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

from webhook_listener import clock as clocks
from webhook_listener.app import make_app
from webhook_listener.asana_side import AsanaSide
from webhook_listener.clock import Clock
from webhook_listener.config import Config
from webhook_listener.database import Database
from webhook_listener.metrics import Metrics
from webhook_listener.visma_side import VismaSide
from webhook_listener.worker import Worker

STOP_SECONDS = 12.0


class Listener:
    """`app` takes the requests. `every` and `quiet` are seconds: between looks at Asana, and before a sync."""

    def __init__(self, config: Config, *, clock: Clock = clocks.system, every: float, quiet: float) -> None:
        self.database = Database(config.database_path)
        metrics = Metrics(self.database, clock)
        notes_news = threading.Event()
        self._stopping = threading.Event()
        self._asana = (
            AsanaSide(
                config=config,
                database=self.database,
                clock=clock,
                metrics=metrics,
                notes_news=notes_news,
                every=every,
            )
            if config.asana
            else None
        )
        self._visma = VismaSide(
            config=config,
            database=self.database,
            clock=clock,
            metrics=metrics,
            stopping=self._stopping,
            quiet=quiet,
        )
        self._workers = list(self._make_workers(notes_news))
        intake = self._asana.intake if self._asana else None
        self.app = make_app(intake, self._visma.intake, metrics, self.ready)

    def _make_workers(self, notes_news: threading.Event) -> Iterator[Worker]:
        if self._asana:
            yield Worker("asana events", self._asana.processor.step, self._asana.intake.news)
            yield Worker("asana webhooks", self._asana.watch.step, threading.Event())
        if self._visma.write_back:
            yield Worker("visma notes", self._visma.write_back.step, notes_news)
        if self._visma.trigger:
            yield Worker("syncs", self._visma.trigger.step, self._visma.hints_news)

    def start(self) -> None:
        """Starts the workers. The socket must listen already: Asana's handshake comes while a webhook is set up."""
        for worker in self._workers:
            worker.start()

    def stop(self) -> None:
        """Ends the workers after the step each is in. What they leave stays queued for the next start."""
        self._stopping.set()
        for worker in self._workers:
            worker.stop()
        end = time.monotonic() + STOP_SECONDS
        for worker in self._workers:
            worker.join(max(0.0, end - time.monotonic()))
        # One that still waits for an answer ends with the process; its step is repeated at the next start.
        if not any(worker.alive for worker in self._workers):
            self._close()

    def _close(self) -> None:
        if self._asana:
            self._asana.service.close()
        if self._visma.service:
            self._visma.service.close()
        self.database.close()

    def ready(self) -> bool:
        """Whether deliveries can be stored and the workers run. Not whether webhooks exist: setting one up needs us ready."""
        # Only what was really written shows that there is room.
        self.database.remember("asked_ready_at", clocks.iso(clocks.system()))
        return not self._stopping.is_set() and all(worker.alive for worker in self._workers)
