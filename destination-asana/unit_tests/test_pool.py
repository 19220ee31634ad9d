"""Workers: many keys side by side, one job at a time for each, in order."""

import threading
from collections import defaultdict

from destination_asana.sync.pool import KeyedPool


def test_jobs_of_one_key_run_one_after_the_other_and_in_order():
    pool = KeyedPool(16)
    ran = defaultdict(list)
    running = defaultdict(int)
    overlaps = []

    def job(key, number):
        running[key] += 1
        overlaps.append(running[key] > 1)
        ran[key].append(number)
        running[key] -= 1

    for number in range(300):
        key = f"k{number % 7}"
        pool.submit(key, lambda key=key, number=number: job(key, number))
    assert pool.drain(60)
    assert not any(overlaps)
    assert sum(map(len, ran.values())) == 300
    assert all(numbers == sorted(numbers) for numbers in ran.values())
    pool.stop(10)


def test_jobs_of_different_keys_run_side_by_side():
    pool = KeyedPool(4)
    together = threading.Barrier(4, timeout=30)
    for number in range(4):
        pool.submit(str(number), together.wait)
    assert pool.drain(60)
    assert pool.failure is None
    pool.stop(10)


def test_the_first_failure_is_kept_and_what_has_not_begun_is_dropped():
    pool = KeyedPool(1)
    ran = []
    held = threading.Event()

    def fail():
        held.wait(30)
        raise ValueError("first")

    pool.submit("a", fail)
    pool.submit("a", lambda: ran.append("behind it"))
    pool.submit("b", lambda: ran.append("another key"))
    held.set()
    assert pool.drain(60)
    pool.stop(10)
    assert isinstance(pool.failure, ValueError)
    assert ran == []
    pool.submit("c", lambda: ran.append("too late"))
    assert ran == []


def test_stop_waits_for_what_runs():
    pool = KeyedPool(2)
    started, release, ended = threading.Event(), threading.Event(), threading.Event()

    def job():
        started.set()
        release.wait(30)
        ended.set()

    pool.submit("a", job)
    assert started.wait(30)
    threading.Timer(0.05, release.set).start()
    pool.stop(30)
    assert ended.is_set()


def test_an_idle_pool_is_drained_at_once():
    pool = KeyedPool(1)
    assert pool.drain(0)
    pool.stop(0)
