"""The service's clock, by the dates of its answers."""

from datetime import UTC, datetime, timedelta

import requests

from source_visma.components.waits import moment_of


class ServiceClock:
    """The latest ``Date`` of an answer. Stamps are local time of a company, at most some hours ahead of it."""

    AHEAD = timedelta(hours=26)  # a day, and the two hours that summer in Norway is ahead of UTC

    def __init__(self) -> None:
        self._header = ""
        self._now: datetime | None = None
        self.limit = ""  # the latest stamp that is believed, as text

    def learn(self, response: requests.Response) -> None:
        """Takes over an answer's date."""
        header = response.headers.get("Date") or ""
        if header == self._header:
            return
        self._header = header
        moment = moment_of(header)
        if moment is not None and (self._now is None or moment > self._now):
            self._now = moment
            self.limit = self._limit(moment)

    def now(self) -> datetime:
        """The present time in UTC; by this machine's clock until an answer has a date."""
        return self._now or datetime.now(UTC)

    def latest(self) -> str:
        """The latest stamp that is believed; by this machine's clock until an answer has a date."""
        return self.limit or self._limit(datetime.now(UTC))

    def _limit(self, moment: datetime) -> str:
        return (moment.replace(tzinfo=None) + self.AHEAD).isoformat(timespec="seconds")
