"""The state: the largest stamp Visma returned, as it came."""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import InitVar, dataclass
from datetime import timedelta
from typing import Any

from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.declarative.migrations.state_migration import StateMigration
from airbyte_cdk.sources.streams.concurrent.cursor import ConcurrentCursor
from airbyte_cdk.sources.streams.concurrent.partitions.partition import Partition
from airbyte_cdk.sources.types import Config, Record, StreamSlice

from source_visma.components.coverage import Coverage
from source_visma.components.errors import LOGGER, give_up
from source_visma.components.service_clock import ServiceClock
from source_visma.components.slices import slice_of
from source_visma.components.stamps import Stamp


@dataclass
class StampState(StateMigration):
    """Keeps the state from the stock cursor, which can't read every stamp, and puts it where StampCursor finds it."""

    config: Config
    parameters: InitVar[Mapping[str, Any] | None] = None

    def should_migrate(self, stream_state: Mapping[str, Any]) -> bool:
        """Whether the state says anything."""
        return bool(stream_state) and "saved" not in stream_state

    def migrate(self, stream_state: Mapping[str, Any]) -> Mapping[str, Any]:
        """The state of any release, wrapped."""
        return {"saved": dict(stream_state)}


class StampCursor(ConcurrentCursor):
    """The largest stamp Visma returned, as it returned it, and where to begin from it.

    The stock cursor re-formats stamps, ends its slices at this machine's time and passes over stamps it can't read.
    Low-code manifests have no hook for another one, so a retriever turns the stock one into this.
    """

    first: str | None  # the earliest stamp to ask for
    clock: ServiceClock  # how late it is where the stamps come from
    coverage: Coverage  # what the state will cover
    saved: dict[str, Any]  # the state as it came in; kept until another one is earned, when it can't be gone on from
    reached: str  # what the state says
    seen: str  # the largest stamp so far
    seen_utc: str  # the same as a moment, when it came with a zone
    ahead: dict[tuple[Any, ...], str]  # records whose stamps are beyond the clock
    held: bool  # the state must stay where it is
    progress: dict[str, Any]  # of an initial load in parts

    @classmethod
    def adopt(cls, cursor: ConcurrentCursor, config: Config, api_url: str, clock: ServiceClock) -> "StampCursor":
        """Makes a stock cursor one of these. Raises a config_error for a start date that is none."""
        start_date = config.get("start_date")
        cursor.__class__ = cls
        assert isinstance(cursor, cls)
        manager, field = cursor._connector_state_manager, cursor.cursor_field.cursor_field_key
        saved = manager.get_stream_state(cursor._stream_name, cursor._stream_namespace).get("saved") or {}
        cursor.saved, cursor.clock, cursor.ahead = dict(saved), clock, {}
        cursor.reached, cursor.seen, cursor.seen_utc = saved.get(field) or "", "", ""
        try:
            cursor.first = Stamp.plain(start_date) if start_date else None
        except ValueError:
            give_up(
                FailureType.config_error,
                f"The start date {start_date!r} is no date. Use YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS.",
            )
        cursor.coverage = Coverage(str(config["company_id"]), api_url.rstrip("/"), cursor.first)
        cursor.progress = saved.get("initial_load") or {}
        cursor.held = False
        return cursor

    @property
    def state(self) -> dict[str, Any]:
        """What is saved: a copy, since it is written out later, by another thread than the one that reads on."""
        if self.progress:
            return {"initial_load": deepcopy(self.progress), **self.coverage.names()}
        if self.reached:
            return {self.cursor_field.cursor_field_key: self.reached, **self.coverage.names()}
        return deepcopy(self.saved)

    @property
    def lookback(self) -> timedelta:
        """How far an incremental read reaches back."""
        return self._lookback_window if isinstance(self._lookback_window, timedelta) else timedelta(0)

    @property
    def reach(self) -> timedelta:
        """How long ago a row may have changed and still be read by the next sync, if clocks went back an hour meanwhile."""
        step = timedelta(hours=1)
        return self.lookback - step if self.lookback > step else self.lookback

    def stream_slices(self) -> Iterator[StreamSlice]:
        """One slice: everything since the state less the lookback, and not before the start date.

        Raises a config_error, which fails this stream only, for a saved stamp nobody can read.
        """
        try:
            self.reached = self.seen = Stamp.plain(self.reached) if self.reached else ""
        except ValueError:
            give_up(
                FailureType.config_error,
                f"{self._stream_name}: the saved state {self.cursor_field.cursor_field_key} = {self.reached!r} is not a "
                "date and time. Clear the stream's state to read it anew.",
            )
        if not (self.reached or self.progress):
            self.saved = {}
        elif reason := self.coverage.within(self.saved):
            self.begin_again(reason)
        since = Stamp.before(self.reached, self.lookback) if self.reached else None
        if self.reached or self.progress:
            self.coverage = self.coverage.after(self.saved, since)
        yield slice_of(start_time=max(filter(None, (since, self.first)), default=None))

    def begin_again(self, reason: str) -> None:
        """Leaves the saved state aside, and says why."""
        LOGGER.warning(f"{self._stream_name}: {reason}. The stream is read from its beginning.")
        self.reached = self.seen = self.seen_utc = ""
        self.progress = {}

    def leads_astray(self) -> bool:
        """Whether the saved state lies beyond Visma's clock; then it is left aside, since nothing can be read from there.
        Only release 0.1.0 saved such states."""
        if not self.reached or self.reached <= self.clock.latest():
            return False
        self.begin_again(
            f"the saved state {self.reached} lies beyond Visma.net's own clock ({self.clock.latest()} at most)"
        )
        return True

    def note(
        self, records: list[dict[str, Any]], key: Callable[[dict[str, Any]], tuple[Any, ...]] | None = None
    ) -> None:
        """Remembers the largest stamp of these records that is not beyond Visma's clock; an empty one is none. Raises
        system_error for one that can't be read."""
        field = self.cursor_field.cursor_field_key
        latest = self.clock.latest()
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
                        f"{self._stream_name}: Visma.net sent {field} = {text!r}, which is not a date and time. The "
                        "stream stops, since changes could be missed otherwise. Please report this.",
                    )
            if (utc or text) > latest:
                self.ahead[key(record) if key else ()] = text
            elif utc > self.seen_utc if utc and self.seen_utc else text > self.seen:
                self.seen, self.seen_utc = text, utc

    def observe(self, record: Record) -> None:
        """Nothing: whole pages are noted."""

    def close_partition(self, partition: Partition) -> None:
        """Saves what was seen, when the slice was read whole."""
        if self.ahead:
            shown = ", ".join(f"{' '.join(map(str, key))} ({stamp})" for key, stamp in list(self.ahead.items())[:5])
            LOGGER.warning(
                f"{self._stream_name}: {len(self.ahead)} records have a {self.cursor_field.cursor_field_key} beyond "
                f"Visma.net's own clock: {shown}{', …' if len(self.ahead) > 5 else ''}. They are passed on, but the state does "
                "not follow them, since no change could be later. Look at them in Visma.net; saving them anew may mend it."
            )
        self.settle()

    def settle(self) -> None:
        """Saves what was seen so far."""
        if not self.held:
            self.reached, self.saved = self.seen, {}
        self.save()

    def save(self) -> None:
        """Emits the state. Rows that were read before it are out before it."""
        self._emit_state_message()
