"""Accounts and cost centres as options of a field: by code, renamed in place, disabled, 500 at most."""

import pytest

from integration_tests.destination_messages import account, cost_center, line, order, order_id, record, segments, state


def test_accounts_and_cost_centres_become_options(destination):
    run = destination.write(
        account("3000", "Sales"),
        account("6800", "Office supplies"),
        account("9999", None),
        cost_center("330", "Marketing"),
        state("accounts", 1),
        state("dimension_values", 2),
    )
    assert destination.options() == ["3000 Sales", "6800 Office supplies", "9999"]
    assert destination.options("Visma cost centers") == ["330 Marketing"]
    assert run.state_ids == [1, 2]
    assert "accounts: 3 created." in run.log


def test_replaying_the_vocabulary_writes_nothing(destination):
    messages = [account("3000", "Sales"), account("6800"), cost_center("330", "Marketing")]
    destination.write(*messages)
    destination.fresh_log()
    destination.write(*messages)
    assert destination.written == []


def test_a_renamed_account_renames_its_option_in_place(destination):
    destination.write(
        account("6800", "Office"), order(lines=[line(account={"number": "6800", "description": "Office"})])
    )
    gid = destination.field("Visma GL accounts")["options"][0]["gid"]
    destination.write(account("6800", "Office & <more>"))
    [option] = destination.field("Visma GL accounts")["options"]
    assert (option["gid"], option["name"]) == (gid, "6800 Office & <more>")
    assert destination.task(order_id())["fields"]["Visma GL accounts"] == ["6800 Office & <more>"]


def test_documents_use_the_options_name_whatever_their_lines_call_it(destination):
    destination.write(
        account("6800", "Office supplies"), order(lines=[line(account={"number": "6800", "description": "Old name"})])
    )
    assert destination.options() == ["6800 Office supplies"]
    assert destination.task(order_id())["fields"]["Visma GL accounts"] == ["6800 Office supplies"]


def test_codes_that_begin_alike_are_different(destination):
    destination.write(account("68", "A"), account("6800", "B"), account("68 00", "C"), account("6", None))
    destination.fresh_log()
    destination.write(account("68", "A"), account("6800", "B"), account("68 00", "C"), account("6", None))
    assert destination.written == []
    assert sorted(destination.options()) == ["6", "68 00 C", "68 A", "6800 B"]


def test_codes_that_begin_alike_are_different_in_any_order(destination):
    destination.write(account("68 00", "C"), account("68", "A"))
    assert destination.options() == ["68 00 C", "68 A"]
    destination.write(
        order(1, lines=[line(account={"number": "68", "description": "A"})]),
        order(2, lines=[line(account={"number": "68 00", "description": "C"})]),
    )
    shown = [destination.task(order_id(n))["fields"]["Visma GL accounts"] for n in (1, 2)]
    assert shown == [["68 A"], ["68 00 C"]]


def test_names_of_options_stand_on_one_line(destination):
    messages = [account("68", "Office,\n supplies;  other\t"), account("69", "x" * 1500)]
    destination.write(*messages)
    assert destination.options() == ["68 Office, supplies; other", f"69 {'x' * 1021}"]


def test_an_inactive_account_is_disabled_and_comes_back(destination):
    destination.write(account("1", "One"), account("2", "Two"))
    destination.write(account("1", "One"), account("2", "Two", active=False))
    assert destination.options(enabled=True) == ["1 One"]
    assert destination.options(enabled=False) == ["2 Two"]
    destination.write(account("2", "Two"))
    assert destination.options() == ["1 One", "2 Two"]


def test_the_last_enabled_option_stays_with_a_warning(destination):
    destination.write(account("1", "One"))
    run = destination.write(account("1", "One", active=False), state("accounts"))
    assert destination.options() == ["1 One"]
    assert run.state_ids == [1]
    assert any("1 One" in text for text in run.warnings)


def test_an_account_that_was_never_active_is_not_made(destination):
    destination.write(account("1", "One"), account("2", "Two", active=False))
    assert destination.options(enabled=None) == ["1 One"]


def test_five_hundred_is_the_limit_and_the_rest_is_one_warning(destination):
    run = destination.write(*(account(f"{n:04d}", f"Account {n}") for n in range(1, 531)), state("accounts"))
    assert len(destination.options()) == 500
    [warning] = run.warnings
    assert "500 options" in warning
    assert all(f"{n:04d} Account {n}" in warning for n in range(501, 531))
    assert "0500 Account 500" not in warning
    assert run.state_ids == [1]
    destination.fresh_log()
    coded = order(
        lines=[line(account={"number": "0510", "description": "Account 510"}), line(2, account={"number": "0001"})]
    )
    destination.write(coded)
    assert destination.task(order_id())["fields"]["Visma GL accounts"] == ["0001 Account 1"]
    destination.fresh_log()
    destination.write(coded)
    assert destination.written == []


def test_a_document_with_a_disabled_account_replays_without_writes(destination):
    destination.write(account("1", "One"), account("2", "Two"))
    message = order(lines=[line(account={"number": "2", "description": "Two"})])
    destination.write(message)
    destination.write(account("1", "One"), account("2", "Two", active=False))
    destination.fresh_log()
    destination.write(message)
    assert destination.written == []


def test_two_segments_that_share_a_code(destination):
    messages = [cost_center("10", "Bergen", segment=2), cost_center("10", "Sales", segment=1)]
    destination.write(*messages)
    assert sorted(destination.options("Visma cost centers")) == ["10 Bergen", "10 Sales"]
    destination.fresh_log()
    destination.write(*messages)
    assert destination.written == []


CENTERS = "Visma cost centers"


def costed(number, *codes):
    """An order whose line has these segments of the subaccount: (id, what the segment is called, code, description)."""
    parts = [
        {"segmentId": n, "segmentDescription": name, "segmentValue": code, "segmentValueDescription": text}
        for n, name, code, text in codes
    ]
    return order(number, lines=[line(sub={"segments": parts})])


@pytest.mark.parametrize("dimension", ["INSITE", "CUSTOMER", "PROJECT", "INVENTORY", "subaccounts"])
def test_values_of_other_dimensions_make_no_option(destination, dimension):
    run = destination.write(
        cost_center("BERGEN", "Hovedlager", dimension),
        cost_center("100", "Oslo", "SubAccount"),
        state("dimension_values"),
    )
    assert destination.options(CENTERS) == ["100 Oslo"]
    assert run.state_ids == [1]
    assert "dimension_values: 1 created, 1 ignored." in run.log


def test_the_same_code_in_two_segments_is_two_things(destination):
    destination.write(
        costed(1, (1, "Department", "100", "Oslo"), (2, "Project", "100", "Bygg")),
        costed(2, (2, "Project", "100", "Bygg")),
        costed(3, (1, "Department", "100", "Oslo")),
    )
    values = [destination.task(order_id(n))["fields"][CENTERS] for n in (1, 2, 3)]
    assert values == [["100 Bygg", "100 Oslo"], ["100 Bygg"], ["100 Oslo"]]


@pytest.mark.parametrize("first", [1, 2])
def test_a_renamed_segment_value_renames_the_option_of_its_segment(destination, first):
    values = [cost_center("100", "Oslo", segment=1), cost_center("100", "Bygg", segment=2)]
    destination.write(*(values if first == 1 else values[::-1]))
    before = {each["name"]: each["gid"] for each in destination.field(CENTERS)["options"]}
    # Each in a sync of its own, as they come when only one has changed.
    destination.write(cost_center("100", "Byggherre", segment=2))
    destination.write(cost_center("100", "Oslo sentrum", segment=1))
    after = {each["gid"]: each["name"] for each in destination.field(CENTERS)["options"]}
    assert after == {before["100 Oslo"]: "100 Oslo sentrum", before["100 Bygg"]: "100 Byggherre"}
    # Lines that still say the old words mean the same options.
    destination.write(costed(1, (1, "Department", "100", "Oslo"), (2, "Project", "100", "Bygg")))
    assert destination.task(order_id(1))["fields"][CENTERS] == ["100 Byggherre", "100 Oslo sentrum"]
    assert len(destination.options(CENTERS)) == 2


def test_a_closed_segment_value_disables_the_option_of_its_segment(destination):
    destination.write(cost_center("100", "Oslo", segment=1), cost_center("100", "Bygg", segment=2))
    destination.write(cost_center("100", "Bygg", segment=2, active=False))
    assert destination.options(CENTERS) == ["100 Oslo"]


def test_a_value_with_the_same_text_in_two_segments_is_one_option(destination):
    both = [cost_center("100", "Felles", segment=n) for n in (1, 2)]
    destination.write(*both, cost_center("1", "One"))
    assert destination.options(CENTERS) == ["1 One", "100 Felles"] or destination.options(CENTERS) == [
        "100 Felles",
        "1 One",
    ]
    destination.write(cost_center("100", "Felles", segment=2, active=False))
    assert "100 Felles" in destination.options(CENTERS)
    destination.write(cost_center("100", "Felles", segment=1, active=False))
    assert destination.options(CENTERS) == ["1 One"]


@pytest.mark.parametrize("wanted", ["1", "department", " Department "])
def test_only_the_segments_of_the_settings_are_cost_centres(destination, wanted):
    dimension = {
        "company_id": "4100251",
        "id": "SUBACCOUNT",
        "segments": [{"segmentId": 1, "description": "Department"}, {"segmentId": 2, "description": "Project"}],
    }
    destination.write(
        record("dimensions", dimension),
        cost_center("100", "Oslo", segment=1),
        cost_center("3000", "Bygg", segment=2),
        costed(1, (1, "Department", "200", "Bergen"), (2, "Project", "4000", "Vei")),
        cost_center_segments=[wanted],
    )
    assert sorted(destination.options(CENTERS)) == ["100 Oslo", "200 Bergen"]
    assert destination.task(order_id(1))["fields"][CENTERS] == ["200 Bergen"]


def test_values_say_what_their_segment_is_called(destination):
    run = destination.write(
        cost_center("100", "Oslo", segmentDescription="Department"),
        cost_center("3000", "Bygg", segment=2, segmentDescription="Project"),
        cost_center_segments=["department"],
    )
    assert destination.options(CENTERS) == ["100 Oslo"]
    assert run.warnings == []


def test_a_segment_whose_name_is_not_known_is_told(destination):
    run = destination.write(cost_center("100", "Oslo"), state("dimension_values"), cost_center_segments=["Department"])
    assert run.state_ids == [1]
    assert any("cost_center_segments: the description of subaccount segment 1 is not known" in w for w in run.warnings)


def test_the_field_says_what_it_holds(destination):
    destination.write(cost_center("100", "Oslo"))
    gid = destination.field(CENTERS)["gid"]
    field = destination.asana.as_person("GET", f"/custom_fields/{gid}", query={"opt_fields": "description"})
    assert "the values of the subaccount's segments" in field["description"]


# --- accounts that close ---------------------------------------------------------------------------------------------

ONE, TWO = account("1", "One"), account("2", "Two", active=False)


def on(*codes):
    names = {"1": "One", "2": "Two", "3": "Three"}
    return order(lines=[line(n, account={"number": c, "description": names[c]}) for n, c in enumerate(codes, 1)])


@pytest.mark.parametrize("first", ["account", "line"])
@pytest.mark.parametrize("told", [True, False], ids=["a state between", "at once"])
def test_a_line_does_not_make_an_inactive_account_active(destination, first, told):
    messages = [TWO, on("1", "2")] if first == "account" else [on("1", "2"), TWO]
    between = [state(messages[0]["record"]["stream"])] if told else []
    last = state(messages[1]["record"]["stream"], 2)
    run = destination.write(ONE, messages[0], *between, messages[1], last)
    assert run.state_ids[-1] == 2
    assert destination.options() == ["1 One"]
    destination.fresh_log()
    destination.write(ONE, messages[0], *between, messages[1], last)
    assert destination.written == []
    destination.write(on("1"))
    assert destination.task(order_id())["fields"]["Visma GL accounts"] == ["1 One"]


def test_an_account_that_opens_again_is_enabled_though_a_line_named_it(destination):
    destination.write(ONE, TWO, on("1", "2"))
    destination.write(account("2", "Two"))
    assert destination.options() == ["1 One", "2 Two"]


def test_what_no_line_names_any_more_goes_though_its_account_is_closed(destination):
    destination.write(on("1", "2", "3"))
    destination.write(ONE, TWO, account("3", "Three"))
    assert destination.task(order_id())["fields"]["Visma GL accounts"] == ["1 One", "2 Two", "3 Three"]
    destination.write(on("1", "2"))
    assert destination.task(order_id())["fields"]["Visma GL accounts"] == ["1 One", "2 Two"], "it is still named"
    destination.write(on("1"))
    assert destination.task(order_id())["fields"]["Visma GL accounts"] == ["1 One"]
    destination.fresh_log()
    destination.write(on("1"))
    assert destination.written == []
    assert destination.options(enabled=False) == ["2 Two"]


def test_options_are_named_when_they_are_written(destination):
    """The account is renamed after the document was planned and before it is written: the create waits in between."""
    destination.write(ONE, account("2", "Two"), on("1"))
    destination.asana.fault(action="delay", method="POST", path="/stories|/sections", seconds=0.1, times=1)
    messages = [
        order(n, lines=[line(account={"number": "2", "description": "Two, said otherwise"})]) for n in range(1, 30)
    ]
    destination.write(*messages, account("2", "Two, renamed"), state("accounts"))
    assert sorted(destination.options(enabled=None)) == ["1 One", "2 Two, renamed"]
    shown = {tuple(task["fields"]["Visma GL accounts"]) for task in destination.tasks.values()}
    assert shown == {("2 Two, renamed",)}


def test_another_stream_as_options_of_a_field_of_its_own(destination):
    entry = {"name": "suppliers", "write_as": {"type": "enum_options", "custom_field": "Our suppliers"}}
    destination.write(record("suppliers", {"number": "7", "name": "Nordic"}), streams=[entry])
    assert destination.options("Our suppliers") == ["7 Nordic"]


def test_a_field_without_options_is_refused(destination):
    destination.as_person(
        "POST", "/custom_fields", workspace=destination.asana.WORKSPACE, name="Our suppliers", resource_subtype="text"
    )
    entry = {"name": "suppliers", "write_as": {"type": "enum_options", "custom_field": "Our suppliers"}}
    run = destination.write(record("suppliers", {"number": "7", "name": "Nordic"}), streams=[entry], code=1)
    assert "“Our suppliers” is of type text" in run.error["message"]
    assert run.error["failure_type"] == "config_error"


def test_a_code_that_is_missing_is_a_record_error(destination):
    run = destination.write(account("1", "One", accountCD=None), state("accounts"), code=1)
    assert "accountCD" in run.error["message"]
    assert run.states == []


def test_documents_create_the_options_they_need(destination):
    codes = segments(("330", "Marketing"), ("10", "Bergen"))
    destination.write(order(lines=[line(account={"number": "6800", "description": "Office"}, sub=codes)]))
    destination.write(account("6800", "Office"), account("3000", "Sales"), cost_center("330", "Marketing"))
    assert destination.options() == ["6800 Office", "3000 Sales"]
    assert sorted(destination.options("Visma cost centers")) == ["10 Bergen", "330 Marketing"]


def test_records_that_name_no_company_spoil_no_field(destination):
    """As another source may bring them, beside those of a company."""

    def nobodys(code, description, **changes):
        return account(code, description, company_id=None, **changes)

    first = [account("3000", "Sales"), nobodys("5000", "Freight"), nobodys("6000", "Rent")]
    assert destination.write(*first).warnings == []
    destination.fresh_log()
    assert destination.write(*first).warnings == []
    assert destination.written == []
    second = [account("3000", "Turnover"), nobodys("5000", "Transport"), nobodys("6000", "Rent", active=False)]
    assert destination.write(*second).warnings == []
    assert destination.options(enabled=None) == ["3000 Turnover", "5000 Transport", "6000 Rent"]
    assert destination.options() == ["3000 Turnover", "5000 Transport"]
