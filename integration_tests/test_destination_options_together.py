"""Options that documents need and the field lacks are added together, each once, by whoever needs them."""

from integration_tests.destination_messages import invoice, invoice_id
from integration_tests.waiting import until

ACCOUNTS = range(1, 13)


def billed(number, account, **changes):
    """An invoice whose one line names an account."""
    named = {"number": f"{4000 + account}", "description": f"Purchases {account}"}
    return invoice(number, invoiceLines=[{"lineNumber": 1, "account": named}], **changes)


def names(accounts, prefix="Purchases"):
    return [f"{4000 + account} {prefix} {account}" for account in accounts]


def adds(destination):
    return [e for e in destination.requests("POST") if e["path"].endswith("/enum_options")]


def test_documents_add_their_options_at_the_same_time(destination):
    destination.write(billed("seed", 0), line_items="none")
    destination.fresh_log()
    destination.asana.fault(action="delay", method="POST", path="/enum_options", times=None, seconds=3600)
    running = destination.start(*(billed(n, n) for n in ACCOUNTS), line_items="none")
    # One after the other, the second would wait for the first one's answer.
    until(lambda: len(adds(destination)) >= 6)
    destination.asana.control("DELETE", "faults")
    assert destination.finish(running).code == 0
    assert sorted(destination.options()) == sorted(names([0, *ACCOUNTS]))


def test_each_option_is_added_once_however_many_documents_need_it(destination):
    destination.write(billed("seed", 0), line_items="none")
    destination.fresh_log()
    destination.asana.settings(write_latency=0.05)
    destination.write(*(billed(n, n % 12 + 1) for n in range(60)), line_items="none")
    assert len(adds(destination)) == 12
    for number in range(60):
        assert destination.task(invoice_id(number))["fields"]["Visma GL accounts"] == names([number % 12 + 1])


def test_the_last_room_is_given_once_and_the_rest_is_named(destination):
    destination.write(billed("seed", 0), line_items="none")
    gid = destination.field("Visma GL accounts")["gid"]
    for number in range(494):
        destination.as_person("POST", f"/custom_fields/{gid}/enum_options", name=f"9{number:03d} Theirs")
    destination.asana.settings(write_latency=0.05)
    run = destination.write(*(billed(n, n) for n in ACCOUNTS), line_items="none")
    assert len(destination.options(enabled=None)) == 500
    [warning] = [text for text in run.warnings if "at Asana's limit of 500 options" in text]
    assert sum(f" Purchases {account}" in warning.replace(",", " ").replace(".", " ") for account in ACCOUNTS) >= 7
    filled = [task for task in destination.tasks.values() if task["fields"].get("Visma GL accounts")]
    assert len(filled) == 6


def test_one_refused_option_is_the_error_of_its_document_alone(destination):
    destination.write(billed("seed", 0), line_items="none")
    destination.asana.fault(
        action="error",
        method="POST",
        path="/enum_options",
        body="4005 ",
        times=None,
        status=400,
        message="Not accepted",
    )
    run = destination.write(*(billed(n, n) for n in ACCOUNTS), line_items="none", on_record_error="quarantine")
    assert "1 quarantined" in run.log
    assert sorted(destination.options()) == sorted(names([0, *(each for each in ACCOUNTS if each != 5)]))


def test_options_whose_answers_are_lost_are_added_once(destination):
    destination.write(billed("seed", 0), line_items="none")
    destination.asana.fault(action="lost_answer", method="POST", path="/enum_options", times=4)
    destination.write(*(billed(n, n) for n in ACCOUNTS), line_items="none")
    assert sorted(destination.options()) == sorted(names([0, *ACCOUNTS]))
    destination.fresh_log()
    destination.write(*(billed(n, n) for n in ACCOUNTS), line_items="none")
    assert destination.written == []


def test_a_second_company_adds_its_own_options_once(destination):
    destination.write(billed("seed", 0), line_items="none")
    other = {"company_id": "77"}
    destination.write(billed("first", 100, **other), line_items="none")
    destination.fresh_log()
    destination.write(*(billed(n, n, **other) for n in ACCOUNTS), line_items="none")
    assert len(adds(destination)) == 12
    destination.fresh_log()
    destination.write(*(billed(n, n, **other) for n in ACCOUNTS), line_items="none")
    assert destination.written == []
