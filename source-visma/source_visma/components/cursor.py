"""The state: the largest stamp Visma returned, as it came."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import InitVar, dataclass
from datetime import timedelta
from typing import Any

from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.declarative.migrations.state_migration import StateMigration
from airbyte_cdk.sources.streams.concurrent.cursor import ConcurrentCursor
from airbyte_cdk.sources.streams.concurrent.partitions.partition import Partition
from airbyte_cdk.sources.types import Config, Record, StreamSlice

from source_visma.components.errors import give_up
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
    reached: str  # what the state says
    seen: str  # the largest stamp so far
    held: bool  # the state must stay where it is
    progress: dict[str, Any]  # of an initial load in parts

    @classmethod
    def adopt(cls, cursor: ConcurrentCursor, start_date: str | None) -> "StampCursor":
        """Makes a stock cursor one of these. Raises a config_error for a start date that is none."""
        cursor.__class__ = cls
        assert isinstance(cursor, cls)
        manager, field = cursor._connector_state_manager, cursor.cursor_field.cursor_field_key
        saved = manager.get_stream_state(cursor._stream_name, cursor._stream_namespace).get("saved") or {}
        cursor.reached, cursor.seen = saved.get(field) or "", ""
        try:
            cursor.first = Stamp.plain(start_date) if start_date else None
        except ValueError:
            give_up(
                FailureType.config_error,
                f"The start date {start_date!r} is no date. Use YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS.",
            )
        cursor.progress = saved.get("initial_load") or {}
        cursor.held = False
        return cursor

    @property
    def state(self) -> dict[str, Any]:
        """What is saved: a copy, since it is written out later, by another thread than the one that reads on."""
        if self.progress:
            return {"initial_load": deepcopy(self.progress)}
        return {self.cursor_field.cursor_field_key: self.reached} if self.reached else {}

    @property
    def lookback(self) -> timedelta:
        """How far an incremental read reaches back."""
        return self._lookback_window if isinstance(self._lookback_window, timedelta) else timedelta(0)

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
        since = Stamp.before(self.reached, self.lookback) if self.reached else None
        yield slice_of(start_time=max(filter(None, (since, self.first)), default=None))

    def note(self, records: list[dict[str, Any]]) -> None:
        """Remembers the largest stamp of these records; an empty one is none. Raises system_error for one that can't be read."""
        field = self.cursor_field.cursor_field_key
        for record in records:
            text = record.get(field)
            if text is None or text == "":
                record[field] = None  # an empty stamp is none
                continue
            if type(text) is not str or not Stamp.USUAL.fullmatch(text):
                try:
                    text = Stamp.plain(text)
                except ValueError:
                    give_up(
                        FailureType.system_error,
                        f"{self._stream_name}: Visma.net sent {field} = {text!r}, which is not a date and time. The "
                        "stream stops, since changes could be missed otherwise. Please report this.",
                    )
            self.seen = max(self.seen, text)

    def observe(self, record: Record) -> None:
        """Nothing: whole pages are noted."""

    def close_partition(self, partition: Partition) -> None:
        """Saves what was seen, when the slice was read whole."""
        self.settle()

    def settle(self) -> None:
        """Saves what was seen so far."""
        if not self.held:
            self.reached = self.seen
        self.save()

    def save(self) -> None:
        """Emits the state. Rows that were read before it are out before it."""
        self._emit_state_message()
