"""A STATE leaves when every record before it is done, in order, with counts that add up."""

import threading
from concurrent.futures import ThreadPoolExecutor

from destination_asana.protocol.watermark import Watermark
from hypothesis import given
from hypothesis import strategies as st

A, B = (None, "a"), (None, "b")


def state(number, stream="a"):
    return {
        "type": "STATE",
        "state": {"type": "STREAM", "id": number, "stream": {"stream_descriptor": {"name": stream}}},
    }


def ids(released):
    return [message["state"]["id"] for message in released]


def stats(released):
    return [message["state"]["destinationStats"] for message in released]


def test_a_state_waits_for_the_records_before_it_and_not_for_those_behind():
    released = []
    mark = Watermark(released.append)
    first, second = mark.record(A), mark.record(A)
    mark.state(state(1))
    third = mark.record(A)
    mark.done(second)
    assert released == []
    mark.done(first)
    assert ids(released) == [1]
    mark.state(state(2))
    mark.done(third)
    assert ids(released) == [1, 2]
    assert stats(released) == [{"recordCount": 2.0}, {"recordCount": 1.0}]


def test_a_state_with_nothing_before_it_leaves_at_once():
    released = []
    Watermark(released.append).state(state(1))
    assert stats(released) == [{"recordCount": 0.0}]


def test_rejected_records_are_counted_apart():
    released = []
    mark = Watermark(released.append)
    tickets = [mark.record(A) for _ in range(3)]
    mark.state(state(1))
    mark.done(tickets[0])
    mark.done(tickets[1], rejected=True)
    mark.done(tickets[2])
    assert stats(released) == [{"recordCount": 2.0, "rejectedRecordCount": 1.0}]


def test_a_stream_state_counts_its_own_stream_and_a_global_state_all():
    released = []
    mark = Watermark(released.append)
    for key in (A, B, A):
        mark.done(mark.record(key))
    mark.state(state(1, "a"))
    mark.state({"type": "STATE", "state": {"type": "GLOBAL", "id": 2, "global": {}}})
    assert stats(released) == [{"recordCount": 2.0}, {"recordCount": 1.0}]


def test_the_message_keeps_every_field_and_the_original_is_not_changed():
    released = []
    original = {**state(7), "future_field": {"x": 1}}
    original["state"]["another"] = [1, None]
    Watermark(released.append).state(original)
    assert "destinationStats" not in original["state"]
    released[0]["state"].pop("destinationStats")
    assert released == [original]


def test_waiting_ends_when_room_is_there():
    mark = Watermark(lambda _: None)
    tickets = [mark.record(A) for _ in range(3)]
    assert not mark.wait_below(3, 0.01)
    threading.Timer(0.05, lambda: mark.done(tickets[1])).start()
    assert mark.wait_below(3, 30)


@given(st.lists(st.sampled_from(["record", "state"]), max_size=40), st.randoms(use_true_random=False))
def test_in_whatever_order_records_finish_no_state_overtakes_one(events, random):
    released = []
    mark = Watermark(released.append)
    before = {}
    tickets = []
    for number, event in enumerate(events):
        if event == "record":
            tickets.append(mark.record(A))
        else:
            before[number] = len(tickets)
            mark.state(state(number))
    done = set()
    order = list(range(len(tickets)))
    random.shuffle(order)
    for index in order:
        mark.done(tickets[index])
        done.add(index)
        for number in ids(released):
            assert set(range(before[number])) <= done
    assert ids(released) == list(before)
    counted = sum(each["recordCount"] for each in stats(released))
    assert counted == max(before.values(), default=0)


def test_many_threads_release_every_state_once_and_in_order():
    released = []
    mark = Watermark(released.append)
    with ThreadPoolExecutor(16) as pool:
        for number in range(200):
            for _ in range(5):
                pool.submit(mark.done, mark.record(A))
            mark.state(state(number))
    assert ids(released) == list(range(200))
    assert sum(each["recordCount"] for each in stats(released)) == 1000
    assert mark.unfinished == 0


def test_a_stream_that_is_held_keeps_its_own_states_only():
    released = []
    mark = Watermark(released.append)
    mark.hold("a")
    first = mark.record(A)
    mark.state(state(1))
    mark.done(mark.record(B))
    mark.state(state(2, "b"))
    mark.done(first)
    assert ids(released) == [2]
    # A state of all streams holds what a held stream has.
    mark.state({"type": "STATE", "state": {"type": "LEGACY", "id": 3}})
    assert ids(released) == [2]
    mark.free("a")
    assert ids(released) == [2, 1, 3]
    assert stats(released)[1] == {"recordCount": 1.0}
