"""Lines of an order whose sync is killed, or whose answers are lost: the next sync ends at the same board."""

import pytest

from integration_tests import kill_points
from integration_tests.destination_delivery_support import MAY_11, NAME, chair, kill_after, seen, to_item, write
from integration_tests.destination_messages import order, order_id, state
from integration_tests.destination_project_support import as_projects, tasks_in, the_project


@pytest.mark.parametrize("action", ["lost_answer", "drop"])
def test_a_write_whose_answer_is_lost(destination, action):
    destination.write(order(lines=None))
    destination.asana.fault(action=action, method="POST", path="/subtasks$", times=2)
    write(destination, chair(1, completed=True), chair(2))
    assert [seen(destination, place)[2] for place in (0, 1)] == [True, False]
    gids = "|".join(item["gid"] for item in destination.task(order_id())["subtasks"])
    destination.asana.fault(action=action, method="PUT", path=f"/tasks/({gids})$", times=2)
    write(destination, chair(1, promised=MAY_11), chair(2, qtyOnReceipts=1))
    assert seen(destination) == (NAME, "2026-05-11", False)
    assert seen(destination, 1) == (f"2{NAME[1:]} · 1 of 4 received", "2026-05-04", False)
    assert len(destination.task(order_id())["subtasks"]) == 2


@pytest.mark.parametrize("writes", range(4))
def test_what_a_person_does_after_a_kill_stays(destination, writes):
    """The sync dies at one of its writes, a person ticks, opens or dates lines, and the next sync goes through the same
    records again."""
    write(destination, chair(1), chair(2), chair(3, completed=True))
    messages = [order(lines=[chair(1, completed=True), chair(2, promised=MAY_11), chair(3)]), state("purchase_orders")]
    kill_after(destination, writes, *messages, method="PUT")
    first, second, third = (item["gid"] for item in destination.task(order_id())["subtasks"])
    destination.as_person("PUT", f"/tasks/{first}", completed=not seen(destination, 0)[2])
    destination.as_person("PUT", f"/tasks/{second}", due_on="2026-05-20")
    destination.as_person("PUT", f"/tasks/{third}", completed=False)
    chosen = seen(destination, 0)[2]
    destination.write(*messages)
    assert [seen(destination, place)[1:] for place in range(3)] == [
        ("2026-05-04", chosen),
        ("2026-05-20", False),
        ("2026-05-04", False),
    ]
    destination.fresh_log()
    destination.write(*messages)
    assert destination.written == []


@pytest.mark.parametrize("requests", kill_points.some(range(1, 14, 2), 4))
def test_killed_after_any_number_of_requests(destination, requests):
    """Receipts come while a person's tick and date stand; wherever the sync dies, the next one ends at the same board."""
    write(destination, chair(1), chair(2), chair(3, completed=True), chair(4))
    to_item(destination, due_on="2026-05-06")
    lines = [chair(1, completed=True, promised=MAY_11), chair(2, qtyOnReceipts=3), chair(3), chair(4, promised=None)]
    messages = [order(lines=[*lines, chair(5, receivedAmt=400)]), state("purchase_orders")]
    kill_after(destination, requests, *messages)
    destination.write(*messages)
    assert [seen(destination, place) for place in range(5)] == [
        (NAME, "2026-05-06", True),
        (f"2{NAME[1:]} · 3 of 4 received", "2026-05-04", False),
        (f"3{NAME[1:]}", "2026-05-04", False),
        (f"4{NAME[1:]}", None, False),
        (f"5{NAME[1:]}", "2026-05-04", True),
    ]
    assert len(destination.task(order_id())["subtasks"]) == 5
    destination.fresh_log()
    destination.write(*messages)
    assert destination.written == []


@pytest.mark.parametrize("writes", range(3))
def test_killed_while_the_lines_of_an_orders_own_project_are_written(destination, writes):
    destination.write(order(lines=[chair(1), chair(2), chair(3)]), streams=as_projects())
    lines = [chair(1, receivedAmt=400), chair(2, qtyOnReceipts=3, promised=MAY_11), chair(3, canceled=True)]
    kill_after(destination, writes, order(lines=lines), method="PUT", streams=as_projects())
    destination.write(order(lines=lines), streams=as_projects())
    items = tasks_in(destination, the_project(destination))
    assert [(item["name"], item["due_on"], item["completed"]) for item in items] == [
        (NAME, "2026-05-04", True),
        (f"2{NAME[1:]} · 3 of 4 received", "2026-05-11", False),
        (f"3{NAME[1:]}", "2026-05-04", True),
    ]
