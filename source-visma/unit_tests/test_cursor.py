"""The cursor that the manifest's streams end up with: where a read begins and what it saves."""

import pytest
from airbyte_cdk.models import (
    AirbyteStateBlob,
    AirbyteStateMessage,
    AirbyteStateType,
    AirbyteStreamState,
    ConfiguredAirbyteCatalogSerializer,
    StreamDescriptor,
)
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from source_visma.components.cursor import StampCursor
from source_visma.source import SourceVisma


def cursor(config, stream: str = "suppliers", **state) -> StampCursor:
    """The cursor of a stream, built as for a read."""
    saved = AirbyteStreamState(stream_descriptor=StreamDescriptor(name=stream), stream_state=AirbyteStateBlob(state))
    chosen = ConfiguredAirbyteCatalogSerializer.load(
        {
            "streams": [
                {
                    "stream": {"name": stream, "json_schema": {}, "supported_sync_modes": ["incremental"]},
                    "sync_mode": "incremental",
                    "destination_sync_mode": "append",
                }
            ]
        }
    )
    states = [AirbyteStateMessage(type=AirbyteStateType.STREAM, stream=saved)]
    source = SourceVisma(config=config, catalog=chosen, state=states)
    (stock,) = (built.cursor for built in source.streams({}) if built.name == stream)
    found = stock.stream_slices.__self__
    assert isinstance(found, StampCursor)
    return found


def state_of(found: StampCursor) -> dict[str, object]:
    """The state, without the names of what it belongs to."""
    state = found.state
    names = {name: state.pop(name) for name in ("company_id", "api_url")}
    assert names == {"company_id": "0042", "api_url": "https://api.finance.visma.net"}
    return state


def begins(found: StampCursor) -> str | None:
    (only,) = found.stream_slices()
    return only.get("start_time")


def test_first_read_has_no_filter_and_no_state(config) -> None:
    found = cursor(config)
    assert begins(found) is None
    assert found.state == {}


@pytest.mark.parametrize(
    ("minutes", "start"),
    [(10, "2026-03-20T06:25:22.150"), (0, "2026-03-20T06:35:22.150"), (None, "2026-03-20T05:20:22.150")],
)
def test_later_reads_reach_back(config, minutes, start: str) -> None:
    options = {} if minutes is None else {"lookback_window_minutes": minutes}
    found = cursor(config | options, lastModifiedDateTime="2026-03-20T06:35:22.15")
    assert begins(found) == start
    assert state_of(found) == {"lastModifiedDateTime": "2026-03-20T06:35:22.15"}


def test_never_before_the_start_date(config) -> None:
    dated = config | {"start_date": "2026-03-20"}
    assert begins(cursor(dated)) == "2026-03-20T00:00:00"
    assert begins(cursor(dated, lastModifiedDateTime="2026-03-20T00:05:00")) == "2026-03-20T00:00:00"
    assert begins(cursor(dated, lastModifiedDateTime="2026-03-21T00:05:00")) == "2026-03-20T22:50:00.000"


def test_state_is_the_largest_stamp_noted_and_only_once_the_slice_is_closed(config) -> None:
    found = cursor(config, lastModifiedDateTime="2026-03-20T06:35:22.15")
    stamps = ["2026-03-20T06:35:22.153", "2099-01-01T00:00:00.1234567", None, "2026-03-20T06:35:22"]
    found.note([{"lastModifiedDateTime": stamp} for stamp in stamps] + [{}])
    assert state_of(found) == {"lastModifiedDateTime": "2026-03-20T06:35:22.15"}
    found.close_partition(None)
    assert state_of(found) == {"lastModifiedDateTime": "2026-03-20T06:35:22.153"}, "2099 is no time to be at"


def test_a_zone_is_left_out_of_the_state(config) -> None:
    found = cursor(config)
    found.note([{"lastModifiedDateTime": "2026-03-20T06:35:22.5Z"}])
    found.close_partition(None)
    assert state_of(found) == {"lastModifiedDateTime": "2026-03-20T06:35:22.5"}


def test_a_held_state_stays(config) -> None:
    found = cursor(config, lastModifiedDateTime="2026-03-20T06:35:22")
    found.note([{"lastModifiedDateTime": "2026-04-01T00:00:00"}])
    found.held = True
    found.close_partition(None)
    assert state_of(found) == {"lastModifiedDateTime": "2026-03-20T06:35:22"}


def test_a_stamp_nobody_can_read(config) -> None:
    found = cursor(config)
    for stamp in ("soon", 17, "2026-99-01T00:00:00", "2026-02-29T00:00:00", "2026-03-20T24:00:01"):
        with pytest.raises(AirbyteTracedException, match="which is not a date and time"):
            found.note([{"lastModifiedDateTime": stamp}])


def test_values_of_dimensions_have_their_own_field(config) -> None:
    found = cursor(config, "dimension_values", lastModified="2026-03-20T06:35:22")
    assert begins(found) == "2026-03-20T05:20:22.000"
    assert state_of(found) == {"lastModified": "2026-03-20T06:35:22"}


def test_an_initial_load_in_parts_is_kept(config) -> None:
    progress = {"since": "2026-03-20T06:35:22", "lines": {"202603": 12}}
    found = cursor(config, "journal_transactions", initial_load=progress)
    assert found.progress == progress
    assert state_of(found) == {"initial_load": progress}


def test_a_state_on_its_way_out_says_nothing_of_what_is_read_after_it(config) -> None:
    """The message waits in a queue, behind its records, while the next period is read."""
    found = cursor(config)
    found.progress = {"since": "2026-03-20T06:35:22.15", "lines": {"202602": 7}}
    waiting = state_of(found)
    found.progress["lines"]["202601"] = 5
    assert waiting == {"initial_load": {"since": "2026-03-20T06:35:22.15", "lines": {"202602": 7}}}


def test_an_empty_stamp_is_none(config) -> None:
    found = cursor(config)
    rows = [{"lastModifiedDateTime": stamp} for stamp in ("", None, "2026-03-20T06:35:22.15")]
    found.note(rows)
    found.close_partition(None)
    assert state_of(found) == {"lastModifiedDateTime": "2026-03-20T06:35:22.15"}
    assert rows[0] == {"lastModifiedDateTime": None}


@pytest.mark.parametrize("never", ["0001-01-01T00:00:00", "0001-01-01T00:00:00Z"])
def test_a_stamp_that_was_never_set_is_no_state(config, never: str) -> None:
    """As a filter it would be earlier than the databases behind the API can think of."""
    found = cursor(config)
    found.note([{"lastModifiedDateTime": never}])
    found.close_partition(None)
    assert found.state == {}
    assert begins(cursor(config, lastModifiedDateTime=never)) is None


@pytest.mark.parametrize(
    ("stamps", "saved"),
    [
        (["2026-10-25T02:58:00+02:00", "2026-10-25T02:20:00+01:00"], "2026-10-25T02:20:00"),
        (["2026-10-25T02:20:00+01:00", "2026-10-25T02:58:00+02:00"], "2026-10-25T02:20:00"),
        (["2026-03-20T10:00:00+02:00", "2026-03-20T08:30:00Z", "2026-03-20T09:59:59.9+0200"], "2026-03-20T08:30:00"),
        (["2026-03-20T10:00:00", "2026-03-20T08:30:00Z"], "2026-03-20T10:00:00"),
    ],
    ids=["offsets", "the other way", "offsets and Z", "with and without"],
)
def test_stamps_with_zones_are_compared_as_moments(config, stamps, saved) -> None:
    found = cursor(config)
    found.note([{"lastModifiedDateTime": stamp} for stamp in stamps])
    found.close_partition(None)
    assert state_of(found) == {"lastModifiedDateTime": saved}
