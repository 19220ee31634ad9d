"""Since which day documents are read again."""

import re

import pytest
import requests
from source_visma.components.documents import day_before
from source_visma.components.service_clock import ServiceClock


def clock_of(answered_at: str) -> ServiceClock:
    """The clock after one answer of this date."""
    answer, clock = requests.Response(), ServiceClock()
    answer.headers["Date"] = answered_at
    clock.learn(answer)
    return clock


@pytest.mark.parametrize(
    ("answered_at", "days", "day"),
    [
        ("Wed, 07 Oct 2026 10:00:00 GMT", 1, "2026-10-06"),
        ("Wed, 07 Oct 2026 10:00:00 GMT", 30, "2026-09-07"),
        # In Oslo it is the 8th already: what is dated the 7th is within one day, and comes.
        ("Wed, 07 Oct 2026 23:30:00 GMT", 1, "2026-10-06"),
        ("Thu, 08 Oct 2026 00:30:00 GMT", 1, "2026-10-07"),
        ("Fri, 01 Mar 2024 00:00:00 GMT", 1, "2024-02-29"),
    ],
)
def test_days_are_counted_by_the_clock_of_the_answers(answered_at: str, days: int, day: str) -> None:
    assert day_before(clock_of(answered_at).now(), days) == day


@pytest.mark.parametrize("answered_at", ["", "yesterday"])
def test_without_a_date_this_machine_tells_it(answered_at: str) -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", day_before(clock_of(answered_at).now(), 3))
