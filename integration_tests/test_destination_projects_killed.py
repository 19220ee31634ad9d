"""Documents as projects, killed between any two steps, and answers lost: one project each."""

import pytest

from integration_tests import kill_points
from integration_tests.destination_messages import order, record
from integration_tests.destination_project_support import (
    LINES,
    NAMED_LINES,
    PORTFOLIO,
    TEAM,
    TEMPLATE,
    as_projects,
    whole,
)
from integration_tests.waiting import until

FULL = {"team_gid": TEAM, "portfolio_gid": PORTFOLIO}
PLAIN_STEPS = [
    ("POST", "^/tasks(\\?|$)", 0),
    ("POST", "^/projects(\\?|$)", 0),
    ("POST", "^/memberships", 0),
    ("POST", "addItem", 0),
    ("PUT", "^/tasks/", 0),
    ("PUT", "^/projects/", 0),
    ("POST", "^/tasks(\\?|$)", 1),
    ("POST", "^/tasks(\\?|$)", 2),
]
TEMPLATE_STEPS = [
    ("POST", "^/tasks(\\?|$)", 0),
    ("POST", "instantiateProject", 0),
    ("GET", "^/jobs/", 0),
    ("PUT", "^/projects/", 0),
    ("POST", "addItem", 0),
    ("PUT", "^/tasks/", 0),
    ("PUT", "^/projects/", 1),
    ("POST", "^/tasks(\\?|$)", 1),
    ("POST", "^/tasks(\\?|$)", 2),
]
# What never reached Asana costs the pauses in which it is looked for, so only three of these.
DROPPED = [(FULL, PLAIN_STEPS[1]), (FULL, PLAIN_STEPS[2]), (FULL, PLAIN_STEPS[7])]
FROM_TEMPLATE = {**FULL, "project_template_gid": TEMPLATE}
STEPS = [(FULL, step) for step in PLAIN_STEPS]
STEPS += [(FROM_TEMPLATE, step) for step in TEMPLATE_STEPS]
# Each kind of step once: the others of the template's are as without one.
ONCE = [(FULL, step) for step in PLAIN_STEPS[:-1]]
ONCE += [(FROM_TEMPLATE, TEMPLATE_STEPS[place]) for place in (1, 2, 3, 6, 8)]
CHOSEN = STEPS if kill_points.ALL else ONCE


def named(parameter):
    target, (method, path, skip) = parameter
    return f"{'template' if 'project_template_gid' in target else 'plain'}-{method}{path.strip('^')[:12]}-{skip}"


@pytest.fixture
def calm(destination):
    """A document written without disturbance; the fields exist from here on."""
    destination.asana.settings(job_duration=0.3)

    def write(target):
        destination.write(order(900, lines=LINES), streams=as_projects(**target))
        return whole(destination, 900)

    return write


@pytest.mark.parametrize("parameter", CHOSEN, ids=named)
def test_killed_after_a_step_the_next_sync_goes_on(destination, calm, parameter):
    target, (method, path, skip) = parameter
    expected = calm(target)
    destination.asana.fault(action="delay", method=method, path=path, skip=skip, seconds=600)
    running = destination.start(order(1, lines=LINES), streams=as_projects(**target))
    until(lambda: destination.disturbed)
    running.kill()
    running.join()
    destination.asana.control("DELETE", "faults")
    # Later by the server's clock: a job that was under way has ended.
    destination.asana.settings(clock_offset=60)
    replayed = [order(1, lines=LINES)]
    destination.write(*replayed, streams=as_projects(**target))
    assert whole(destination, 1) == expected
    assert destination.asana.stats()["unsettled_writes"] == []
    destination.fresh_log()
    destination.write(*replayed, streams=as_projects(**target))
    assert destination.written == []


@pytest.mark.parametrize("parameter", CHOSEN, ids=named)
def test_an_answer_that_is_lost(destination, calm, parameter):
    disturbed(destination, calm, parameter, "lost_answer")


@pytest.mark.parametrize("parameter", DROPPED, ids=named)
def test_a_request_that_is_lost(destination, calm, parameter):
    disturbed(destination, calm, parameter, "drop")


def disturbed(destination, calm, parameter, action):
    target, (method, path, skip) = parameter
    expected = calm(target)
    destination.asana.fault(action=action, method=method, path=path, skip=skip)
    destination.write(order(1, lines=LINES), streams=as_projects(**target))
    assert whole(destination, 1) == expected
    assert destination.asana.stats()["unsettled_writes"] == []


def test_killed_in_the_middle_of_many(destination):
    target = {**FULL, "project_template_gid": TEMPLATE}
    documents = [order(number, lines=LINES) for number in range(1, 16)]
    destination.asana.settings(job_duration=0.3, write_latency=0.02)
    for count in (25, 40, 40):
        destination.asana.clear_log()
        running = destination.start(*documents, streams=as_projects(**target))
        until(lambda count=count, running=running: not running.is_alive() or len(destination.written) >= count)
        running.kill()
        running.join()
        until(destination.asana.at_rest)
        destination.asana.settings(clock_offset=destination.asana.settings()["clock_offset"] + 60)
    destination.write(
        *documents, record("purchase_orders", documents[0]["record"]["data"]), streams=as_projects(**target)
    )
    for number in range(1, 16):
        assert whole(destination, number)["tasks"] == ["Check lines", "Approve", *NAMED_LINES]
        assert whole(destination, number)["linked"]
    assert destination.asana.stats()["unsettled_writes"] == []
