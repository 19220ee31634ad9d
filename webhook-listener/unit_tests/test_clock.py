"""Times in texts of others: a moment that can be written again, or none."""

import pytest
from webhook_listener import clock


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2026-11-23T10:15:07.120Z", "2026-11-23T10:15:07.120Z"),
        ("2026-11-23T10:15:07.120+02:00", "2026-11-23T08:15:07.120Z"),
        ("2026-11-23", "2026-11-23T00:00:00.000Z"),
        ("9998-12-31T23:59:59Z", None),
        ("9999-12-31T23:59:59.999999", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("0001-01-01", None),
        ("2026-11-23T10:15:07+99:99", None),
        ("2026-02-30T00:00:00Z", None),
        ("soon enough", None),
    ],
)
def test_a_moment_that_was_read_can_be_written(text: str, written: str | None) -> None:
    moment = clock.parse(text)
    assert (None if moment is None else clock.iso(moment)) == written


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Thu, 99 Jan 2026 00:00:00 GMT",
        "nan",
        "\x00",
        "Mon, 23 Nov 2026 10:15:07 +99999999999999",
        "Fri, 31 Dec 9999 23:59:59 -2359",
    ],
)
def test_no_date_of_http(text: str) -> None:
    assert clock.parse_http(text) is None
