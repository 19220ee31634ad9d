"""Starts a sync for Visma's hints. It waits for a pause in the hints and stores which of them the sync serves."""

from __future__ import annotations

import logging
import math
import subprocess
import threading
import time
from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from webhook_listener.clock import Clock
from webhook_listener.config import Airbyte as AirbyteSettings
from webhook_listener.database import DAY, Database
from webhook_listener.http import Authentication, CallError, NoAuthentication, OAuthToken, Service
from webhook_listener.metrics import Metrics
from webhook_listener.redaction import redacted
from webhook_listener.worker import pause

logger = logging.getLogger(__name__)
IDLE_SECONDS = 30.0
LONGEST_WAIT_SECONDS = 60.0
BUSY_PAUSE_SECONDS = 60.0
# standalone/sync.py gives its connectors 20 s and then removes its private files. Supervisors give the listener 30 s or more.
STOP_SECONDS = 23.0
# The first sync of a large company takes hours, so a long-running command is not stopped. The log mentions it, so that
# somebody notices if it hangs.
LONG_RUN_SECONDS = 2 * 3600.0


class Started(StrEnum):
    """The result of an attempt. BUSY means that a sync is running, which may already have read past the change."""

    STARTED = "started"
    BUSY = "already_running"
    FAILED = "failed"


class Starter(Protocol):
    def start(self) -> Started:
        """Starts a sync. Raises CallError."""


class AirbyteJob:
    """Starts a sync job for one connection through Airbyte's public API (`POST /jobs`)."""

    def __init__(self, settings: AirbyteSettings) -> None:
        self._connection_id = settings.connection_id
        authentication: Authentication = NoAuthentication()
        if settings.client_id and settings.client_secret:
            form = {
                "client_id": settings.client_id,
                "client_secret": settings.client_secret,
                "grant-type": "client_credentials",
            }
            authentication = OAuthToken("Airbyte", f"{settings.api_url}/applications/token", form, as_json=True)
        self.service = Service("Airbyte", settings.api_url, authentication)

    def start(self) -> Started:
        body = {"connectionId": self._connection_id, "jobType": "sync"}
        answer = self.service.call("POST", "/jobs", body=body, accept=(409,))
        return Started.BUSY if answer.status_code == 409 else Started.STARTED


class Command:
    """Runs a program and waits for it to end. If the listener stops first, it asks the program to end.

    A program that runs for longer than `patience` seconds is mentioned in the log once.
    """

    def __init__(self, words: Sequence[str], stopping: threading.Event, patience: float = LONG_RUN_SECONDS) -> None:
        self._words = list(words)
        self._stopping = stopping
        self._patience = patience

    def start(self) -> Started:
        try:
            process = subprocess.Popen(self._words, stdin=subprocess.DEVNULL)  # noqa: S603
        except OSError as error:
            logger.error(f"The command {self._words[0]} cannot be started: {error.strerror}.")
            return Started.FAILED
        long = time.monotonic() + self._patience
        while not self._stopping.is_set():
            try:
                status = process.wait(0.2)
            except subprocess.TimeoutExpired:
                if time.monotonic() > long:
                    long = math.inf
                    logger.warning(
                        f"The command {self._words[0]} (process {process.pid}) is still running after {self._patience:.0f} s. "
                        "Visma's events wait until it ends; if it hangs, stop it, and they start another."
                    )
                continue
            if status == 0:
                return Started.STARTED
            # EX_TEMPFAIL of sysexits: the exit status of standalone/sync.py while another run uses its folder.
            if status == 75:
                return Started.BUSY
            logger.error(f"The command {self._words[0]} ended with status {status}.")
            return Started.FAILED
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
        return Started.FAILED


class SyncTrigger:
    """Serves the waiting hints. A hint that comes while a sync is running leads to another sync afterwards."""

    def __init__(self, database: Database, starter: Starter, clock: Clock, metrics: Metrics, quiet: float) -> None:
        self._database = database
        self._starter = starter
        self._clock = clock
        self._metrics = metrics
        self._quiet = quiet
        self._not_before = 0.0
        self._failures = 0

    def step(self) -> float:
        """Starts a sync if one is due. Returns the seconds until the next one may be."""
        now = self._clock()
        row = self._database.one(
            "SELECT min(received_at) AS first, max(received_at) AS last, max(id) AS newest FROM hints WHERE served_at IS NULL"
        )
        if row is None or row["newest"] is None:
            return IDLE_SECONDS
        first, last = float(row["first"]), float(row["last"])
        due = min(last + self._quiet, first + max(LONGEST_WAIT_SECONDS, self._quiet))
        due = max(due, self._not_before)
        if due > now:
            return min(IDLE_SECONDS, max(0.02, due - now))
        outcome = self._try()
        self._metrics.syncs.labels(outcome).inc()
        if outcome is Started.STARTED:
            self._failures, self._not_before = 0, 0.0
            served = self._serve(row["newest"], now)
            logger.info(f"A sync was started for {served} Visma event(s).")
        elif now - first > DAY:
            self._serve(row["newest"], now)
            logger.error("No sync could be started for a day; the waiting Visma events are left to the regular syncs.")
        elif outcome is Started.BUSY:
            self._not_before = self._clock() + BUSY_PAUSE_SECONDS
            logger.info(f"A sync is running already; asking again in {BUSY_PAUSE_SECONDS:.0f} s.")
        else:
            self._not_before = self._clock() + pause(self._failures + 2)
            self._failures += 1
        return 0

    def _serve(self, newest: int, now: float) -> int:
        """Marks the hints up to this one as served and returns their number."""
        return self._database.run("UPDATE hints SET served_at = ? WHERE id <= ? AND served_at IS NULL", now, newest)

    def _try(self) -> Started:
        try:
            return self._starter.start()
        except CallError as error:
            logger.error(redacted(f"No sync could be started: {error}. It is tried again; the regular syncs go on."))
            return Started.FAILED
