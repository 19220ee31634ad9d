"""A service's hint how long to wait: trusted from a second to five minutes; else pauses that double."""

import pytest
from destination_asana.asana.pauses import hint_in, pause_after

NOW = "Sat, 07 Nov 2026 10:00:00 GMT"


@pytest.mark.parametrize(
    ("hint", "pauses"),
    [
        ("7", [7, 7, 7]),
        ("1.5", [1.5, 1.5, 1.5]),
        ("0", [1, 2, 4]),
        ("0.01", [1, 2, 4]),
        ("-30", [1, 2, 4]),
        ("nan", [1, 2, 4]),
        ("", [1, 2, 4]),
        (None, [1, 2, 4]),
        ("soon", [1, 2, 4]),
        ("86400", [300, 300, 300]),
        ("inf", [300, 300, 300]),
        ("Sat, 07 Nov 2026 10:00:12 GMT", [12, 12, 12]),
        ("Sat, 07 Nov 2026 09:00:00 GMT", [1, 2, 4]),
        ("Sun, 07 Nov 2027 09:00:00 GMT", [300, 300, 300]),
        ("Sat, 07 Nov 2026 12:00:30 +0200", [30, 30, 30]),
    ],
)
def test_a_hint_is_trusted_within_bounds(hint, pauses):
    headers = {"Date": NOW} | ({} if hint is None else {"Retry-After": hint})
    assert [pause_after(hint_in(headers), tries) for tries in (1, 2, 3)] == pauses


def test_pauses_that_double_end_at_a_minute():
    assert [pause_after(None, tries) for tries in (6, 7, 8, 5000)] == [32, 60, 60, 60]


def test_a_date_without_the_answers_own_is_compared_with_this_clock():
    assert hint_in({"Retry-After": "Mon, 07 Nov 2016 10:00:00 GMT"}) < 0
