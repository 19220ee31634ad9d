"""The parts that deal with Visma: they write notes and start syncs. Each is None if it is not configured."""

from __future__ import annotations

import threading

from webhook_listener.clock import Clock
from webhook_listener.config import Config
from webhook_listener.database import Database
from webhook_listener.intake import VismaIntake
from webhook_listener.metrics import Metrics
from webhook_listener.sync_trigger import AirbyteJob, Command, SyncTrigger
from webhook_listener.visma import Visma
from webhook_listener.write_back import WriteBack


class VismaSide:
    """`quiet` is the pause after Visma's last event before a sync starts, in seconds; `stopping` ends all waits."""

    def __init__(
        self,
        *,
        config: Config,
        database: Database,
        clock: Clock,
        metrics: Metrics,
        stopping: threading.Event,
        quiet: float,
    ) -> None:
        self.hints_news = threading.Event()
        self.service: Visma | None = None
        self.write_back: WriteBack | None = None
        self.intake: VismaIntake | None = None
        self.trigger: SyncTrigger | None = None
        if config.write_back and config.visma:
            self.service = Visma(config.visma, may_write=True)
            self.write_back = WriteBack(
                database=database,
                visma=self.service,
                company_id=str(config.visma.company_id),
                clock=clock,
                metrics=metrics,
                stopping=stopping,
            )
        if config.visma and config.visma.webhook_secrets:
            self.intake = VismaIntake(database, clock, config.visma, self.hints_news, wanted=config.takes_hints)
        if config.takes_hints:
            starter = AirbyteJob(config.airbyte) if config.airbyte else Command(config.command or (), stopping)
            self.trigger = SyncTrigger(database, starter, clock, metrics, quiet)
