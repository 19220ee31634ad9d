"""Documents as projects, the pure parts: what a project has to change, what marks a project."""

import pytest
from destination_asana.documents.translation import translate
from destination_asana.planning.projects import (
    Project,
    appended,
    block_of,
    due_data,
    gid_in,
    plan_project,
    working_name,
)

URL = "https://app.asana.com/0/1/2"


def block(document):
    return block_of(document, with_lines=False, register_url=URL)


def notes_of(description):
    """The block as plain text: what Asana shows of it."""
    text = description.html
    for tag in ("strong", "em", "a"):
        text = text.replace(f"</{tag}>", "").replace(f"<{tag}>", "")
    return text.replace(f'<a href="{URL}">', "")


def held(document, **changes):
    """The project as it is right after it was written; keyword arguments are what people did since."""
    raw = {"gid": "7", "name": document.name, "due_on": document.due_date, "notes": notes_of(block(document))}
    return Project.of({**raw, **changes})


@pytest.fixture
def document(make_order):
    return translate("purchase_orders", make_order())


def compare(document, project, wanted=None, present=None):
    return plan_project(document, project, block(document), wanted or {}, present or {})


def test_what_has_not_changed_is_empty(document):
    assert compare(document, held(document)).empty


def test_a_written_project_carries_its_visma_id(document):
    project = held(document)
    assert project.visma_id == document.visma_id
    assert not project.unfinished
    assert project.due_in_notes == "2026-02-03"


def test_a_working_name_carries_it_too(document):
    project = Project.of({"gid": "7", "name": working_name(document.label, document.visma_id), "notes": ""})
    assert (project.visma_id, project.unfinished) == (document.visma_id, True)


def test_a_project_of_people_carries_none():
    project = Project.of({"gid": "7", "name": "Office move [draft]", "notes": "Visma ID is not here"})
    assert (project.visma_id, project.unfinished, project.digest) == (None, False, None)


def test_name_due_date_and_description_follow_the_document(document, make_order):
    project = held(document)
    changed = translate("purchase_orders", make_order(promisedOn="2026-03-01", supplier={"name": "Other AS"}))
    change = compare(changed, project)
    assert change.data == {"name": "PO 000123 · Other AS", "due_on": "2026-03-01"}
    assert change.block is not None
    assert set(change.differences()) == {"name", "due_on", "description"}


def test_an_edited_description_stays(document, make_order):
    changed = translate("purchase_orders", make_order(status="Closed"))
    assert compare(changed, held(document, notes="Ours.")).block is None


def test_a_persons_due_date_stays_on_a_document_without_one(make_order):
    document = translate("purchase_orders", make_order(promisedOn=None))
    assert compare(document, held(document, due_on="2026-05-05")).empty


def test_values_are_compared_as_asana_keeps_them(document):
    change = compare(document, held(document), {"Visma amount": 250.0, "Visma status": None}, {"Visma amount": 250})
    assert change.empty
    change = compare(document, held(document), {"Visma amount": 250.01}, {"Visma amount": 250})
    assert change.values == {"Visma amount": (250, 250.01)}


@pytest.mark.parametrize(
    ("due", "start", "expected"),
    [
        ("2026-02-03", None, {"due_on": "2026-02-03"}),
        ("2026-02-03", "2026-01-01", {"due_on": "2026-02-03"}),
        ("2026-02-03", "2026-02-03", {"due_on": "2026-02-03", "start_on": "2026-02-02"}),
        ("2026-03-01", "2026-05-01", {"due_on": "2026-03-01", "start_on": "2026-02-28"}),
        (None, "2026-01-01", {"due_on": None, "start_on": None}),
        (None, None, {"due_on": None}),
    ],
)
def test_a_project_starts_before_it_is_due(due, start, expected):
    assert due_data(due, Project("7", start_on=start)) == expected


def test_a_templates_own_words_stay_above_the_block(document):
    whole = appended("<body><h1>Steps</h1>from receipt to payment</body>", block(document))
    assert whole.startswith("<body><h1>Steps</h1>from receipt to payment\n<strong>From Visma.net</strong>")
    assert whole.endswith("</em></body>")
    assert appended("<body></body>", block(document)) == block(document).body


@pytest.mark.parametrize(
    ("url", "gid"),
    [
        ("https://app.asana.com/0/123/123", "123"),
        ("https://app.asana.com/1/55/project/123/list/9", "123"),
        ("https://example.com/elsewhere", None),
        (None, None),
    ],
)
def test_gids_out_of_web_addresses(url, gid):
    assert gid_in(url) == gid
