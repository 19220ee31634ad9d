"""The destination's standard input: read on while little comes, and no further than memory allows while much does."""

import contextlib
import json
import select
import sys
import threading
from pathlib import Path

import pytest

from integration_tests.destination_messages import catalog, order, order_id
from integration_tests.waiting import until

ORDERS = catalog("purchase_orders")


@contextlib.contextmanager
def talking(destination):
    """A `write` whose input stays open; it never outlives the test."""
    process = destination.talk(ORDERS)
    try:
        yield process
    finally:
        process.kill()
        process.join(240)
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        process.stdout.close()


def test_records_reach_asana_though_no_state_comes_and_the_input_stays_open(destination):
    with talking(destination) as process:
        process.stdin.write(json.dumps(order(1)) + "\n")
        process.stdin.flush()
        until(lambda: order_id(1) in destination.tasks)


def state_of(thread):
    """The state of a thread by its folder in /proc; None if it has just ended."""
    try:
        return (thread / "stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return None


def at_a_stand(asana, process):
    """Whether the connector can do no more: its input is full, all its threads wait, and all Asana has to answer is slow."""
    _, writable, _ = select.select([], [process.stdin], [], 0)
    unanswered = [entry for entry in asana.log() if entry["status"] is None]
    asleep = all(state_of(each) == "S" for each in Path(f"/proc/{process.pid}/task").iterdir())
    return asleep and not writable and unanswered and all(entry.get("fault") == "delay" for entry in unanswered)


@pytest.mark.skipif(sys.platform != "linux", reason="looks at another process's threads")
def test_while_asana_is_slow_records_wait_in_the_source(destination):
    destination.write(order("seed"))
    destination.asana.fault(action="delay", method="POST", path=r"^/tasks\?", seconds=600, times=None)
    taken = 0

    def feed(process):
        nonlocal taken
        # At the end of the test the input is broken, and then closed.
        with contextlib.suppress(BrokenPipeError, ValueError):
            for number in range(15_000):
                process.stdin.write(json.dumps(order(number, lines=[])) + "\n")
                taken = number

    with talking(destination) as process:
        threading.Thread(target=feed, args=(process,), daemon=True).start()
        until(lambda: taken > 5000)
        until(lambda: all(at_a_stand(destination.asana, process) for _ in range(3)))
        assert taken < 8000
