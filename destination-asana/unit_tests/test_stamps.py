"""Times as Asana writes and reads them, and dates in HTTP headers."""

from datetime import UTC, datetime

import pytest
from destination_asana.asana.stamps import http_date, iso, stamp_in


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-01T12:00:00.250Z", datetime(2026, 3, 1, 12, 0, 0, 250000, tzinfo=UTC)),
        ("2026-03-01T12:00:00+02:00", datetime(2026, 3, 1, 10, tzinfo=UTC)),
        ("2026-03-01T12:00:00", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_a_time_of_asanas(text, moment):
    assert stamp_in(text) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Sun, 01 Mar 2026 12:00:00 GMT", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        ("Sun, 01 Mar 2026 14:00:00 +0200", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        ("Sun, 01 Mar 2026 12:00:00 -0000", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        ("7", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_a_date_in_a_header(text, moment):
    assert http_date(text) == moment


def test_a_time_is_written_to_the_millisecond():
    assert iso(datetime(2026, 3, 1, 12, 0, 0, 7999, tzinfo=UTC)) == "2026-03-01T12:00:00.007Z"
