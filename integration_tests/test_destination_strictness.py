"""What an Asana stricter or more surprising than usual may do, and documents that come in awkward ways."""

import json
import threading

from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from destination_asana.destination import DestinationAsana
from destination_asana.sync import sync

from integration_tests.destination_messages import COMPANY, catalog, line, order, order_id, record, state
from integration_tests.destination_support import lines_of

LINES = [line(1, "Paper A4"), line(2, "Toner"), line(10, "Freight")]


def test_a_document_that_comes_twice_in_one_sync_has_its_lines_once(destination):
    destination.write(order(1, lines=LINES), order(1, lines=LINES, orderTotal=9.0), order(1, lines=LINES))
    names = lines_of(destination.task(order_id(1)), open_only=False)
    assert [name.split(".")[0] for name in names] == ["1", "2", "10"]


def test_lines_that_share_number_and_text_are_told_apart(destination):
    same = [line(1, "Paper A4"), line(1, "Paper A4"), line(2, "Toner")]
    destination.write(order(1, lines=same))
    destination.fresh_log()
    destination.write(order(1, lines=same))
    assert len(lines_of(destination.task(order_id(1)))) == 3
    assert destination.written == []


def test_a_task_that_search_still_tells_of_after_a_person_deleted_it_is_made_anew(destination):
    destination.write(order(1), order(2))
    gone = destination.task(order_id(1))["gid"]
    destination.as_person("DELETE", f"/tasks/{gone}")
    destination.write(order(1, status="Closed"), order(2, status="Closed"))
    assert destination.task(order_id(1))["gid"] != gone
    assert all(destination.task(order_id(number))["completed"] for number in (1, 2))


def test_fields_are_found_whatever_the_case_of_their_names(destination):
    workspace = destination.asana.config["workspace_gid"]
    destination.as_person("POST", "/custom_fields", workspace=workspace, name="VISMA ID", resource_subtype="text")
    destination.write(order(1))
    names = [each["name"] for each in destination.asana.state()["custom_fields"]]
    assert [name for name in names if name.casefold() == "visma id"] == ["VISMA ID"]
    destination.fresh_log()
    destination.write(order(1))
    assert destination.written == []


def test_texts_are_short_enough_though_an_emoji_counts_twice(destination):
    """As in UTF-16; how Asana counts is not documented."""
    words = "🧾 Kvittering på møte " * 60
    lines = [
        *(line(number, f"🧾 Rekvisita nr. {number}, blå, til møterommet") for number in range(1, 40)),
        line(40, words),
    ]
    messages = [
        order(1, supplier={"name": words}, lines=lines, note="🧾" * 30_000),
        order(2, lines=[line(1, "🧾" * 3000, account={"number": "3000", "description": words})], note="<🧾>" * 20_000),
    ]
    run = destination.write(*messages, state("purchase_orders"))
    assert run.state_ids == [1]
    task = destination.task(order_id(1))
    texts = task["name"], task["fields"]["Visma supplier"], *lines_of(task), *lines_of(destination.task(order_id(2)))
    assert max(in_utf_16(text) for text in texts) in (1023, 1024)
    assert task["fields"]["Visma line items"].startswith("10 × 🧾 Rekvisita nr. 1, blå, til møterommet; ")
    assert 900 < in_utf_16(task["fields"]["Visma line items"]) <= 1024
    destination.fresh_log()
    destination.write(*messages)
    assert destination.written == []


def in_utf_16(text):
    return len(text.encode("utf-16-le")) // 2


def test_a_field_people_made_with_fewer_decimals_is_no_difference_every_time(destination):
    workspace = destination.asana.config["workspace_gid"]
    number = {"workspace": workspace, "resource_subtype": "number", "precision": 0}
    destination.as_person("POST", "/custom_fields", name="Visma amount", **number)
    destination.write(order(1, orderTotal=1250.55), order(2, orderTotal=1250.5))
    assert destination.task(order_id(1))["fields"]["Visma amount"] == 1251
    destination.fresh_log()
    destination.write(order(1, orderTotal=1250.55), order(2, orderTotal=1250.5))
    assert destination.written == []


def test_dates_are_written_in_the_other_form_though_the_refusal_does_not_say_why(destination):
    destination.asana.settings(date_values="both")
    destination.asana.fault(
        action="error", status=400, message="custom_fields: Invalid value", body=r'\{"date":', times=None
    )
    destination.write(*(order(number) for number in range(1, 31)))
    assert {task["fields"]["Visma due date"] for task in destination.tasks.values()} == {"2026-02-03"}
    assert len(destination.tasks) == 30


def test_a_sync_ends_though_every_record_it_has_read_ahead_is_refused(destination, monkeypatch):
    """None of them is ever finished, so that there is never room for the next one."""
    monkeypatch.setattr(sync, "READ_AHEAD", 5)
    destination.asana.fault(
        action="error", status=400, message="name: is odd", method="POST", path=r"^/tasks\?", times=None
    )
    lines = [json.dumps(order(number)).encode() for number in range(1, 31)]
    ended_by = []

    def write():
        try:
            DestinationAsana().write_lines(
                destination.config(), catalog("purchase_orders"), lines, lambda message: None
            )
        except AirbyteTracedException as error:
            ended_by.append(error.message)

    running = threading.Thread(target=write, daemon=True)
    running.start()
    running.join(240)
    assert not running.is_alive()
    assert "is odd" in ended_by[0]


def test_two_segments_share_a_code_though_a_state_stands_between_them(destination):
    messages = [value(1, "Oslo"), state("dimension_values", 1), value(2, "Marketing"), state("dimension_values", 2)]
    destination.write(*messages)
    assert destination.options("Visma cost centers") == ["10 Oslo", "10 Marketing"]
    destination.fresh_log()
    destination.write(*messages)
    assert destination.written == []


def value(segment: int, description: str):
    """The RECORD of a segment value with code 10."""
    data = {"company_id": COMPANY, "dimensionId": "SUBACCOUNT", "segmentId": segment, "valueId": "10", "active": True}
    return record("dimension_values", {**data, "description": description})
