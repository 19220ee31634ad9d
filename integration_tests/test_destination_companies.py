"""Two companies, two connections, one workspace: neither touches the other's options, assignees or documents."""

import pytest

from integration_tests.destination_messages import (
    account,
    catalog,
    cost_center,
    invoice,
    invoice_id,
    line,
    order,
    order_id,
    state,
    status,
)
from integration_tests.destination_support import KARI

OTHER = "4100252"
SOREN = "soren.ostergaard@nordlys.example"
ACCOUNTS = "Visma GL accounts"


def theirs(code, description, **changes):
    return account(code, description, company_id=OTHER, **changes)


def coded(code, description, number=1, company="4100251"):
    coded_line = line(account={"number": code, "description": description})
    return order(number, company_id=company, lines=[coded_line])


def gids(destination, name=ACCOUNTS):
    return {option["name"]: option["gid"] for option in destination.field(name)["options"]}


def shown(destination, number=1, company="4100251"):
    visma_id = order_id(number).replace("4100251", company)
    return destination.task(visma_id)["fields"][ACCOUNTS]


def test_one_code_means_two_things_and_stays_so(destination):
    ours, other = [account("3000", "Sales")], [theirs("3000", "Fees")]
    destination.write(*ours)
    destination.write(*other)
    assert sorted(destination.options()) == ["3000 Fees", "3000 Sales"]
    destination.fresh_log()
    for messages in (ours, other, ours, other):
        destination.write(*messages)
    assert destination.written == []


def test_a_renamed_account_renames_its_own_companys_option(destination):
    destination.write(account("3000", "Sales"))
    destination.write(theirs("3000", "Fees"))
    before = gids(destination)
    destination.write(theirs("3000", "Fees and more"))
    destination.write(account("3000", "Sales, home"))
    after = gids(destination)
    assert after == {"3000 Fees and more": before["3000 Fees"], "3000 Sales, home": before["3000 Sales"]}


def test_a_closed_account_disables_its_own_companys_option(destination):
    destination.write(account("3000", "Sales"), account("1", "One"))
    destination.write(theirs("3000", "Fees"))
    destination.write(theirs("3000", "Fees", active=False))
    assert sorted(destination.options()) == ["1 One", "3000 Sales"]
    destination.write(account("3000", "Sales", active=False))
    assert destination.options() == ["1 One"]
    destination.write(theirs("3000", "Fees"))
    assert sorted(destination.options()) == ["1 One", "3000 Fees"]


@pytest.mark.parametrize("first", ["ours", "theirs"])
def test_an_option_with_the_same_text_is_shared_and_disabled_only_when_inactive_in_both(destination, first):
    open_, closed = (account("6800", "Office"), account("6800", "Office", active=False))
    open_too, closed_too = (theirs("6800", "Office"), theirs("6800", "Office", active=False))
    destination.write(account("1", "One"), open_)
    destination.write(open_too)
    assert destination.options() == ["1 One", "6800 Office"]
    order_ = (closed, closed_too) if first == "ours" else (closed_too, closed)
    destination.write(order_[0])
    assert destination.options() == ["1 One", "6800 Office"]
    destination.fresh_log()
    destination.write(order_[0])
    assert destination.written == []
    destination.write(order_[1])
    assert destination.options() == ["1 One"]
    destination.write(open_)
    assert destination.options() == ["1 One", "6800 Office"]
    destination.write(closed)
    assert destination.options() == ["1 One"]


def test_a_shared_option_keeps_its_name_when_one_company_renames_its_account(destination):
    destination.write(account("6800", "Office"), coded("6800", "Office", 1))
    destination.write(theirs("6800", "Office"), coded("6800", "Office", 1, OTHER))
    before = gids(destination)["6800 Office"]
    destination.write(theirs("6800", "Rent and office"))
    destination.write(coded("6800", "Rent and office", 1, OTHER))
    assert gids(destination)["6800 Office"] == before
    assert sorted(destination.options()) == ["6800 Office", "6800 Rent and office"]
    assert (shown(destination), shown(destination, 1, OTHER)) == (["6800 Office"], ["6800 Rent and office"])
    # Now that each has its own, each may rename it.
    destination.write(account("6800", "Supplies"))
    assert gids(destination)["6800 Supplies"] == before


def test_documents_take_the_options_of_their_company(destination):
    """Without the stream of accounts, too: the lines make the options, and whose they are is known all the same."""
    destination.write(coded("3000", "Sales"))
    destination.write(coded("3000", "Fees", company=OTHER))
    destination.write(theirs("3000", "Fees, new"), account("1", "One"))
    # A line that calls the account by an older name means its company's option.
    destination.write(coded("3000", "Sales of old"), coded("3000", "Fees", 2, OTHER))
    assert (shown(destination), shown(destination, 1, OTHER)) == (["3000 Sales"], ["3000 Fees, new"])
    assert shown(destination, 2, OTHER) == ["3000 Fees, new"]
    assert sorted(destination.options()) == ["1 One", "3000 Fees, new", "3000 Sales"]


def test_a_document_that_shares_an_option_keeps_it_when_the_other_company_renames_its_account(destination):
    destination.write(account("3000", "Sales"))
    destination.write(coded("3000", "Sales", company=OTHER))
    assert shown(destination, 1, OTHER) == ["3000 Sales"]
    destination.write(account("3000", "Sales, home"))
    assert shown(destination, 1, OTHER) == ["3000 Sales"]
    assert sorted(destination.options()) == ["3000 Sales", "3000 Sales, home"]


def test_three_companies_and_codes_that_begin_alike(destination):
    destination.write(account("30", "A"), account("3000", "A"))
    destination.write(theirs("30", "B"), theirs("3000", "B"))
    third = [account(code, "C", company_id="77") for code in ("30", "3000")]
    destination.write(*third)
    before = gids(destination)
    destination.write(account("30", "C, ours", company_id="77"))
    assert gids(destination) == {
        **{name: gid for name, gid in before.items() if name != "30 C"},
        "30 C, ours": before["30 C"],
    }


def test_an_option_a_person_renamed_stays_its_companys(destination):
    destination.write(account("3000", "Sales"))
    destination.write(theirs("3000", "Fees"))
    before = gids(destination)
    destination.as_person("PUT", f"/enum_options/{before['3000 Fees']}", name="3000 Honorar")
    destination.write(account("3000", "Sales, home"))
    assert sorted(destination.options()) == ["3000 Honorar", "3000 Sales, home"]
    destination.write(theirs("3000", "Fees, new"))
    assert gids(destination)["3000 Fees, new"] == before["3000 Fees"]


# --- the mark --------------------------------------------------------------------------------------------------------


def describe(destination, text, name=ACCOUNTS):
    destination.as_person("PUT", f"/custom_fields/{destination.field(name)['gid']}", description=text)


def description(destination, name=ACCOUNTS):
    path = f"/custom_fields/{destination.field(name)['gid']}"
    return destination.asana.as_person("GET", path, query={"opt_fields": "description"})["description"] or ""


def test_people_may_write_around_the_mark(destination):
    destination.write(account("3000", "Sales"))
    destination.write(theirs("3000", "Fees"))
    before = gids(destination)
    describe(destination, f"Our own words.\n\n  {description(destination).upper().replace('; ', ' ;  ')}\nAnd more.")
    destination.write(theirs("3000", "Fees, new"))
    destination.write(account("3000", "Sales, new"))
    assert gids(destination) == {"3000 Fees, new": before["3000 Fees"], "3000 Sales, new": before["3000 Sales"]}
    assert "OUR OWN WORDS" in description(destination).upper()


@pytest.mark.parametrize("left", ["Our accounts", ""], ids=["other words", "nothing"])
@pytest.mark.parametrize("with_documents", [False, True], ids=["options only", "documents too"])
def test_where_the_mark_is_lost_nothing_is_renamed_or_disabled_that_may_be_anothers(destination, left, with_documents):
    documents = [coded("9000", "Other")] if with_documents else []
    destination.write(account("1", "One"), *documents)
    destination.write(theirs("3000", "Fees"), theirs("4000", "Goods"))
    before = gids(destination)
    describe(destination, left)
    destination.write(account("3000", "Sales"), account("4000", "Goods", active=False))
    after = gids(destination)
    assert {name: after.get(name) for name in before} == before
    assert "3000 Sales" in after
    assert "4000 Goods" in destination.options()
    destination.write(account("3000", "Sales, new"))
    assert gids(destination)["3000 Sales, new"] == after["3000 Sales"], "what was made since then is known again"


@pytest.mark.parametrize("cut", [0.6, 0.9])
def test_a_mark_somebody_cut_counts_as_lost(destination, cut):
    destination.write(account("1", "One"))
    destination.write(*(theirs(f"{n}", f"Fees {n}") for n in range(3000, 3010)))
    before = gids(destination)
    text = description(destination)
    inside = text.index("[")
    describe(destination, text[:inside] + text[inside:][: int(len(text[inside:]) * cut)] + "]")
    destination.write(*(account(f"{n}", f"Sales {n}") for n in range(3000, 3010)))
    after = gids(destination)
    assert {name: after.get(name) for name in before} == before


def test_a_field_of_0_1_0_is_renamed_and_disabled_as_before(destination):
    destination.write(account("3000", "Sales"), account("1", "One"))
    describe(destination, "General ledger accounts of the lines.")
    before = gids(destination)
    destination.write(account("3000", "Sales, home"), account("1", "One", active=False))
    assert gids(destination)["3000 Sales, home"] == before["3000 Sales"]
    assert destination.options() == ["3000 Sales, home"]


def test_one_company_costs_one_note_and_no_list(destination):
    run = destination.write(*(account(f"{n}", f"Account {n}") for n in range(1000, 1040)), state("accounts"))
    assert run.state_ids == [1]
    assert description(destination) == (
        "General ledger accounts of the lines.\n[Visma sync: field=Visma GL accounts; owners=4100251]"
    )
    destination.fresh_log()
    destination.write(account("1000", "New"), account("2000", "Another"))
    assert [entry for entry in destination.written if "/custom_fields/" in entry and "options" not in entry] == []


@pytest.mark.parametrize("action", ["lost_answer", "drop", "truncate"])
@pytest.mark.parametrize("path", ["^/custom_fields/[0-9]+", "enum_options"])
def test_lost_answers_do_not_mix_up_whose_options_are(destination, action, path):
    destination.write(account("3000", "Sales"))
    destination.asana.fault(action=action, path=path, times=3)
    destination.write(theirs("3000", "Fees"), theirs("3010", "Rent"))
    before = gids(destination)
    destination.write(account("3000", "Sales, new"), account("3010", "Wages"))
    after = gids(destination)
    assert {name: after[name] for name in ("3000 Fees", "3010 Rent")} == {
        name: before[name] for name in ("3000 Fees", "3010 Rent")
    }
    assert len(after) == 4


def test_a_description_that_asana_does_not_take_makes_the_sync_careful(destination):
    destination.write(account("3000", "Sales"))
    destination.asana.fault(
        action="error", status=400, message="description: too long", method="PUT", path="^/custom_fields/", times=None
    )
    run = destination.write(theirs("3000", "Fees"), state("accounts"))
    assert run.state_ids == [1]
    assert sorted(destination.options()) == ["3000 Fees", "3000 Sales"]
    assert "on whose its options are" in run.warnings[0]
    destination.write(theirs("3000", "Fees, new"))
    assert "3000 Sales" in destination.options()


def test_five_hundred_options_of_two_companies(destination):
    destination.write(*(account(f"{n}", f"Ours {n}") for n in range(1000, 1250)))
    run = destination.write(*(theirs(f"{n}", f"Theirs {n}") for n in range(1000, 1260)), state("accounts"))
    assert len(destination.options()) == 500
    assert run.state_ids == [1]
    before = gids(destination)
    destination.write(theirs("1000", "New"), account("1249", "New"))
    after = gids(destination)
    assert (after["1000 New"], after["1249 New"]) == (before["1000 Theirs 1000"], before["1249 Ours 1249"])


# --- assignees and documents -----------------------------------------------------------------------------------------


def to(assignee, supplier="50012"):
    return [{"supplier": supplier, "assignee": assignee}]


def test_a_mapping_by_supplier_number_reaches_its_own_company_alone(destination):
    destination.write(invoice(1), invoice(1, company_id=OTHER))
    mine, other = invoice_id(1), invoice_id(1).replace("4100251", OTHER)
    destination.write(invoice(2), supplier_mapping=to(KARI))
    assert (destination.task(mine)["assignee"], destination.task(other)["assignee"]) == (KARI, None)
    destination.write(invoice(2, company_id=OTHER), supplier_mapping=to(SOREN))
    assert (destination.task(mine)["assignee"], destination.task(other)["assignee"]) == (KARI, SOREN)


def test_a_mapping_reaches_the_kinds_of_documents_its_connection_brings(destination):
    destination.write(invoice(1), order(1))
    destination.write(order(2), supplier_mapping=to(KARI), configured=catalog("purchase_orders"))
    assert destination.task(order_id(1))["assignee"] == KARI
    assert destination.task(invoice_id(1))["assignee"] is None


@pytest.mark.parametrize("companies", [1, 2])
def test_a_sync_without_records_assigns_where_only_one_company_is(destination, companies):
    destination.write(invoice(1), *([invoice(1, company_id=OTHER)] if companies == 2 else []))
    destination.write(state("supplier_invoices"), supplier_mapping=to(KARI), configured=catalog("supplier_invoices"))
    assert destination.task(invoice_id(1))["assignee"] == (KARI if companies == 1 else None)


def test_missing_documents_are_those_of_the_company_and_streams_that_came(destination):
    note = {"documentType": "CreditNote", "customer": {"number": "1", "name": "Kunde"}, "supplier": None}
    sales = [invoice(n, "customer_invoices", customer={"number": "1", "name": "Kunde"}) for n in (1, 2)]
    destination.write(
        *sales, invoice(9, "customer_credit_notes", **note), invoice(1, "customer_invoices", company_id=OTHER)
    )
    configured = catalog("customer_invoices", "customer_credit_notes", customer_invoices="overwrite")
    destination.write(sales[0], status("customer_invoices"), configured=configured, mark_missing=True)
    gone = {
        visma_id for visma_id, task in destination.tasks.items() if task["fields"]["Visma status"] == "Gone from Visma"
    }
    assert gone == {"CustomerInvoiceId:4100251/Invoice/2"}


# --- cost centres ----------------------------------------------------------------------------------------------------


def test_cost_centres_of_two_companies_are_apart_as_well(destination):
    destination.write(cost_center("100", "Oslo"), cost_center("100", "Bygg", segment=2))
    destination.write(cost_center("100", "Bergen", company_id=OTHER))
    name = "Visma cost centers"
    before = gids(destination, name)
    destination.write(cost_center("100", "Bergen sentrum", company_id=OTHER))
    destination.write(cost_center("100", "Byggherre", segment=2))
    assert gids(destination, name) == {
        "100 Oslo": before["100 Oslo"],
        "100 Bergen sentrum": before["100 Bergen"],
        "100 Byggherre": before["100 Bygg"],
    }
