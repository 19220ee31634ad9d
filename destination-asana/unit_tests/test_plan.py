"""Document × what Asana holds → Change: nothing to do is the common answer, and what people own stays."""

from dataclasses import replace

import pytest
from destination_asana.documents.translation import translate
from destination_asana.planning.adoption.decisions import Claim, HandMade, Match
from destination_asana.planning.changes import Change
from destination_asana.planning.descriptions.description import Description
from destination_asana.planning.equality import same
from destination_asana.planning.plans import GONE, Wishes, plan, plan_gone
from destination_asana.planning.snapshot import Snapshot
from hypothesis import given
from hypothesis import strategies as st

BLOCK = Description("<strong>…</strong>", "0123abcd", "Payment reference: 2")


def wanted(document):
    """As custom_fields.settle gives it when every option finds room: options by name."""
    return {
        name: tuple(sorted(option.name for option in value)) if isinstance(value, tuple) else value
        for name, value in document.fields.items()
    }


def held(document, **changes):
    """The task as it is right after the document was written; keyword arguments are what people did since."""
    values = {
        "gid": "1",
        "visma_id": document.visma_id,
        "name": document.name,
        "completed": bool(document.closed),
        "due_on": document.due_date,
        "digest": BLOCK.digest,
        **changes,
    }
    return Snapshot(**values)


def present(document):
    return {name: value for name, value in wanted(document).items() if value not in (None, ())}


def compare(document, current, fields=None, **wishes):
    fields = present(document) if fields is None and current else fields or {}
    return plan(document, wanted(document), current, fields, Wishes(**{"description": BLOCK, **wishes}))


def test_a_new_document_is_created_with_everything_at_once(make_order):
    document = translate("purchase_orders", make_order())
    change = compare(document, None, assignee="9")
    assert change.action == "created"
    assert change == Change(
        "PurchaseOrderId:4100251/RegularOrder/000123",
        "PO 000123",
        None,
        attributes={
            "name": (None, "PO 000123 · Nordic Office AS"),
            "due_on": (None, "2026-02-03"),
            "assignee": (None, "9"),
        },
        fields={
            "Visma ID": (None, "PurchaseOrderId:4100251/RegularOrder/000123"),
            "Visma document type": (None, "Purchase order"),
            "Visma supplier": (None, "Nordic Office AS"),
            "Visma amount": (None, 250.0),
            "Visma currency": (None, "NOK"),
            "Visma due date": (None, "2026-02-03"),
            "Visma document date": (None, "2026-01-07"),
            "Visma status": (None, "Open"),
            "Visma line items": (None, "10 × Paper A4"),
            "Visma GL accounts": (None, ("6800 Office supplies",)),
            "Visma cost centers": (None, ("10 Bergen", "330 Marketing")),
            "Visma committed": (None, 250.0),
            "Visma received": (None, 0.0),
        },
        description=BLOCK,
    )


def test_a_task_that_a_document_takes_over_keeps_whether_it_is_completed(make_invoice):
    """It gets the fields, the Visma ID among them, and the text of the sync, whatever stands in its own."""
    document = translate("supplier_invoices", make_invoice(status="Closed"))
    task = Snapshot("7", "", name="200123 Nordic", due_on="2026-01-24", assignee="8")
    match = Match(Claim.of(document), HandMade("7", "200123 Nordic", ("200123 Nordic",)))
    wanted_fields = {"Visma ID": document.visma_id, "Visma status": "Closed", "Visma amount": 1250.0}
    shown = {"Visma amount": 1250}
    change = plan(document, wanted_fields, task, shown, Wishes(assignee="9", description=BLOCK), match=match)
    assert change == Change(
        "SupplierInvoiceId:4100251/Invoice/200123",
        "Invoice 200123",
        task,
        attributes={"name": ("200123 Nordic", "Invoice 200123 · Nordic Office AS")},
        fields={
            "Visma ID": (None, "SupplierInvoiceId:4100251/Invoice/200123"),
            "Visma status": (None, "Closed"),
        },
        description=BLOCK,
        match=match,
    )


def test_what_has_not_changed_is_empty(make_order):
    document = translate("purchase_orders", make_order())
    change = compare(document, held(document), assignee=None)
    assert change.empty
    assert change.action == "unchanged"


def test_only_what_differs_is_in_the_change(make_order):
    before = translate("purchase_orders", make_order())
    after = translate("purchase_orders", make_order(orderTotal=300.0))
    change = compare(after, held(before), present(before))
    assert change.fields == {"Visma amount": (250.0, 300.0)}
    assert change.attributes == {}
    assert change.action == "updated"


def test_half_a_cent_of_float_noise_is_no_change(make_order):
    document = translate("purchase_orders", make_order(orderTotal=0.3))
    assert compare(document, held(document), {**present(document), "Visma amount": 0.1 + 0.2}).empty


def test_an_emptied_value_is_cleared_and_zero_is_not_empty(make_invoice):
    before = translate("supplier_invoices", make_invoice())
    after = translate("supplier_invoices", make_invoice(dueDate=None, balance=0.0, balanceInCurrency=0.0))
    change = compare(after, held(before), present(before))
    assert change.fields == {"Visma due date": ("2026-01-24", None), "Visma balance": (1250.0, 0.0)}
    assert change.attributes == {"due_on": ("2026-01-24", None)}


def test_a_date_a_person_set_on_a_document_without_one_stays(make_invoice):
    document = translate("supplier_invoices", make_invoice(dueDate=None))
    assert compare(document, held(document, due_on="2026-05-01")).empty


@pytest.mark.parametrize(
    ("before", "status", "completed", "action"),
    [
        ("Open", "Closed", False, "completed"),
        ("Balanced", "Voided", False, "completed"),
        ("Closed", "Open", True, "reopened"),
        ("Voided", "Balanced", True, "reopened"),
        # What a person ticks or unticks between two changes of the status stays.
        ("Open", "Open", True, "unchanged"),
        ("Closed", "Closed", False, "unchanged"),
        ("Open", "Balanced", True, "updated"),
        ("Closed", "Voided", False, "updated"),
        (None, "Closed", False, "completed"),
        (None, "Open", True, "updated"),
        ("Open", None, True, "updated"),
        ("Gone from Visma", "Open", True, "reopened"),
        ("Gone from Visma", "Closed", True, "updated"),
    ],
)
def test_completion_follows_changes_of_the_status(make_invoice, before, status, completed, action):
    document = translate("supplier_invoices", make_invoice(status=status))
    fields = {**present(document), "Visma status": before}
    assert compare(document, held(document, completed=completed), fields).action == action


def test_a_rejected_order_that_an_earlier_version_completed_is_opened(make_order):
    document = translate("purchase_orders", make_order(status="Voided"))
    change = compare(document, held(document, completed=True), {**present(document), "Visma status": "Voided"})
    assert change.fields == {"Visma status": ("Voided", "Rejected")}
    assert change.attributes == {"completed": (True, False)}


@pytest.mark.parametrize(("before", "after"), [(None, 0.0), (0, None), (0.0, None), ("", 0), (0.0, 1.0)])
def test_zero_is_a_value_and_empty_is_none(before, after):
    assert not same(before, after)


@pytest.mark.parametrize(("before", "after"), [(0, 0.0), (None, ""), ((), None), ("a", "a"), (("a",), ("a",))])
def test_values_that_are_one_to_asana(before, after):
    assert same(before, after)


def test_a_balance_that_is_no_longer_known_is_cleared(make_invoice):
    before = translate("supplier_invoices", make_invoice(balance=0.0, balanceInCurrency=0.0))
    after = translate("supplier_invoices", make_invoice(balance=None, balanceInCurrency=None, amountInCurrency=1250.0))
    change = compare(after, held(before), {**present(before), "Visma balance": 0})
    assert change.fields == {"Visma balance": (0, None)}


def test_completion_is_left_alone_when_the_settings_say_so(make_invoice):
    document = translate("supplier_invoices", make_invoice(status="Closed"))
    assert compare(document, held(document, completed=False), complete_when_closed=False).empty


def test_an_approval_is_never_completed_blindly(make_invoice):
    document = translate("supplier_invoices", make_invoice(status="Closed"))
    assert compare(document, held(document, completed=False, resource_subtype="approval")).empty


def test_an_assignee_is_set_only_where_nobody_is(make_order):
    document = translate("purchase_orders", make_order())
    assert compare(document, held(document, assignee="8"), assignee="9").empty
    assert compare(document, held(document), assignee="9").attributes == {"assignee": (None, "9")}


def test_a_task_that_is_done_gets_no_assignee_and_one_that_is_reopened_does(make_invoice):
    document = translate("supplier_invoices", make_invoice())
    done = held(document, completed=True)
    assert compare(document, done, assignee="9").empty
    reopened = compare(document, done, {**present(document), "Visma status": "Closed"}, assignee="9")
    assert reopened.attributes == {"completed": (True, False), "assignee": (None, "9")}


def test_an_edited_description_stays_and_an_untouched_one_follows(make_order):
    document = translate("purchase_orders", make_order())
    assert compare(document, held(document, digest=None)).empty
    newer = Description("<strong>new</strong>", "ffffffff")
    assert compare(document, held(document), description=newer).description is newer
    for part, written in (("description", newer), ("lines", None)):
        partial = replace(document, given=frozenset({part}))
        assert compare(partial, held(document), description=newer).description is written


@pytest.mark.parametrize(
    ("version", "amount", "written"),
    [
        # Whatever is written for a newer version says so.
        ("2026-01-08T08:00:00", 300.0, True),
        ("2026-01-07T08:00:00", 300.0, False),
        (None, 300.0, False),
        # A newer version alone is nothing to write.
        ("2026-01-08T08:00:00", 250.0, False),
    ],
)
def test_the_version_is_written_with_the_next_change(make_order, version, amount, written):
    document = translate("purchase_orders", make_order(orderTotal=amount))
    task = held(document, version="2026-01-07T08:00:00")
    newer = replace(BLOCK, version=version)
    change = compare(document, task, {**present(document), "Visma amount": 250.0}, description=newer)
    assert change.description is (newer if written else None)


def test_a_key_that_changes_case_does_not_rewrite_the_identity(make_order):
    before = translate("purchase_orders", make_order(orderNbr="AB1"))
    after = translate("purchase_orders", make_order(orderNbr="ab1"))
    change = compare(after, held(before), present(before))
    assert change.fields == {}


def test_gone_marks_status_and_completes_once(make_invoice):
    document = translate("supplier_invoices", make_invoice())
    task = held(document)
    assert plan_gone(task, present(document), "Invoice 200123") == Change(
        "SupplierInvoiceId:4100251/Invoice/200123",
        "Invoice 200123",
        task,
        attributes={"completed": (False, True)},
        fields={"Visma status": ("Open", "Gone from Visma")},
    )
    assert plan_gone(held(document, completed=True), {"Visma status": GONE}, "x").empty
    # To complete an approval is to approve.
    assert plan_gone(held(document, resource_subtype="approval"), {"Visma status": GONE}, "x").empty


def test_differences_show_what_the_description_says(make_order):
    document = translate("purchase_orders", make_order())
    change = compare(document, held(document, digest="00000000"))
    assert change.differences("Payment reference: 1") == {"description": ("Payment reference: 1", BLOCK.text)}


amounts = st.one_of(st.none(), st.floats(-1e12, 1e12).map(lambda value: round(value, 2)))
dates = st.one_of(st.none(), st.dates().map(lambda day: f"{day.isoformat()}T00:00:00"))
texts = st.one_of(st.none(), st.text(max_size=30))


@given(amounts, amounts, dates, texts, texts, st.sampled_from(["Open", "Closed", None, "Balanced"]))
def test_a_second_look_at_any_document_finds_nothing_to_do(amount, balance, due, name, currency, status):
    record = {
        "company_id": "1",
        "documentType": "Invoice",
        "referenceNumber": "1",
        "amount": amount,
        "balance": balance,
        "dueDate": due,
        "supplier": {"name": name},
        "currencyId": currency,
        "status": status,
    }
    document = translate("supplier_invoices", record)
    assert compare(document, held(document)).empty
