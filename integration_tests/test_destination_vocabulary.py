"""Accounts and cost centres as options of a field: by code, renamed in place, disabled, 500 at most."""

from integration_tests.destination_messages import account, line, order, order_id, record, segments, state


def cost_center(code, description=None, dimension="SUBACCOUNT", segment=1, **changes):
    data = {"company_id": "4100251", "dimensionId": dimension, "segmentId": segment, "valueId": code}
    return record("dimension_values", {**data, "description": description, "active": True, **changes})


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
