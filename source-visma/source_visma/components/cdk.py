"""Everything this source uses of the CDK that is not its public interface.

Other modules keep to public names. unit_tests/test_cdk.py has a test for each use here; it fails when a release of the CDK
works in another way.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from airbyte_cdk.entrypoint import AirbyteEntrypoint
from airbyte_cdk.models import Type
from airbyte_cdk.sources.concurrent_source.concurrent_read_processor import ConcurrentReadProcessor
from airbyte_cdk.sources.declarative.concurrent_declarative_source import ConcurrentDeclarativeSource
from airbyte_cdk.sources.streams.concurrent.cursor import ConcurrentCursor, Cursor
from airbyte_cdk.utils.memory_monitor import MemoryMonitor

from source_visma.components.lines import Lines

# Every method of a stream's cursor that the CDK calls while it reads.
CALLED_IN_A_READ = ("stream_slices", "observe", "close_partition", "ensure_at_least_one_state_emitted")


class StockCursor:
    """The cursor that the CDK made for a stream. A manifest cannot name another one for the engine that reads streams."""

    def __init__(self, cursor: ConcurrentCursor) -> None:
        self._cursor = cursor
        self._stream = (cursor._stream_name, cursor._stream_namespace)
        self.messages = cursor._message_repository

    @property
    def stream(self) -> str:
        """Name of the stream."""
        return self._stream[0]

    @property
    def field(self) -> str:
        """Name of the field with the stamp."""
        return self._cursor.cursor_field.cursor_field_key

    @property
    def lookback(self) -> timedelta:
        """The manifest's lookback window."""
        window = self._cursor._lookback_window
        return window if isinstance(window, timedelta) else timedelta(0)

    def saved_state(self) -> Mapping[str, Any]:
        """The state that the sync began with."""
        return self._cursor._connector_state_manager.get_stream_state(*self._stream)

    def emit(self, state: Mapping[str, Any]) -> None:
        """Sends a state message, behind all records that were sent before it."""
        manager = self._cursor._connector_state_manager
        manager.update_state_for_stream(*self._stream, state)
        self.messages.emit_message(manager.create_state_message(*self._stream))

    def delegate_to(self, cursor: Cursor) -> None:
        """Hands every call of the CDK to another cursor from now on."""
        for name in CALLED_IN_A_READ:
            setattr(self._cursor, name, getattr(cursor, name))


def limit_queue(source: ConcurrentDeclarativeSource, records: int) -> None:
    """Limits how many records wait in memory for whoever reads the output."""
    source._concurrent_source._queue.maxsize = records


def pass_lines_on(source: ConcurrentDeclarativeSource) -> None:
    """Lets the engine hand out Lines as they are. It counts their records, and says that the stream runs at the first."""
    engine = source._concurrent_source
    usual = engine._handle_item

    def handle(item: Any, processor: ConcurrentReadProcessor) -> Iterable[Any]:
        if not isinstance(item, Lines):
            yield from usual(item, processor)
            return
        for message in processor.on_record(item):
            yield item if message.type is Type.RECORD else message
        processor._record_counter[item.stream_name] += item.count - 1

    engine._handle_item = handle  # type: ignore[method-assign, assignment]


class RecordsMonitor(MemoryMonitor):
    """The CDK's look at the memory, every so many records. It counts messages, and ``records`` is how many the last one had."""

    records = 1

    def check_memory_usage(self) -> None:
        """One call for each record."""
        for _ in range(self.records):
            super().check_memory_usage()

    def watch(self, entrypoint: AirbyteEntrypoint) -> None:
        """Takes the place of the entry point's own monitor."""
        entrypoint._memory_monitor = self
