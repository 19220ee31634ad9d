"""A line on the log now and then, so that a sync that waits for Asana does not look dead."""

from __future__ import annotations

import logging
import time

from destination_asana.asana.client import Client
from destination_asana.protocol.watermark import Watermark

logger = logging.getLogger("airbyte")

SECONDS_BETWEEN = 60.0


class Progress:
    """Logs how far the sync is, at most once a minute."""

    def __init__(self, client: Client, watermark: Watermark) -> None:
        self._client = client
        self._watermark = watermark
        self._last = time.monotonic()

    def show(self) -> None:
        if time.monotonic() - self._last < SECONDS_BETWEEN:
            return
        self._last = time.monotonic()
        traffic = self._client.traffic
        logger.info(
            f"Still writing: {self._watermark.unfinished} records wait for Asana; {traffic.writes} writes and "
            f"{traffic.reads} reads so far."
        )
