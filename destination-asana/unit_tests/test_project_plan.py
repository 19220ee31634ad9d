"""Documents as projects, the pure parts: what a project has to change, what marks a project."""

from dataclasses import replace

import pytest
from destination_asana.documents.translation import translate
from destination_asana.planning.descriptions.description import Description
from destination_asana.planning.projects import (
    Project,
    ProjectChange,
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


# --- whole results -----------------------------------------------------------------------------------------------------

NOTES = """Steps of people.
From Visma.net
Visma ID: PurchaseOrderId:4100251/RegularOrder/000123
Status: Open
Due date: 2026-02-03
End of Visma text · check 76543"""


def test_a_project_as_asana_answers():
    raw = {
        "gid": "7",
        "name": "PO 000123 · Nordic Office AS",
        "permalink_url": "https://app.asana.com/1/55/project/7",
        "created_at": "2026-01-07T08:00:00.000Z",
        "due_on": "2026-03-01",
        "start_on": "2026-02-01",
        "notes": NOTES,
        "team": {"gid": "11"},
        "custom_fields": [{"gid": "5"}],
    }
    assert Project.of(raw) == Project(
        "7",
        "PO 000123 · Nordic Office AS",
        "https://app.asana.com/1/55/project/7",
        "PurchaseOrderId:4100251/RegularOrder/000123",
        "2026-01-07T08:00:00.000Z",
        "2026-03-01",
        "2026-02-01",
        "2026-02-03",
        None,
        "11",
        unfinished=False,
        custom_fields=[{"gid": "5"}],
    )
    # The check number of these words. Links would not count, but there are none.
    assert Project.of({**raw, "notes": NOTES.replace("76543", "24608")}).digest == "ca174cc0"
    assert Project.of({"gid": "7", "team": None, "custom_fields": None}) == Project(
        "7", url="https://app.asana.com/0/7"
    )


@pytest.mark.parametrize(
    ("name", "notes", "visma_id", "unfinished"),
    [
        ("PO 1 [PurchaseOrderId:1/RegularOrder/1 ]", None, "PurchaseOrderId:1/RegularOrder/1", True),
        # The text wins over the name, which people may copy.
        ("PO 1 [PurchaseOrderId:1/RegularOrder/1]", "Visma ID: ProjectId:1/2 ", "ProjectId:1/2", False),
        ("PO 1 [PurchaseOrderId:1/RegularOrder/1] copy", None, None, False),
        ("PO 1 [Id:1]", None, None, False),
    ],
)
def test_the_visma_id_of_a_project(name, notes, visma_id, unfinished):
    project = Project.of({"gid": "7", "name": name, "notes": notes})
    assert (project.visma_id, project.unfinished) == (visma_id, unfinished)


def test_a_name_until_the_template_is_filled_in():
    assert working_name("PO 1", "PurchaseOrderId:1/RegularOrder/1") == "PO 1 [PurchaseOrderId:1/RegularOrder/1]"


def test_the_whole_change_of_a_project(document):
    text = Description("", "bbbbbbbb", "Status: Open")
    project = Project(
        "7", "Old", due_on="2026-01-01", start_on="2026-02-05", due_in_notes="2026-01-01", digest="aaaaaaaa"
    )
    wanted, present = {"Visma amount": 250.0, "Visma status": "Open"}, {"Visma amount": 9, "Visma status": "Open"}
    change = plan_project(document, project, text, wanted, present)
    assert change == ProjectChange(
        {"name": "PO 000123 · Nordic Office AS", "due_on": "2026-02-03", "start_on": "2026-02-02"},
        text,
        {"Visma amount": (9, 250.0)},
        {"name": ("Old", "PO 000123 · Nordic Office AS"), "due_on": ("2026-01-01", "2026-02-03")},
    )
    assert not change.empty
    assert change.differences("Status: Hold") == {
        "name": ("Old", "PO 000123 · Nordic Office AS"),
        "due_on": ("2026-01-01", "2026-02-03"),
        "description": ("Status: Hold", "Status: Open"),
    }
    assert change.differences()["description"] == (None, "Status: Open")
    assert replace(change, block=None).differences("Status: Hold") == change.attributes
    # Of a partial record only what it carries.
    assert plan_project(replace(document, given=frozenset({"lines"})), project, text, {}, {}) == ProjectChange()
    for part, data in (("name", ["name"]), ("due_on", ["due_on", "start_on"]), ("description", [])):
        partial = plan_project(replace(document, given=frozenset({part})), project, text, {}, {})
        assert (sorted(partial.data), partial.block) == (data, text if part == "description" else None)


@pytest.mark.parametrize(
    "change",
    [ProjectChange({"name": "x"}), ProjectChange(block=Description("", "0")), ProjectChange(values={"a": (1, 2)})],
)
def test_each_part_of_a_change_is_something_to_write(change):
    assert not change.empty


def test_a_due_date_that_the_sync_had_set_is_taken_away_again(make_order):
    document = translate("purchase_orders", make_order(promisedOn=None))
    project = Project("7", document.name, due_on="2026-02-03", due_in_notes="2026-02-03", start_on="2026-01-01")
    assert compare(document, project) == ProjectChange(
        {"due_on": None, "start_on": None}, attributes={"due_on": ("2026-02-03", None)}
    )


def test_the_text_of_a_project_lists_the_values_of_the_fields(make_invoice):
    document = translate("supplier_invoices", make_invoice(balance=7.5, balanceInCurrency=7.5))
    whole = block_of(
        replace(document, facts=[("Supplier", "Nordic Office AS (50012)")]), with_lines=True, register_url=URL
    )
    assert whole.text == (
        "Visma ID: SupplierInvoiceId:4100251/Invoice/200123\n"
        "Status: Open\n"
        "Amount: 1250.00 NOK\n"
        "Left to pay: 7.50 NOK\n"
        "Due date: 2026-01-24\n"
        "Document date: 2026-01-10\n"
        "Supplier: Nordic Office AS (50012)\n"
        "Register task: https://app.asana.com/0/1/2\n"
        "Lines\n"
        "1. Toner — 2 × 500.00 = 1000.00 NOK"
    )
    bare = replace(document, facts=[], status=None, due_date=None, fields={"Visma amount": 0.0})
    assert block_of(bare, with_lines=False, register_url=URL).text == (
        "Visma ID: SupplierInvoiceId:4100251/Invoice/200123\nAmount: 0.00\nRegister task: https://app.asana.com/0/1/2"
    )


@pytest.mark.parametrize(
    ("html", "whole"),
    [
        ("<body> Steps <em>one</em>\n</body>\n", "<body>Steps <em>one</em>\n<b/></body>"),
        (" <body> \n</body>", "<body><b/></body>"),
        ("", "<body><b/></body>"),
    ],
)
def test_a_block_below_the_words_of_a_template(html, whole):
    assert appended(html, Description("<b/>", "0")) == whole
