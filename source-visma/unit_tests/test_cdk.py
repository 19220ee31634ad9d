"""What components/cdk.py and the components count on in the CDK. A test that fails here names what a new release changed."""

import inspect
import logging
import re
from collections import defaultdict
from pathlib import Path

import airbyte_cdk
import pytest
import requests
from airbyte_cdk.entrypoint import AirbyteEntrypoint
from airbyte_cdk.models import (
    AirbyteMessage,
    AirbyteStateBlob,
    AirbyteStateMessage,
    AirbyteStateType,
    AirbyteStreamState,
    ConfiguredAirbyteCatalogSerializer,
    StreamDescriptor,
    Type,
)
from airbyte_cdk.sources.concurrent_source.concurrent_read_processor import ConcurrentReadProcessor
from airbyte_cdk.sources.concurrent_source.concurrent_source import ConcurrentSource
from airbyte_cdk.sources.streams.concurrent.cursor import ConcurrentCursor, Cursor
from airbyte_cdk.sources.types import Record
from source_visma import components
from source_visma.components.answers import with_body
from source_visma.components.cdk import CALLED_IN_A_READ, StockCursor
from source_visma.components.cursor import StampCursor
from source_visma.components.lines import Lines
from source_visma.components.lists import PagesRetriever
from source_visma.entrypoint import Entrypoint
from source_visma.source import SourceVisma

CDK = Path(airbyte_cdk.__file__).parent
STAMP = "2026-03-20T06:35:22.153"


class Journal(Cursor):
    """Writes down what it is asked."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    @property
    def state(self) -> dict:
        return {}

    def stream_slices(self):
        self.calls.append("stream_slices")
        yield from ()

    def observe(self, record: Record) -> None:
        self.calls.append("observe")

    def close_partition(self, partition) -> None:
        self.calls.append("close_partition")

    def ensure_at_least_one_state_emitted(self) -> None:
        self.calls.append("ensure_at_least_one_state_emitted")

    def should_be_synced(self, record: Record) -> bool:
        return True


def built(config, name: str = "suppliers", state: dict | None = None):
    """The stream of this name, as the CDK builds it for a read."""
    saved = AirbyteStreamState(
        stream_descriptor=StreamDescriptor(name=name), stream_state=AirbyteStateBlob(state or {})
    )
    chosen = ConfiguredAirbyteCatalogSerializer.load(
        {
            "streams": [
                {
                    "stream": {"name": name, "json_schema": {}, "supported_sync_modes": ["incremental"]},
                    "sync_mode": "incremental",
                    "destination_sync_mode": "append",
                }
            ]
        }
    )
    states = [AirbyteStateMessage(type=AirbyteStateType.STREAM, stream=saved)]
    source = SourceVisma(config=config, catalog=chosen, state=states)
    return next(stream for stream in source.streams({}) if stream.name == name)


def state_of(name: str) -> AirbyteMessage:
    stream = AirbyteStreamState(stream_descriptor=StreamDescriptor(name=name), stream_state=AirbyteStateBlob({}))
    return AirbyteMessage(type=Type.STATE, state=AirbyteStateMessage(type=AirbyteStateType.STREAM, stream=stream))


def test_the_stock_cursor_says_what_it_knows(config) -> None:
    stock = StockCursor(built(config | {"lookback_window_minutes": 7}, state={"lastModifiedDateTime": STAMP}).cursor)
    assert (stock.stream, stock.field, stock.lookback.total_seconds()) == ("suppliers", "lastModifiedDateTime", 420)
    assert stock.saved_state() == {"saved": {"lastModifiedDateTime": STAMP}}


def test_a_state_goes_out_as_a_message_of_the_stream(config) -> None:
    source = SourceVisma(config=config)
    stream = next(stream for stream in source.streams({}) if stream.name == "suppliers")
    StockCursor(stream.cursor).emit({"lastModifiedDateTime": STAMP})
    message = source._concurrent_source._queue.get_nowait()  # behind the records that wait there
    assert message.state.stream.stream_descriptor.name == "suppliers"
    assert vars(message.state.stream.stream_state) == {"lastModifiedDateTime": STAMP}


def test_calls_of_the_cdk_reach_the_cursor_that_they_are_delegated_to(config) -> None:
    stream, journal = built(config), Journal()
    StockCursor(stream.cursor).delegate_to(journal)
    assert list(stream.generate_partitions()) == []
    stream.cursor.observe(Record({}, "suppliers"))
    stream.cursor.close_partition(None)
    stream.cursor.ensure_at_least_one_state_emitted()
    assert journal.calls == list(CALLED_IN_A_READ)


def test_no_other_method_of_a_cursor_is_called_in_a_read() -> None:
    """These are the modules through which the engine reads a stream; none of them asks its cursor for more."""
    reading = [*CDK.glob("sources/concurrent_source/*.py"), *CDK.glob("sources/streams/concurrent/partition*.py")]
    reading += [
        CDK / "sources/streams/concurrent/default_stream.py",
        *CDK.glob("sources/declarative/stream_slicers/*.py"),
    ]
    calls = {name for path in reading for name in re.findall(r"_?(?:cursor|stream_slicer)\.(\w+)\(", path.read_text())}
    assert calls == set(CALLED_IN_A_READ)


def test_what_the_engine_delegates_it_calls_on_the_object() -> None:
    """An attribute of the object hides a method of its class; it would not hide a property."""
    assert all(inspect.isfunction(getattr(ConcurrentCursor, name)) for name in CALLED_IN_A_READ)


@pytest.mark.parametrize(
    ("stream", "kind"),
    [
        ("suppliers", components.PagesRetriever),
        ("supplier_invoices", components.DocumentsRetriever),
        ("journal_transactions", components.JournalRetriever),
        ("dimension_values", components.DimensionsRetriever),
    ],
)
def test_the_factory_gives_a_retriever_its_stream_and_its_cursor(config, stream: str, kind: type) -> None:
    """By the names of arguments that only the factory knows."""
    (partition,) = built(config, stream).generate_partitions()
    retriever = partition._retriever
    assert type(retriever) is kind
    assert isinstance(retriever, PagesRetriever)
    assert (retriever.name, type(retriever.stamps)) == (stream, StampCursor)
    assert retriever.primary_key[0] == "company_id"
    assert retriever.gate is retriever.requester.gate


def test_the_slice_of_our_cursor_is_what_the_manifest_asks_for(config) -> None:
    (partition,) = built(config, state={"lastModifiedDateTime": STAMP}).generate_partitions()
    assert partition.to_slice() == {"start_time": "2026-03-20T05:20:22.153"}
    params = partition._retriever.listing.params(partition.to_slice(), 3)
    assert params == {"lastModifiedDateTime": "2026-03-20T05:20:22.153", "pageNumber": 3, "pageSize": 1000}


def test_the_queue_that_is_limited_is_the_one_that_carries_messages(config) -> None:
    source = SourceVisma(config=config)
    queue = source._concurrent_source._queue
    assert queue.maxsize == 2000
    next(iter(source.streams({}))).cursor.ensure_at_least_one_state_emitted()
    assert queue.qsize() == 1


def test_readers_of_partitions_fill_that_queue() -> None:
    taken = inspect.getsource(ConcurrentSource.read)
    assert re.search(r"PartitionReader\(\s*self\._queue\b", taken)


def test_lines_pass_through_the_engine_and_their_records_count(config) -> None:
    source = SourceVisma(config=config, as_lines=True)
    (first,), (second,) = Lines.of([{"n": 1}, {"n": 2}, {"n": 3}], "suppliers"), Lines.of([{"n": 4}], "suppliers")
    streams = [stream for stream in source.streams({}) if stream.name == "suppliers"]
    processor = ConcurrentReadProcessor(
        streams, None, None, logging.getLogger("airbyte"), None, source._message_repository, None
    )
    engine = source._concurrent_source
    came = [*engine._handle_item(first, processor), *engine._handle_item(second, processor)]
    assert came[0].trace.stream_status.status.value == "RUNNING"
    assert came[1:] == [first, second]
    assert processor._record_counter == {"suppliers": 4}


def test_the_engine_hands_each_item_of_the_queue_to_the_method_in_whose_place_ours_is() -> None:
    assert "self._handle_item(" in inspect.getsource(ConcurrentSource._consume_from_queue)
    assert "self._record_counter[stream_name]} records" in inspect.getsource(ConcurrentReadProcessor._on_stream_is_done)


def test_the_entry_point_counts_the_records_of_lines_in_the_state_and_for_the_memory(config) -> None:
    entrypoint = Entrypoint(SourceVisma(config=config))
    (lines,) = Lines.of([{"n": 1}, {"n": 2}, {"n": 3}], "suppliers")
    counts: defaultdict = defaultdict(float)
    assert entrypoint.handle_record_counts(lines, counts) is lines
    entrypoint.source._message_repository.emit_message(state_of("suppliers"))
    state = entrypoint.source._concurrent_source._queue.get_nowait()
    assert entrypoint.handle_record_counts(state, counts).state.sourceStats.recordCount == 3.0
    looks: list[int] = []
    entrypoint.monitor._probe_cgroup = lambda: looks.append(1)
    entrypoint.monitor.records = 3
    entrypoint._memory_monitor.check_memory_usage()
    assert len(looks) == 3
    read = inspect.getsource(AirbyteEntrypoint.read)
    assert "self.handle_record_counts(message" in read
    assert "self._memory_monitor.check_memory_usage()" in read


def test_other_modules_use_no_private_names_of_other_objects() -> None:
    for path in sorted(Path(components.__file__).parent.glob("*.py")):
        reached = re.findall(r"(?!self|cls)(?:\b\w+|\))\._[a-z]\w*", path.read_text("utf-8"))
        assert reached == [] or path.name == "cdk.py", path.name


@pytest.mark.parametrize("name", [*components.__all__, "StampCursor"])
def test_our_private_names_are_not_those_of_the_classes_they_extend(name: str) -> None:
    kind = getattr(components, name, StampCursor)
    ours = [one for one in kind.__mro__ if one.__module__.startswith(components.__name__)]
    bases = [one for one in kind.__mro__ if one.__module__.startswith("airbyte_cdk")]
    used = {found for one in ours for found in re.findall(r"\bself\.(_[a-z]\w*)", inspect.getsource(one))}
    taken = {found for one in bases for found in re.findall(r"(?:\bself\.|def )(_[a-z]\w*)", inspect.getsource(one))}
    assert used & taken == set()


def test_a_body_given_to_an_answer_is_read_like_one_of_the_wire(answer) -> None:
    first = answer(b"[]", 200, Content_Encoding="gzip")
    first.url, first.request = "https://api.finance.visma.net", requests.Request("GET", "https://x.example").prepare()
    other = with_body(first, b'{"message": "no"}', 400)
    assert (other.content, other.status_code, other.json()) == (b'{"message": "no"}', 400, {"message": "no"})
    assert other.headers["Content-Encoding"] == "gzip"
