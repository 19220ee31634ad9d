"""The state: the largest stamp Visma returned, as it came."""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import InitVar, dataclass
from datetime import timedelta
from typing import Any

from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.declarative.migrations.state_migration import StateMigration
from airbyte_cdk.sources.streams.concurrent.cursor import Cursor
from airbyte_cdk.sources.streams.concurrent.partitions.partition import Partition
from airbyte_cdk.sources.types import Config, Record, StreamSlice

from source_visma.components.cdk import StockCursor
from source_visma.components.coverage import Coverage
from source_visma.components.errors import LOGGER, give_up
from source_visma.components.service_clock import ServiceClock
from source_visma.components.slices import slice_of
from source_visma.components.stamps import Stamp


@dataclass
class StampState(StateMigration):
    """Hides the state from the stock cursor, which cannot read every stamp, and puts it where StampCursor finds it."""

    config: Config
    parameters: InitVar[Mapping[str, Any] | None] = None

    def should_migrate(self, stream_state: Mapping[str, Any]) -> bool:
        """Whether the state says anything."""
        return bool(stream_state) and "saved" not in stream_state

    def migrate(self, stream_state: Mapping[str, Any]) -> Mapping[str, Any]:
        """The state of any release, wrapped."""
        return {"saved": dict(stream_state)}


class StampCursor(Cursor):
    """The largest stamp that Visma returned, unchanged, and where the next read begins.

    The stock cursor re-formats stamps, ends its slices at this machine's time and skips stamps that it cannot read. This
    one does its work instead.
    """

    def __init__(self, stock: StockCursor, config: Config, api_url: str, clock: ServiceClock) -> None:
        """Raises a config_error for a start date that is not a date."""
        self._stock = stock
        self.stream, self.field, self.lookback = stock.stream, stock.field, stock.lookback
        self.clock = clock  # the time where the stamps come from
        self.first = start_of(config)  # the earliest stamp to ask for
        # What the state will cover.
        self.coverage = Coverage(str(config["company_id"]), api_url.rstrip("/"), self.first)
        # The state as it came in. It is kept until another one is earned, even if the read cannot go on from it.
        self.saved: dict[str, Any] = dict(stock.saved_state().get("saved") or {})
        self.reached: str = self.saved.get(self.field) or ""  # what the state says
        self.seen = ""  # the largest stamp so far
        self.seen_utc = ""  # the same as a moment, when it came with a zone
        self.ahead: dict[tuple[Any, ...], str] = {}  # records whose stamps are beyond the clock
        self.progress: dict[str, Any] = self.saved.get("initial_load") or {}  # of an initial load in parts
        self.held = False  # whether the state must stay where it is
        stock.delegate_to(self)

    @property
    def state(self) -> dict[str, Any]:
        """What is saved. It is a copy, because another thread writes it out while this one reads on."""
        if self.progress:
            return {"initial_load": deepcopy(self.progress), **self.coverage.names()}
        if self.reached:
            return {self.field: self.reached, **self.coverage.names()}
        return deepcopy(self.saved)

    @property
    def reach(self) -> timedelta:
        """How far the next sync looks back, even if the clocks go back an hour in between."""
        step = timedelta(hours=1)
        return self.lookback - step if self.lookback > step else self.lookback

    def stream_slices(self) -> Iterator[StreamSlice]:
        """One slice: everything since the state less the lookback, and not before the start date.

        Raises config_error, which fails this stream only, for a saved stamp that cannot be read.
        """
        try:
            self.reached = self.seen = Stamp.plain(self.reached) if self.reached else ""
        except ValueError:
            give_up(
                FailureType.config_error,
                f"{self.stream}: the saved state {self.field} = {self.reached!r} is not a "
                "date and time. Clear the stream's state to read it anew.",
            )
        if self.reached.startswith(Stamp.NEVER):  # the databases behind the API do not take such a filter
            self.reached = self.seen = ""
        if not (self.reached or self.progress):
            self.saved = {}
        elif reason := self.coverage.within(self.saved):
            self.begin_again(reason)
        since = Stamp.before(self.reached, self.lookback) if self.reached else None
        if self.reached or self.progress:
            self.coverage = self.coverage.after(self.saved, since)
        yield slice_of(start_time=max(filter(None, (since, self.first)), default=None))

    def begin_again(self, reason: str) -> None:
        """Ignores the saved state, and logs why."""
        LOGGER.warning(f"{self.stream}: {reason}. The stream is read from its beginning.")
        self.reached = self.seen = self.seen_utc = ""
        self.progress = {}

    def leads_astray(self) -> bool:
        """Whether the saved state lies ahead of Visma's clock. Nothing can be read from there, so it is ignored. Only release
        0.1.0 saved such states."""
        if not self.reached or self.reached <= self.clock.latest():
            return False
        self.begin_again(
            f"the saved state {self.reached} lies beyond Visma.net's own clock ({self.clock.latest()} at most)"
        )
        return True

    def note(
        self, records: list[dict[str, Any]], key: Callable[[dict[str, Any]], tuple[Any, ...]] | None = None
    ) -> None:
        """Remembers the largest stamp of these records that is not ahead of Visma's clock. An empty stamp counts as absent, and
        one that was never set says nothing. Raises system_error for one that cannot be read."""
        field = self.field
        latest = self.clock.latest()
        largest = Stamp.largest([record.get(field) for record in records])
        if largest and largest <= latest:
            if self._is_later(largest):
                self.seen, self.seen_utc = largest, ""
            return
        for record in records:
            text = record.get(field)
            if text is None or text == "":
                record[field] = None  # an empty stamp is none
                continue
            utc = ""
            if type(text) is not str or not Stamp.USUAL.fullmatch(text):
                try:
                    utc, text = Stamp.utc(text), Stamp.plain(text)
                except ValueError:
                    give_up(
                        FailureType.system_error,
                        f"{self.stream}: Visma.net sent {field} = {text!r}, which is not a date and time. The "
                        "stream stops, since changes could be missed otherwise. Please report this.",
                    )
            if (utc or text) > latest:
                self.ahead[key(record) if key else ()] = text
            elif self._is_later(text, utc):
                self.seen, self.seen_utc = text, utc

    def _is_later(self, text: str, utc: str = "") -> bool:
        """Whether a stamp is later than the largest so far: as a moment, when both name their zone. One that was never set is
        not."""
        if text.startswith(Stamp.NEVER):
            return False
        if utc and self.seen_utc:
            return utc > self.seen_utc
        return text > self.seen

    def observe(self, record: Record) -> None:
        """Does nothing: ``note`` looks at whole pages."""

    def close_partition(self, partition: Partition) -> None:
        """Saves the largest stamp, now that the slice was read whole."""
        if self.ahead:
            keys = ", ".join(f"{' '.join(map(str, key))} ({stamp})" for key, stamp in list(self.ahead.items())[:5])
            LOGGER.warning(
                f"{self.stream}: {len(self.ahead)} records have a {self.field} beyond "
                f"Visma.net's own clock: {keys}{', …' if len(self.ahead) > 5 else ''}. They are passed on, but the state does "
                "not follow them, since no change could be later. Look at them in Visma.net; saving them anew may mend it."
            )
        self.settle()

    def settle(self) -> None:
        """Saves the largest stamp so far."""
        if not self.held:
            self.reached, self.saved = self.seen, {}
        self.save()

    def save(self) -> None:
        """Emits the state, behind the rows that were read before it."""
        self._stock.emit(self.state)

    def ensure_at_least_one_state_emitted(self) -> None:
        """Emits the state, once more at the end of each read."""
        self.save()

    def should_be_synced(self, record: Record) -> bool:
        """True for every record: Visma.net filters."""
        return True


def start_of(config: Config) -> str | None:
    """The settings' start date as a stamp. Raises a config_error when it is not a date."""
    start_date = config.get("start_date")
    try:
        return Stamp.plain(start_date) if start_date else None
    except ValueError:
        give_up(
            FailureType.config_error,
            f"The start date {start_date!r} is no date. Use YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS.",
        )
