"""The parts that deal with Asana: they accept deliveries, log them and keep the webhooks alive."""

from __future__ import annotations

import threading

from webhook_listener.asana import Asana
from webhook_listener.clock import Clock
from webhook_listener.config import Config
from webhook_listener.database import Database
from webhook_listener.intake import AsanaIntake
from webhook_listener.metrics import Metrics
from webhook_listener.processing import Processor
from webhook_listener.watch import Watch


class AsanaSide:
    """`every` is the interval of the checks at Asana, in seconds; `notes_news` is set when a note may be due."""

    def __init__(
        self,
        *,
        config: Config,
        database: Database,
        clock: Clock,
        metrics: Metrics,
        notes_news: threading.Event,
        every: float,
    ) -> None:
        assert config.asana is not None
        self.service = Asana(config.asana)
        self.intake = AsanaIntake(database, clock, threading.Event())
        self.processor = Processor(
            database=database,
            asana=self.service,
            clock=clock,
            write_back=config.write_back,
            metrics=metrics,
            notes_news=notes_news,
        )
        self.watch = Watch(
            config=config,
            database=database,
            asana=self.service,
            intake=self.intake,
            clock=clock,
            metrics=metrics,
            every=every,
        )
