"""Lines of an order that are promised, received and taken back, for tests: their records, and their subtasks."""

from integration_tests.destination_messages import line, order, order_id
from integration_tests.waiting import until

MAY_4, MAY_11 = "2026-05-04T00:00:00", "2026-05-11T00:00:00"
NAME = "1. Oak chair — 4 × 100.00 = 400.00 NOK"
FIELDS = "name,completed,due_on,notes,html_notes"


def chair(number=1, **delivery):
    """A line of four chairs, promised on May 4th, of which nothing has come."""
    nothing = {"promised": MAY_4, "receivedAmt": 0, "qtyOnReceipts": 0, "completed": False, "canceled": False}
    return line(number, "Oak chair", 4, 100, **{**nothing, **delivery})


def write(destination, *lines, **more):
    destination.fresh_log()
    return destination.write(order(lines=list(lines)), **more)


def subtask(destination, place=0):
    gid = destination.task(order_id())["subtasks"][place]["gid"]
    return destination.asana.as_person("GET", f"/tasks/{gid}", query={"opt_fields": FIELDS})


def seen(destination, place=0):
    item = subtask(destination, place)
    return item["name"], item["due_on"], item["completed"]


def to_item(destination, **data):
    destination.as_person("PUT", f"/tasks/{subtask(destination)['gid']}", **data)


def calls_of_lines(destination):
    task = destination.task(order_id())
    return [call for call in destination.written if not call.endswith(task["gid"]) and call != "POST /tasks"]


def kill_after(destination, requests, *messages, method=None, **config):
    """Kills a sync while its next request of this `method` (None: of any) waits for its answer."""
    destination.fresh_log()
    destination.asana.fault(action="delay", seconds=3600, method=method, path=".*", skip=requests, times=None)
    process = destination.start(*messages, **config)
    methods = () if method is None else (method,)
    until(lambda: len(destination.requests(*methods)) > requests or not process.is_alive())
    process.kill()
    process.join(240)
    destination.asana.control("DELETE", "faults")
