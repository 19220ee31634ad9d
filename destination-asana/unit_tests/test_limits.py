"""The gate: never more in flight than Asana takes, and everybody waits when it says so."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from destination_asana.asana.gate import Gate


@pytest.mark.parametrize(("write", "most"), [(True, 3), (False, 5)])
def test_never_more_in_flight_than_allowed(write, most):
    gate = Gate(reads=5, writes=3)
    lock, inside, peak = threading.Lock(), 0, 0

    def request():
        nonlocal inside, peak
        with gate.slot(write):
            with lock:
                inside += 1
                peak = max(peak, inside)
            time.sleep(0.002)
            with lock:
                inside -= 1

    with ThreadPoolExecutor(20) as pool:
        for _ in range(100):
            pool.submit(request)
    assert peak == most
    assert (gate.peak_writes if write else gate.peak_reads) == most


@pytest.mark.parametrize(("write", "places"), [(True, 15), (False, 50)])
def test_there_are_as_many_places_as_asana_documents(write, places):
    gate, entered = Gate(), threading.Event()

    def one_more():
        with gate.slot(write):
            entered.set()

    waiting = threading.Thread(target=one_more, daemon=True)
    with ExitStack() as held:
        for _ in range(places):
            held.enter_context(gate.slot(write))
        waiting.start()
        assert not entered.wait(0.1)
        with gate.slot(not write):
            assert not entered.is_set()
    assert entered.wait(10)


def test_a_throttled_answer_holds_everybody_back_for_as_long_as_it_says():
    gate = Gate()
    with gate.slot(True) as started:
        gate.throttled(True, started, 0.2)
    with gate.slot(False) as after:
        assert after - started >= 0.2
    assert gate.pauses == 1
    assert gate.seconds_waited == pytest.approx(0.2, abs=0.01)


def test_answers_to_one_burst_are_one_pause():
    gate = Gate(writes=8)
    with gate.slot(True) as first, gate.slot(True) as second, gate.slot(True) as third:
        for started in (first, second, third):
            gate.throttled(True, started, 0.05)
    assert gate.pauses == 1


def test_after_a_throttle_fewer_go_at_once_and_successes_open_the_gate_again():
    gate = Gate(writes=8)
    with gate.slot(True) as started:
        gate.throttled(True, started, 0)
    taken = [gate.slot(True) for _ in range(4)]
    for slot in taken:
        slot.__enter__()
    fifth = threading.Event()

    def enter():
        with gate.slot(True):
            fifth.set()

    thread = threading.Thread(target=enter)
    thread.start()
    assert not fifth.wait(0.1), "half of the eight places are closed"
    for _ in range(10):
        gate.succeeded(True)
    assert fifth.wait(30)
    thread.join()
    for slot in taken:
        slot.__exit__(None, None, None)


def test_a_request_that_fails_gives_its_place_back():
    gate = Gate(writes=1)
    with pytest.raises(ValueError, match="lost"), gate.slot(True):
        raise ValueError("lost")
    with gate.slot(True):
        pass
