"""The process: the server in front, the workers behind it, and how both end without losing anything."""

from __future__ import annotations

import asyncio
import fcntl
import logging
import signal
import socket
import threading
import time
from typing import IO, Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from webhook_listener import clock as clocks
from webhook_listener.app import make_app
from webhook_listener.asana import Asana
from webhook_listener.clock import Clock
from webhook_listener.config import Config, ConfigError
from webhook_listener.database import Database
from webhook_listener.intake import AsanaIntake, VismaIntake
from webhook_listener.metrics import Metrics
from webhook_listener.processing import Processor
from webhook_listener.sync_trigger import QUIET_SECONDS, AirbyteJob, Command, SyncTrigger
from webhook_listener.visma import Visma
from webhook_listener.watch import Watch
from webhook_listener.worker import Worker
from webhook_listener.write_back import WriteBack

logger = logging.getLogger(__name__)
WATCH_SECONDS = 30.0
HEAD_SECONDS = 10.0
STOP_SECONDS = 12.0
CONNECTIONS = 128


class Listener:
    """Everything that runs, wired together. `every` and `quiet` are seconds between looks at Asana and before a sync."""

    def __init__(
        self, config: Config, clock: Clock = clocks.system, every: float = WATCH_SECONDS, quiet: float = QUIET_SECONDS
    ) -> None:
        self.database = Database(config.database_path)
        self.metrics = Metrics(self.database, clock)
        self._stopping = threading.Event()
        self._workers: list[Worker] = []
        self._services: list[Any] = []
        events_news, notes_news, hints_news = threading.Event(), threading.Event(), threading.Event()
        asana_intake = visma_intake = None
        if config.asana:
            asana = Asana(config.asana)
            self._services.append(asana)
            asana_intake = AsanaIntake(self.database, clock, events_news)
            processor = Processor(
                database=self.database,
                asana=asana,
                clock=clock,
                write_back=config.write_back,
                metrics=self.metrics,
                notes_news=notes_news,
            )
            watch = Watch(
                config=config,
                database=self.database,
                asana=asana,
                intake=asana_intake,
                clock=clock,
                metrics=self.metrics,
                every=every,
            )
            self._workers.append(Worker("asana events", processor.step, events_news))
            self._workers.append(Worker("asana webhooks", watch.step, threading.Event()))
        if config.write_back and config.visma:
            visma = Visma(config.visma, may_write=True)
            self._services.append(visma)
            write_back = WriteBack(
                database=self.database,
                visma=visma,
                company_id=str(config.visma.company_id),
                clock=clock,
                metrics=self.metrics,
                stopping=self._stopping,
            )
            self._workers.append(Worker("visma notes", write_back.step, notes_news))
        if config.visma and config.visma.webhook_secrets:
            visma_intake = VismaIntake(self.database, clock, config.visma, hints_news, wanted=config.takes_hints)
        if config.takes_hints:
            starter = AirbyteJob(config.airbyte) if config.airbyte else Command(config.command or (), self._stopping)
            trigger = SyncTrigger(self.database, starter, clock, self.metrics, quiet)
            self._workers.append(Worker("syncs", trigger.step, hints_news))
        self.app = make_app(asana_intake, visma_intake, self.metrics, self.ready)

    def start(self) -> None:
        """Starts the workers; Asana's handshake needs a server that answers, so only once it listens."""
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
            for service in self._services:
                service.close()
            self.database.close()

    def ready(self) -> bool:
        """Whether deliveries can be stored and the workers run. Not whether webhooks exist: setting one up needs us ready."""
        # Only what was really written shows that there is room.
        self.database.remember("asked_ready_at", clocks.iso(clocks.system()))
        return not self._stopping.is_set() and all(worker.alive for worker in self._workers)


def serve(config: Config, every: float = WATCH_SECONDS, quiet: float = QUIET_SECONDS) -> None:
    """Serves until SIGTERM or SIGINT. Raises ConfigError when the address cannot be taken."""
    lock = _only_one(config)
    listener = Listener(config, every=every, quiet=quiet)
    try:
        listening = _socket(config)
    except OSError as error:
        raise ConfigError(f"listen: {config.host}:{config.port} cannot be used ({error.strerror}).") from None
    settings = uvicorn.Config(
        listener.app,
        http=_ImpatientProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=int(STOP_SECONDS),
        h11_max_incomplete_event_size=16 * 1024,
    )
    # uvicorn raises the signal that ended it once more; by then all is in order, and the exit status says so.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    _Server(settings, listener).run(sockets=[listening])
    lock.close()


def _only_one(config: Config) -> IO[bytes]:
    """Holds the database for this process; the kernel lets go of it however the process ends."""
    path = config.database_path.with_name(config.database_path.name + ".lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.open("wb")
    except OSError as error:
        raise ConfigError(f"database_path: {path} cannot be written ({error.strerror}).") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise ConfigError(f"database_path: another listener is running with {config.database_path}.") from None
    return lock


def _socket(config: Config) -> socket.socket:
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((config.host, config.port))
    return listening


class _Server(uvicorn.Server):
    def __init__(self, settings: uvicorn.Config, listener: Listener) -> None:
        super().__init__(settings)
        self._listener = listener

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._listener.start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        await asyncio.to_thread(self._listener.stop)
        logger.info("Stopped; what was accepted and not worked off waits for the next start.")


class _ImpatientProtocol(H11Protocol):
    """uvicorn's HTTP protocol, which by itself would wait for ever for the rest of a request's head."""

    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_waiting()
        elif self._patience is None:
            self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait_for_head(self) -> None:
        self._patience = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
