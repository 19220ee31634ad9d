"""The gate: never more in flight than Asana takes, and everybody waits when it says so."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from destination_asana.asana import gate as gates
from destination_asana.asana.gate import Gate, Kind


def waits(gate, kind):
    """Is set when somebody has found no place and waits for one."""
    waiting, free = threading.Event(), gate._free[kind.write]
    wait = free.wait

    def announced():
        waiting.set()
        return wait()

    free.wait = announced
    return waiting


@pytest.fixture
def clock(monkeypatch):
    """Seconds, moved by whoever sleeps."""
    now = [1000.0]

    def sleep(seconds):
        now[0] += seconds

    monkeypatch.setattr(gates.time, "sleep", sleep)
    return now


@pytest.mark.parametrize(("kind", "most"), [(Kind.WRITE, 3), (Kind.READ, 5)])
def test_as_many_in_flight_as_allowed_and_never_more(kind, most):
    gate = Gate(reads=5, writes=3)
    lock, inside, peak, together = threading.Lock(), 0, 0, threading.Barrier(most)

    def request():
        nonlocal inside, peak
        with gate.slot(kind):
            with lock:
                inside += 1
                peak = max(peak, inside)
            together.wait(60)
            with lock:
                inside -= 1

    with ThreadPoolExecutor(20) as pool:
        for done in [pool.submit(request) for _ in range(20 * most)]:
            done.result()
    assert peak == most
    assert (gate.peak_writes if kind.write else gate.peak_reads) == most


@pytest.mark.parametrize(("kind", "places"), [(Kind.WRITE, 15), (Kind.READ, 50)])
def test_there_are_as_many_places_as_asana_documents(kind, places):
    gate, entered = Gate(), threading.Event()
    waiting = waits(gate, kind)

    def one_more():
        with gate.slot(kind):
            entered.set()

    thread = threading.Thread(target=one_more, daemon=True)
    with ExitStack() as held:
        for _ in range(places):
            held.enter_context(gate.slot(kind))
        assert not waiting.is_set()
        thread.start()
        assert waiting.wait(60)
        with gate.slot(Kind.READ if kind.write else Kind.WRITE):
            assert not entered.is_set()
    assert entered.wait(60)


def test_a_throttled_answer_holds_everybody_back_for_as_long_as_it_says(clock):
    gate = Gate(clock=lambda: clock[0])
    with gate.slot(Kind.WRITE) as started:
        gate.throttled(Kind.WRITE, started, 7.5)
    with gate.slot(Kind.READ) as after:
        assert after - started >= 7.5
    assert gate.pauses == 1
    assert gate.seconds_waited == 7.5


def test_answers_to_one_burst_are_one_pause(clock):
    gate = Gate(writes=8, clock=lambda: clock[0])
    with gate.slot(Kind.WRITE) as first, gate.slot(Kind.WRITE) as second, gate.slot(Kind.WRITE) as third:
        for started in (first, second, third):
            clock[0] += 0.01
            gate.throttled(Kind.WRITE, started, 0.05)
    assert gate.pauses == 1


def test_after_a_throttle_fewer_go_at_once_and_successes_open_the_gate_again(clock):
    gate, entered = Gate(writes=8, clock=lambda: clock[0]), threading.Event()
    waiting = waits(gate, Kind.WRITE)
    with gate.slot(Kind.WRITE) as started:
        gate.throttled(Kind.WRITE, started, 0)

    def fifth():
        with gate.slot(Kind.WRITE):
            entered.set()

    with ExitStack() as held:
        for _ in range(4):
            held.enter_context(gate.slot(Kind.WRITE))
        assert not waiting.is_set(), "half of the eight places are open"
        thread = threading.Thread(target=fifth, daemon=True)
        thread.start()
        assert waiting.wait(60), "the other half is closed"
        assert not entered.is_set()
        for _ in range(10):
            gate.answered(Kind.WRITE)
        assert entered.wait(60)


def test_a_request_that_fails_gives_its_place_back():
    gate = Gate(writes=1)
    with pytest.raises(ValueError, match="lost"), gate.slot(Kind.WRITE):
        raise ValueError("lost")
    with gate.slot(Kind.WRITE):
        pass
