"""What people do to the lines of an order stays: their ticks, dates and words, at whatever moment."""

import pytest

from integration_tests.destination_delivery_support import (
    MAY_11,
    NAME,
    calls_of_lines,
    chair,
    seen,
    subtask,
    to_item,
    write,
)
from integration_tests.destination_messages import order, order_id
from integration_tests.destination_support import KARI

BOT_GID = "1200000000000010"


@pytest.mark.parametrize("mine", ["2026-05-06", None, "2026-05-11"])
def test_a_persons_date_stays(destination, mine):
    """Also when Visma promises that very day, and then another."""
    write(destination, chair())
    to_item(destination, due_on=mine)
    write(destination, chair(promised=MAY_11))
    assert seen(destination) == (NAME, mine, False)
    assert calls_of_lines(destination) == []
    write(destination, chair(promised=MAY_11, completed=True))
    assert seen(destination) == (NAME, mine, True)
    write(destination, chair(promised="2026-05-18T00:00:00", completed=True))
    assert seen(destination) == (NAME, mine, True)


def test_a_persons_time_of_day_stays(destination):
    write(destination, chair())
    to_item(destination, due_at="2026-05-04T09:00:00.000Z")
    write(destination, chair(promised=MAY_11))
    assert seen(destination) == (NAME, "2026-05-04", False)
    assert calls_of_lines(destination) == []


def test_a_date_that_asana_would_refuse_is_left(destination):
    write(destination, chair())
    to_item(destination, start_on="2026-05-02", due_on="2026-05-04")
    write(destination, chair(promised="2026-04-30T00:00:00"))
    assert seen(destination) == (NAME, "2026-05-04", False)


def test_a_persons_tick_stays_when_visma_takes_its_own_back(destination):
    write(destination, chair())
    to_item(destination, completed=True)
    for delivery in ({}, {"completed": True}, {}):
        write(destination, chair(**delivery))
        assert seen(destination)[2] is True


def test_a_line_that_a_person_opened_again_stays_open_until_visma_changes_its_mind(destination):
    write(destination, chair(completed=True))
    to_item(destination, completed=False)
    write(destination, chair(completed=True))
    assert destination.written == []
    write(destination, chair(completed=True, promised=MAY_11))
    assert seen(destination) == (NAME, "2026-05-11", False)
    write(destination, chair())
    write(destination, chair(completed=True))
    assert seen(destination)[2] is True


def test_a_tick_that_a_person_set_again_is_theirs(destination):
    write(destination, chair(completed=True))
    to_item(destination, completed=False)
    to_item(destination, completed=True)
    write(destination, chair())
    assert seen(destination)[2] is True
    write(destination, chair())
    assert destination.written == []


def test_words_of_people_in_a_line_stay(destination):
    write(destination, chair())
    row = f"Line 1 of {order_id()}\nDue in Visma: 2026-05-04"
    to_item(destination, html_notes=f"<body>Ask <strong>Ola</strong>\n{row}</body>")
    write(destination, chair(completed=True, promised=MAY_11))
    assert subtask(destination)["html_notes"] == (
        f"<body>Ask <strong>Ola</strong>\nLine 1 of {order_id()}\nDue in Visma: 2026-05-11\n"
        "Completed by the sync: this line is done in Visma.</body>"
    )


@pytest.mark.parametrize("notes", ["", f"Line 1 of {order_id()}", f"Line of {order_id()}"])
def test_lines_of_earlier_releases_get_their_dates(destination, notes):
    destination.write(order(lines=None))
    gid = destination.task(order_id())["gid"]
    destination.asana.as_person("POST", f"/tasks/{gid}/subtasks", BOT_GID, data={"name": NAME, "notes": notes})
    write(destination, chair(qtyOnReceipts=1))
    assert seen(destination) == (f"{NAME} · 1 of 4 received", "2026-05-04", False)
    assert len(destination.task(order_id())["subtasks"]) == 1
    write(destination, chair(qtyOnReceipts=1))
    assert destination.written == []


def test_a_line_that_is_gone_and_back_done(destination):
    write(destination, chair(1), chair(2))
    write(destination, chair(1))
    write(destination, chair(1), chair(2, completed=True))
    assert seen(destination, 1)[2] is True
    write(destination, chair(1), chair(2))
    assert seen(destination, 1)[2] is False


def test_what_people_did_to_lines_of_0_1_0_stays(destination):
    """They carry no mark: a tick on them, and a date, is a person's."""
    destination.write(order(lines=None))
    gid = destination.task(order_id())["gid"]
    for data in ({"name": NAME, "completed": True}, {"name": f"2{NAME[1:]}", "due_on": "2026-05-06"}):
        destination.asana.as_person("POST", f"/tasks/{gid}/subtasks", BOT_GID, data=data)
    for ticked in (True, False):
        write(destination, chair(1, completed=ticked), chair(2, promised=MAY_11, completed=ticked))
        assert [seen(destination, place) for place in (0, 1)] == [
            (NAME, "2026-05-04", True),
            (f"2{NAME[1:]}", "2026-05-06", ticked),
        ]
    assert len(destination.task(order_id())["subtasks"]) == 2


# --- between the sync's look and its write -----------------------------------------------------------------------------


def meanwhile(destination, before, **done):
    """A person acts just before the sync's next request of the method `before` to the first line."""
    path = f"/tasks/{subtask(destination)['gid']}"
    done = {"method": "PUT", "path": path, **done}
    destination.asana.fault(
        action="meanwhile", method=before, path=f"^{path}(\\?|$)", person=KARI, does=[done], times=1
    )


def assert_met(destination):
    assert [fault["hit"] for fault in destination.asana.control("GET", "faults")] == [1], "the person never acted"


@pytest.mark.parametrize(
    ("data", "now"),
    [
        ({"completed": True}, ("2026-05-11", True)),
        ({"due_on": "2026-05-06"}, ("2026-05-06", True)),
        ({"start_on": "2026-05-01", "due_on": "2026-05-04"}, ("2026-05-11", True)),
        ({"start_on": "2026-05-12", "due_on": "2026-05-14"}, ("2026-05-14", True)),
    ],
)
def test_what_a_person_does_after_the_listing_stays(destination, data, now):
    write(destination, chair())
    meanwhile(destination, "GET", data=data)
    write(destination, chair(promised=MAY_11, completed=True))
    assert_met(destination)
    assert seen(destination)[1:] == now
    write(destination, chair(promised=MAY_11))
    assert seen(destination)[1:] == (now[0], data.get("completed", False))


def test_a_start_date_that_comes_just_before_the_write(destination):
    """Asana refuses an earlier due date then: the rest is written, and the log says why."""
    write(destination, chair())
    meanwhile(destination, "PUT", data={"start_on": "2026-05-02", "due_on": "2026-05-04"})
    run = write(destination, chair(promised="2026-04-30T00:00:00", completed=True))
    assert_met(destination)
    assert seen(destination) == (NAME, "2026-05-04", True)
    [warning] = [text for text in run.warnings if "start date" in text]
    assert warning.startswith(f"{order_id()}, line 1: Asana does not take the due date 2026-04-30")
    write(destination, chair(promised=MAY_11, completed=True))
    assert seen(destination) == (NAME, "2026-05-11", True)


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_line_that_is_deleted_just_before_the_write(destination, method):
    """The others go on; with the next record of the order it is there again."""
    write(destination, chair(1), chair(3))
    meanwhile(destination, method, method="DELETE")
    lines = [chair(1, completed=True), chair(2), chair(3, completed=True)]
    write(destination, *lines)
    assert_met(destination)
    assert [seen(destination, place) for place in (0, 1)] == [
        (f"2{NAME[1:]}", "2026-05-04", False),
        (f"3{NAME[1:]}", "2026-05-04", True),
    ]
    destination.write(order(lines=lines))
    assert [seen(destination, place)[2] for place in range(3)] == [True, False, True]


def test_an_order_whose_task_is_deleted_just_before_its_lines_are_written(destination):
    write(destination, chair(1), chair(2))
    meanwhile(destination, "GET", method="DELETE", path=f"/tasks/{destination.task(order_id())['gid']}")
    write(destination, chair(1, completed=True), chair(2))
    assert_met(destination)
    assert [seen(destination, place) for place in (0, 1)] == [
        (NAME, "2026-05-04", True),
        (f"2{NAME[1:]}", "2026-05-04", False),
    ]
