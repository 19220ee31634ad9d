"""Whose an option is stands in a field's description: syncs at once, killed ones, and tokens that may not write there."""

import pytest

from integration_tests.destination_messages import account, cost_center, state
from integration_tests.destination_support import KARI
from integration_tests.test_destination_companies import (
    ACCOUNTS,
    OTHER,
    coded,
    describe,
    description,
    gids,
    shown,
    theirs,
)
from integration_tests.waiting import until

DESCRIPTION = r"^/custom_fields/\d+(\?|$)"
OPTIONS = r"^/custom_fields/\d+/enum_options"


# --- at once ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", OPTIONS), ("GET", r"^/custom_fields/\d+\?opt_fields=description$"), ("PUT", DESCRIPTION)],
    ids=["before the option", "before a look", "before a note"],
)
@pytest.mark.parametrize("skip", [0, 1])
@pytest.mark.parametrize("kind", ["accounts", "documents"])
def test_a_note_that_another_sync_wrote_over_is_written_again(destination, method, path, skip, kind):
    """Another sync has read the description before this one's note, and writes it back after it."""
    destination.write(account("1", "One"), coded("1", "One"))
    back = {"method": "PUT", "path": f"/custom_fields/{destination.field(ACCOUNTS)['gid']}"}
    back["data"] = {"description": description(destination)}
    destination.asana.fault(action="meanwhile", method=method, path=path, person=KARI, skip=skip, times=1, does=[back])
    if kind == "accounts":
        messages = [theirs("3000", "Fees"), theirs("4000", "Goods")]
    else:
        messages = [coded("3000", "Fees", 7, OTHER), coded("4000", "Goods", 8, OTHER)]
    destination.write(*messages)
    assert [fault["hit"] for fault in destination.asana.control("GET", "faults")] == [1]
    before = gids(destination)
    destination.write(account("3000", "Sales"), account("4000", "Rent", active=False))
    after = gids(destination)
    assert {name: after.get(name) for name in before} == before
    assert "4000 Goods" in destination.options()
    destination.write(theirs("3000", "Fees, new"))
    assert gids(destination)["3000 Fees, new"] == before["3000 Fees"]
    destination.fresh_log()
    destination.write(messages[1])
    assert destination.written == []


@pytest.mark.parametrize("message", [account("3000", "Sales"), coded("3000", "Sales")], ids=["account", "document"])
def test_an_option_that_comes_in_the_midst_of_a_sync_is_not_taken_for_its_own(destination, message):
    """Another company's sync has just made it, and a third one has written over the note on whose it is."""
    destination.write(account("1", "One"), coded("1", "One", 2))
    destination.write(theirs("9", "Nine"))
    field = f"/custom_fields/{destination.field(ACCOUNTS)['gid']}"
    made = {"method": "POST", "path": f"{field}/enum_options", "data": {"name": "3000 Fees"}}
    destination.asana.fault(
        action="meanwhile", method="GET", path=rf"^{field}\?opt_fields=name", person=KARI, does=[made]
    )
    destination.write(message)
    assert destination.disturbed
    assert sorted(destination.options()) == ["1 One", "3000 Fees", "3000 Sales", "9 Nine"]
    destination.fresh_log()
    destination.write(message)
    assert destination.written == []


def test_three_companies_at_once(destination):
    destination.asana.settings(write_latency=0.01)
    destination.write(account("1", "One"))
    companies = {"4100251": "Ours", OTHER: "Theirs", "77": "Third"}
    codes = [str(number) for number in range(3000, 3008)]
    for version in (1, 2):
        processes = [
            destination.start(*(account(code, f"{name} {version}", company_id=company) for code in codes))
            for company, name in companies.items()
        ]
        assert [destination.finish(process).code for process in processes] == [0, 0, 0]
        names = {f"{code} {name} {version}" for code in codes for name in companies.values()}
        assert set(destination.options()) == {"1 One", *names}


def test_what_a_killed_sync_meant_to_make_is_whose_makes_it(destination):
    destination.write(account("1", "One"))
    destination.asana.fault(action="drop", method="POST", path=OPTIONS, times=None)
    destination.asana.clear_log()
    process = destination.start(theirs("6800", "Office"))
    until(lambda: destination.disturbed or not process.is_alive())
    process.kill()
    process.join(240)
    destination.asana.control("DELETE", "faults")
    destination.write(account("6800", "Office"))
    destination.fresh_log()
    destination.write(account("6800", "Office"))
    assert destination.written == []
    destination.write(account("6800", "Rent"))
    assert sorted(destination.options()) == ["1 One", "6800 Rent"]


@pytest.mark.parametrize("company", ["4100251", OTHER])
def test_a_value_of_two_segments_that_came_together_belongs_to_both(destination, company):
    name = "Visma cost centers"
    destination.write(cost_center("1", "One"))
    both = [cost_center("100", "Oslo", segment=segment, company_id=company) for segment in (1, 2)]
    destination.write(*both)
    destination.fresh_log()
    destination.write(*both)
    assert destination.written == []
    destination.write(cost_center("100", "Oslo", segment=1, company_id=company, active=False))
    assert destination.options(name) == ["1 One", "100 Oslo"]
    destination.write(cost_center("100", "Oslo", segment=2, company_id=company, active=False))
    assert destination.options(name) == ["1 One"]


# --- descriptions the token may not write ------------------------------------------------------------------------------


def forbid(destination, *what, status=403):
    words = "You do not have access to edit this custom field."
    for method, path in what:
        destination.asana.fault(action="error", status=status, message=words, method=method, path=path, times=None)


LOCKED = [("PUT", DESCRIPTION), ("POST", OPTIONS), ("PUT", "^/enum_options/")]


@pytest.fixture
def unmarked(destination):
    """A field whose description has no note yet."""
    destination.write(coded("3000", "Sales"), account("1", "One"))
    describe(destination, "General ledger accounts of the lines.")
    return destination


@pytest.mark.parametrize("what", [LOCKED, LOCKED[:1]], ids=["nothing", "options alone"])
def test_options_that_are_there_serve_a_token_that_may_not_change_the_field(unmarked, what):
    forbid(unmarked, *what)
    run = unmarked.write(
        coded("3000", "Sales of old", 2), account("3000", "Sales"), state("purchase_orders"), state("accounts", 2)
    )
    assert run.state_ids == [1, 2]
    assert shown(unmarked, 2) == ["3000 Sales"]
    assert "Make the token's user an editor of the field" in "".join(run.warnings)


def test_options_are_made_where_only_the_description_is_locked(unmarked):
    forbid(unmarked, *LOCKED[:1])
    unmarked.write(coded("4000", "Goods", 2), account("3000", "Sales, new"))
    assert shown(unmarked, 2) == ["4000 Goods"]
    assert set(unmarked.options()) >= {"3000 Sales", "3000 Sales, new"}, "another company may have the old one"


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_second_company_that_may_not_write_the_note_changes_nothing_of_the_first(destination, status):
    destination.write(account("3000", "Sales"), account("1", "One"))
    before = gids(destination)
    forbid(destination, *LOCKED[:1], status=status)
    for messages in (
        [theirs("3000", "Fees"), theirs("1", "One")],
        [theirs("3000", "New"), theirs("1", "One", active=False)],
    ):
        assert destination.write(*messages, state("accounts")).state_ids == [1]
        after = gids(destination)
        assert {name: after.get(name) for name in before} == before
        assert {"3000 Sales", "1 One"} <= set(destination.options())


@pytest.mark.parametrize("company", ["4100251", OTHER])
def test_an_option_that_is_missing_names_the_field_and_who_can_help(destination, company):
    destination.write(account("3000", "Sales"))
    forbid(destination, *LOCKED)
    run = destination.write(account("4000", "Goods", company_id=company), code=1)
    assert run.error["failure_type"] == "config_error"
    assert "Adding the option “4000 Goods” of the field “Visma GL accounts” failed" in run.error["message"]
    assert "makes the token's user an editor of the field" in run.error["message"]
