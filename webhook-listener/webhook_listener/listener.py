"""Wires together everything behind the server: both sides, their workers, and the shutdown."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

from webhook_listener import clock as clocks
from webhook_listener import sync_trigger
from webhook_listener.app import make_app
from webhook_listener.asana_side import AsanaSide
from webhook_listener.clock import Clock
from webhook_listener.config import Config
from webhook_listener.database import Database
from webhook_listener.metrics import Metrics
from webhook_listener.visma_side import VismaSide
from webhook_listener.worker import Worker

STOP_SECONDS = 12.0
# With a command to stop.
COMMAND_STOP_SECONDS = sync_trigger.STOP_SECONDS + 1.0


class Listener:
    """`app` handles the requests. `every` is the interval of the checks at Asana, in seconds; `quiet` is the pause after
    Visma's last event before a sync starts, in seconds."""

    def __init__(self, config: Config, *, clock: Clock = clocks.system, every: float, quiet: float) -> None:
        self.database = Database(config.database_path)
        self._stop_seconds = COMMAND_STOP_SECONDS if config.command else STOP_SECONDS
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
        """Starts the workers. The socket must already listen, because Asana's handshake comes while a webhook is created."""
        for worker in self._workers:
            worker.start()

    def stop(self) -> None:
        """Stops each worker after its present step. Unfinished work stays in the queues for the next start."""
        self._stopping.set()
        for worker in self._workers:
            worker.stop()
        end = time.monotonic() + self._stop_seconds
        for worker in self._workers:
            worker.join(max(0.0, end - time.monotonic()))
        # A worker that still waits for an answer ends with the process, and the next start repeats its step.
        if not any(worker.alive for worker in self._workers):
            self._close()

    def _close(self) -> None:
        if self._asana:
            self._asana.service.close()
        if self._visma.service:
            self._visma.service.close()
        self.database.close()

    def ready(self) -> bool:
        """Whether deliveries can be stored and the workers run. Webhooks are not required, because creating one requires a
        ready listener."""
        # Only a real write shows that the disk has room.
        self.database.remember("asked_ready_at", clocks.iso(clocks.system()))
        return not self._stopping.is_set() and all(worker.alive for worker in self._workers)
