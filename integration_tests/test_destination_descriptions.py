"""What people write into descriptions stays, and so does what they make of the block the sync keeps there."""

import pytest

from integration_tests.destination_messages import invoice, invoice_id


def change(destination, **data):
    destination.as_person("PUT", f"/tasks/{destination.task(invoice_id())['gid']}", **data)


def test_an_edited_description_stays(destination):
    destination.write(invoice(note="First"))
    notes = destination.task(invoice_id())["notes"]
    change(destination, notes=notes.replace("First", "Corrected by Kari"))
    destination.write(invoice(note="Second", amount=1.0))
    task = destination.task(invoice_id())
    assert "Corrected by Kari" in task["notes"]
    assert "Second" not in task["notes"]
    assert task["fields"]["Visma amount"] == 1


def edit_form(destination, path):
    """What a person does who takes the bold out of the block's first line."""
    html = destination.asana.as_person("GET", path, query={"opt_fields": "html_notes"})["html_notes"]
    assert "<strong>From Visma.net</strong>" in html
    destination.as_person("PUT", path, html_notes=html.replace("<strong>From Visma.net</strong>", "From Visma.net"))


@pytest.mark.parametrize("shape", ["task", "project"])
def test_a_block_whose_form_a_person_edited_is_not_said_to_change(destination, shape):
    """Its words are Visma's still, so that every sync wants to write the new ones."""
    path = destination.folder / "audit.jsonl"
    config = {"streams": [{"name": "supplier_invoices", "write_as": {"type": shape}}], "change_comments": True}
    destination.write(invoice(note="First"), **config)
    projects = [each for each in destination.asana.state()["projects"] if each["name"].startswith("Invoice")]
    places = [f"/tasks/{destination.task(invoice_id())['gid']}", *(f"/projects/{each['gid']}" for each in projects)]
    for place in places:
        edit_form(destination, place)
    destination.fresh_log()
    run = destination.write(invoice(note="Second"), audit_log_path=str(path), **config)
    assert destination.written == []
    assert path.read_text() == ""
    assert "supplier_invoices: 1 unchanged." in run.log
    assert "description" not in destination.write(invoice(note="Second"), dry_run=True, **config).log


def test_a_register_task_that_cannot_take_the_projects_link_is_not_said_to_change(destination):
    path = destination.folder / "audit.jsonl"
    destination.write(invoice())
    edit_form(destination, f"/tasks/{destination.task(invoice_id())['gid']}")
    streams = [{"name": "supplier_invoices", "write_as": {"type": "project"}}]
    destination.write(invoice(), streams=streams)
    destination.fresh_log()
    destination.write(invoice(), streams=streams, change_comments=True, audit_log_path=str(path))
    assert destination.written == []
    assert path.read_text() == ""


def test_a_description_a_person_removed_stays_away(destination):
    destination.write(invoice(note="First"))
    change(destination, notes="")
    destination.write(invoice(note="Second"))
    assert destination.task(invoice_id())["notes"] == ""


def test_words_around_the_block_stay_while_the_block_follows_visma(destination):
    destination.write(invoice(note="First"))
    body = destination.task(invoice_id())["html_notes"].removeprefix("<body>").removesuffix("</body>")
    change(destination, html_notes=f"<body>Mine <strong>above</strong>\n{body}\nMine below</body>")
    destination.write(invoice(note="Second"))
    html = destination.task(invoice_id())["html_notes"]
    assert html.startswith("<body>Mine <strong>above</strong>\n")
    assert html.endswith("\nMine below</body>")
    assert "Second" in html
    assert "First" not in html
