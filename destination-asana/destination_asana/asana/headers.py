"""The headers of an answer: the time by Asana's clock, and changes that Asana announces."""

from __future__ import annotations

import datetime
import logging
import time
from collections.abc import Mapping

from destination_asana.asana.stamps import http_date

logger = logging.getLogger("airbyte")

# The clock is read again after this many seconds.
CLOCK_SERVES_SECONDS = 10.0


class ServerHeaders:
    """Reads the headers of all answers of one client."""

    def __init__(self) -> None:
        self._offset = datetime.timedelta()
        self._read_clock_at = 0.0
        self.announced: set[str] = set()

    def read(self, headers: Mapping[str, str]) -> None:
        """Reads the headers of an answer."""
        if time.monotonic() > self._read_clock_at:
            self._read_clock(headers.get("Date"))
        change = headers.get("Asana-Change")
        if change and "affected=true" in change and change not in self.announced:
            self.announced.add(change)
            logger.warning(f"Asana announces a change that affects this connector: {change}")

    def server_time(self) -> datetime.datetime:
        """Now (UTC) by Asana's clock, according to its last answer."""
        return datetime.datetime.now(datetime.UTC) + self._offset

    def earliest_time(self) -> datetime.datetime:
        """Now (UTC) by the slower of this machine's and Asana's clock: the time from which to look for a create whose
        answer was lost. The `Date` of an answer may come from a proxy with its own clock. Looking too far back only costs
        a page."""
        return min(self.server_time(), datetime.datetime.now(datetime.UTC))

    def _read_clock(self, date: str | None) -> None:
        if not date:
            return
        self._read_clock_at = time.monotonic() + CLOCK_SERVES_SECONDS
        moment = http_date(date)
        if moment is not None:
            self._offset = moment - datetime.datetime.now(datetime.UTC)
