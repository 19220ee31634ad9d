"""A log line now and then, so that a sync that waits for Asana does not look dead."""

from __future__ import annotations

import logging
import time

from destination_asana.asana import Client
from destination_asana.protocol import Watermark
from destination_asana.sync.outlook import Outlook

logger = logging.getLogger("airbyte")

SECONDS_BETWEEN = 60.0


class Progress:
    """Logs the progress of the sync, at most once a minute."""

    def __init__(self, client: Client, watermark: Watermark, outlook: Outlook) -> None:
        self._outlook = outlook
        self._client = client
        self._watermark = watermark
        self._last = time.monotonic()

    def show(self) -> None:
        self._outlook.show()
        if time.monotonic() - self._last < SECONDS_BETWEEN:
            return
        self._last = time.monotonic()
        traffic, per_minute = self._client.traffic, self._client.gate.per_minute
        pace = "" if per_minute is None else f", and Asana lets about {per_minute:.0f} calls a minute through"
        logger.info(
            f"Still writing: {self._watermark.unfinished} records wait for Asana; {traffic.writes} writes and "
            f"{traffic.reads} reads so far{pace}."
        )
