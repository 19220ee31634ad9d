"""The destination's standard input: read on while little comes, and no further than memory allows while much does."""

import contextlib
import json
import threading
import time

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
        process.join(30)
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        process.stdout.close()


def test_records_reach_asana_though_no_state_comes_and_the_input_stays_open(destination):
    with talking(destination) as process:
        process.stdin.write(json.dumps(order(1)) + "\n")
        process.stdin.flush()
        until(lambda: order_id(1) in destination.tasks, 60)


def test_while_asana_is_slow_records_wait_in_the_source(destination):
    destination.write(order("seed"))
    destination.asana.fault(action="delay", method="POST", path=r"^/tasks\?", seconds=600, times=None)
    taken = 0

    def feed(process):
        nonlocal taken
        with contextlib.suppress(BrokenPipeError):
            for number in range(15_000):
                process.stdin.write(json.dumps(order(number, lines=[])) + "\n")
                taken = number

    with talking(destination) as process:
        threading.Thread(target=feed, args=(process,), daemon=True).start()
        until(lambda: taken > 5000, 120)
        before = 0
        while taken != before:
            before = taken
            time.sleep(3)
        assert before < 8000
