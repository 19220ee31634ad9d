"""What people write into descriptions stays, and so does what they make of the block the sync keeps there."""

import hashlib
import re
from html import escape, unescape

import pytest

from integration_tests.destination_messages import invoice, invoice_id, state
from integration_tests.destination_support import comments


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


@pytest.mark.parametrize("word", ["x", "&x"])
def test_words_of_people_that_leave_no_room_for_a_longer_text_hold_up_nothing_else(destination, word):
    """An e-mail thread of 64,000 characters, pasted above the sync's text."""
    destination.write(invoice(note="First"))
    block = destination.task(invoice_id())["html_notes"].removeprefix("<body>")
    theirs = escape(word) * (64_000 // len(escape(word)))
    change(destination, html_notes=f"<body>{theirs}\n{block}")
    second = invoice(note="Second " * 300, amount=1.0), state("supplier_invoices")
    run = destination.write(*second, change_comments=True)
    assert run.state_ids == [1]
    assert len(run.warnings) == 1
    assert "does not take the new description" in run.warnings[0]
    task = destination.task(invoice_id())
    assert (task["fields"]["Visma amount"], task["html_notes"]) == (1, f"<body>{theirs}\n{block}")
    assert "description" not in comments(task)[0].casefold()
    change(destination, html_notes=f"<body>Shorter\n{block}")
    assert destination.write(*second).warnings == []
    assert "Second Second" in destination.task(invoice_id())["notes"]


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


# --- links -----------------------------------------------------------------------------------------------------------

AS_PROJECTS = [{"name": "supplier_invoices", "write_as": {"type": "project"}}]


@pytest.mark.parametrize("links", ["new", "names", "kept"])
@pytest.mark.parametrize("addresses", ["new", "old"])
def test_links_that_asana_writes_anew_are_no_edit(destination, links, addresses):
    """The block stays the sync's: nothing is written for the link, and news still arrives."""
    destination.asana.settings(links=links, addresses=addresses)
    destination.write(invoice(note="First"), streams=AS_PROJECTS)
    destination.fresh_log()
    run = destination.write(invoice(note="First"), streams=AS_PROJECTS)
    assert destination.written == []
    assert run.warnings == []
    destination.write(invoice(note="Second"), streams=AS_PROJECTS)
    [project] = [each for each in destination.asana.state()["projects"] if each["name"].startswith("Invoice")]
    assert "Note: Second" in destination.task(invoice_id())["notes"]
    assert "Note: Second" in project["notes"]
    assert project["gid"] in destination.task(invoice_id())["notes"]


def written_by_0_1_0(destination, path, address, title):
    """Puts the block into the form version 0.1.0 gave it: an address of the old form, counted in the digest."""
    html = destination.asana.as_person("GET", path, query={"opt_fields": "html_notes"})["html_notes"]
    html = re.sub(rf"({title}:</strong>) <a href=[^>]*>[^<]*</a>", rf'\1 <a href="{address}">{address}</a>', html)
    assert address in html
    block = re.search(r"</strong>\n(.*)\n<em>End of Visma text · ([^<]*)</em>", html, re.DOTALL)
    words = "".join(unescape(re.sub(r"<[^>]*>", "", block.group(1))).split())
    digest = hashlib.sha256(words.encode()).hexdigest()[:8]
    destination.as_person("PUT", path, html_notes=html.replace(block.group(2), digest))


@pytest.mark.parametrize("links", ["new", "names", "kept"])
def test_blocks_of_0_1_0_with_links_go_on(destination, links):
    destination.write(invoice(note="First"), streams=AS_PROJECTS)
    [project] = [each for each in destination.asana.state()["projects"] if each["name"].startswith("Invoice")]
    task = destination.task(invoice_id())["gid"]
    base = "https://app.asana.com/0"
    destination.asana.settings(links="kept")
    written_by_0_1_0(destination, f"/tasks/{task}", f"{base}/{project['gid']}/{project['gid']}", "Project")
    written_by_0_1_0(
        destination, f"/projects/{project['gid']}", f"{base}/{destination.asana.PROJECT}/{task}", "Register task"
    )
    destination.asana.settings(links=links)
    destination.fresh_log()
    destination.write(invoice(note="First"), streams=AS_PROJECTS)
    assert destination.written == []
    if links != "names":
        # A name in place of an address that counted: nobody can tell it from an edit, so the block is people's.
        destination.write(invoice(note="Second"), streams=AS_PROJECTS)
        notes = destination.task(invoice_id())["notes"]
        assert "Note: Second" in notes
        assert re.search(r"^End of Visma text · 2026-\S+ · check \d{5}$", notes, re.MULTILINE)
    assert len([each for each in destination.asana.state()["projects"] if each["name"].startswith("Invoice")]) == 1


def test_the_link_to_a_register_task_has_the_form_of_asanas_own_addresses(destination):
    destination.write(invoice(), streams=AS_PROJECTS)
    [project] = [each for each in destination.asana.state()["projects"] if each["name"].startswith("Invoice")]
    task = destination.task(invoice_id())["gid"]
    assert f"/1/{destination.asana.WORKSPACE}/project/{destination.asana.PROJECT}/task/{task}" in project["notes"]
