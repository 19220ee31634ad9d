"""The pace against rate limits of several forms, in simulated time."""

import heapq
import itertools
import math
import random
from collections import Counter, deque
from collections.abc import Callable

import pytest
from destination_asana.asana.pace import Pace

Admit = Callable[[float], int]


def sliding(allowed: int, window: float) -> Admit:
    """At most `allowed` requests in the last `window` seconds; refused ones count as well. As Asana describes it."""
    log: deque[float] = deque()

    def admit(now: float) -> int:
        while log and log[0] <= now - window:
            log.popleft()
        log.append(now)
        if len(log) <= allowed:
            return 0
        while len(log) > 2 * allowed:
            log.popleft()
        return max(1, math.ceil(log[len(log) - allowed] + window - now))

    return admit


def fixed(allowed: int, window: float) -> Admit:
    """Windows by the clock, the first of which is already half over."""
    used: Counter[int] = Counter()

    def admit(now: float) -> int:
        number = math.floor(now / window + 0.5)
        used[number] += 1
        return 0 if used[number] <= allowed else max(1, math.ceil((number + 0.5) * window - now))

    return admit


def quota(allowed: int, window: float) -> Admit:
    """A cost quota: it refills steadily up to a minute's worth, and answers of 1, 1, 2 or 4 units are charged afterwards."""
    per_second, random_cost = allowed / window * 2, random.Random(11)
    level, at = 60 * per_second, 0.0

    def admit(now: float) -> int:
        nonlocal level, at
        level, at = min(60 * per_second, level + (now - at) * per_second), now
        if level < 0:
            return max(1, math.ceil(-level / per_second))
        level -= random_cost.choice([1, 1, 2, 4])
        return 0

    return admit


def simulate(
    admit: Admit, seconds: float, workers: int, latency: float, others: Callable[[float], float] = lambda now: 0.0
) -> list[tuple[float, bool]]:
    """Workers that always have work, and other programs with so many requests a second. Returns when each request of the
    workers came, and whether it was refused."""
    pace, answers, order = Pace(), random.Random(5), itertools.count()
    events: list[tuple[float, int, str, tuple[float, int]]] = []
    requests: list[tuple[float, bool]] = []
    paused_until, pause_began, pauses = 0.0, -1.0, 0

    def at(moment: float, what: str, started: float = 0.0, number: int = 0) -> None:
        heapq.heappush(events, (moment, next(order), what, (started, number)))

    for _ in range(workers):
        at(0.0, "wants")
    at(0.0, "others")
    while events:
        now, _, what, (started, number) = heapq.heappop(events)
        if now > seconds:
            break
        if what == "others":
            rate = others(now)
            if rate:
                admit(now)
            at(now + (1 / rate if rate else 1.0), "others")
        elif what == "wants":
            if now < paused_until:
                at(paused_until, "wants")
            else:
                at(pace.reserve(now), "goes", number=pauses)
        elif what == "goes":
            if number != pauses or now < paused_until:
                at(max(now, paused_until), "wants")
                continue
            wait = admit(now)
            requests.append((now, wait > 0))
            at(now + latency * answers.uniform(0.6, 1.6), "answer", now, wait)
        else:
            if number:
                again = started < pause_began
                if not again:
                    pause_began, pauses = now, pauses + 1
                pace.refused(now, number, again=again)
                paused_until = max(paused_until, now + number)
            else:
                pace.got_through(now)
            at(now, "wants")
    return requests


def refused_and_used(
    requests: list[tuple[float, bool]], begin: float, end: float, allowed: float
) -> tuple[float, float]:
    """The refused part of the requests between two moments, and the used part of those that were allowed a second."""
    within = [refused for moment, refused in requests if begin <= moment < end]
    return sum(within) / len(within), within.count(False) / ((end - begin) * allowed)


@pytest.mark.parametrize(("workers", "latency"), [(15, 0.1), (40, 0.3)])
@pytest.mark.parametrize("window", [10, 60])
@pytest.mark.parametrize("per_minute", [150, 600, 1500])
@pytest.mark.parametrize("limit", [sliding, fixed, quota])
def test_after_a_minute_one_in_a_hundred_is_refused_and_85_percent_are_used(
    limit, per_minute, window, workers, latency
):
    admit = limit(per_minute * window // 60, window)
    requests = simulate(admit, 600, workers, latency)
    refused, used = refused_and_used(requests, 60, 600, per_minute / 60)
    assert refused <= 0.01
    assert used >= 0.85


@pytest.mark.parametrize("window", [10, 60])
@pytest.mark.parametrize("per_minute", [150, 600, 1500])
def test_others_on_the_token_make_it_smaller_and_it_recovers(per_minute, window):
    admit = sliding(per_minute * window // 60, window)

    def others(now: float) -> float:
        return per_minute / 120 if 300 < now < 900 else 0.0

    requests = simulate(admit, 2100, 15, 0.1, others)
    refused, used = refused_and_used(requests, 420, 900, per_minute / 120)
    assert refused <= 0.01
    assert used >= 0.6
    assert refused_and_used(requests, 1200, 2100, per_minute / 60)[1] >= 0.7


def test_nothing_is_bounded_before_the_first_refusal():
    pace = Pace()
    assert [pace.reserve(100.0) for _ in range(1000)] == [100.0] * 1000
    assert pace.per_minute is None


@pytest.mark.parametrize(("burst", "pause", "known"), [(25, 9, 150), (150, 54, 150), (250, 8, 1500), (1500, 35, 1500)])
def test_the_documented_paces_are_recognised(burst, pause, known):
    """A burst that fills a window of 10 or 60 seconds, and the pause for its rest."""
    pace, seconds = Pace(), (10 if pause < 10 else 60) - pause
    for number in range(burst):
        pace.got_through(pace.reserve(1000 + seconds * number / burst))
    pace.refused(1000 + seconds, pause)
    pace.reserve(1000 + seconds + pause)
    assert pace.per_minute == pytest.approx(known)


def test_a_late_request_of_the_first_burst_still_counts():
    pace = Pace()
    pace.reserve(0.0)
    pace.refused(0.2, 10)
    for _ in range(25):
        pace.got_through(0.3)
    assert pace.reserve(10.2) == 10.2
    assert pace.per_minute == pytest.approx(150)
    assert pace.speed(10.2) == pytest.approx(2.375)


def test_turns_follow_each_other_evenly_after_a_pause():
    pace = Pace()
    for _ in range(25):
        pace.got_through(pace.reserve(0.0))
    pace.refused(1.0, 9)
    turns = [pace.reserve(10.0) for _ in range(4)]
    assert turns == pytest.approx([10.0, 10.0 + 1 / 2.375, 10.0 + 2 / 2.375, 10.0 + 3 / 2.375])


def test_a_refusal_after_few_requests_bounds_nothing_but_the_third_does():
    pace, now = Pace(), 0.0
    learned = []
    for _ in range(3):
        pace.got_through(pace.reserve(now))
        pace.refused(now + 1, 1)
        now += 2
        pace.reserve(now)
        learned.append(pace.per_minute)
    assert learned[:2] == [None, None]
    assert learned[2] == pytest.approx(150)


def test_refusals_that_follow_each_other_at_once_prove_little():
    """An error on Asana's side, or too many requests in flight: a few of them do not stop the sync."""
    pace, now = Pace(), 0.0
    for _ in range(4):
        pace.got_through(pace.reserve(now))
        pace.refused(now + 0.1, 1)
        now += 1.1
        pace.reserve(now)
    assert pace.per_minute is not None
    assert pace.per_minute > 130


def known_pace() -> Pace:
    """800 requests a minute, learned from a burst of 120; 760 a minute at first."""
    pace = Pace()
    for _ in range(120):
        pace.got_through(pace.reserve(0.0))
    pace.refused(0.5, 9)
    pace.reserve(9.5)
    assert pace.per_minute == pytest.approx(800)
    return pace


def test_a_refusal_by_itself_takes_a_twentieth():
    pace = known_pace()
    for number in range(50):
        pace.got_through(9.5 + number / 12.5)
    pace.refused(13.5, 1)
    assert pace.per_minute == pytest.approx(0.95 * 760, rel=0.001)


def test_refusals_in_a_row_lower_the_pace_to_what_gets_through():
    """In each second 9 requests get through, and a pause of a second follows: 4.5 a second, or 270 a minute."""
    pace, now = known_pace(), 9.5
    learned = []
    for _ in range(5):
        for number in range(9):
            pace.got_through(now + number / 9)
        pace.refused(now + 1, 1)
        now += 2
        learned.append(round(pace.per_minute or 0))
    assert learned == [722, 412, 270, 257, 244]
