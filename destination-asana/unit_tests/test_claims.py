"""What a document is recognised by in tasks that people have made, and which decision is told in which words."""

from dataclasses import replace
from decimal import Decimal

import pytest
from destination_asana.documents.translation import translate
from destination_asana.planning.adoption.decisions import Claim, Decision, HandMade, HandMadeTasks, decide, may_fit

INVOICE = "SupplierInvoiceId:4100251/Invoice/200123"
ORDER = "PurchaseOrderId:4100251/RegularOrder/000123"
CLAIM = Claim(ORDER, "000123", "Nordic Office AS", Decimal("1234.50"), frozenset({"100"}))


def task(gid, name="PO 000123 Nordic Office AS", **more):
    return HandMade(gid, name, (name,), **{"projects": frozenset({"100"}), **more})


def known(*tasks):
    found = HandMadeTasks()
    for each in tasks:
        found.add(each)
    return found


# --- what a document is recognised by ----------------------------------------------------------------------------------


def test_the_claim_of_a_record(make_order, make_invoice):
    assert Claim.of(translate("supplier_invoices", make_invoice()), ["100", "200"]) == Claim(
        INVOICE, "200123", "Nordic Office AS", Decimal("1250.00"), frozenset({"100", "200"})
    )
    bare = translate("purchase_orders", make_order(orderNbr=" A 7 ", supplier=None, orderTotal=0.0))
    assert Claim.of(bare) == Claim("PurchaseOrderId:4100251/RegularOrder/A 7", "A 7", None, None, frozenset())


@pytest.mark.parametrize(
    ("name", "values", "party", "amount"),
    [
        (
            "Invoice 200123 · B",
            {"Visma supplier": "Nordic Office AS", "Visma amount": 1250},
            "Nordic Office AS",
            "1250.00",
        ),
        ("Invoice 200123 · B", {"Visma customer": "Fjord Data AS"}, "Fjord Data AS", None),
        (
            "Invoice 200123 · B",
            {"Visma supplier": "Nordic Office AS", "Visma customer": "Fjord Data AS", "Visma amount": -0.5},
            "Nordic Office AS",
            "0.50",
        ),
        # The settings may leave these fields out. The name has the party as well, which may contain the dot.
        ("Invoice 200123 · B · C AS", {"Visma supplier": "", "Visma amount": 0.0}, "B · C AS", None),
        ("Invoice 200123", {"Visma amount": "12"}, None, None),
        # Somebody has made another kind of field of it.
        ("Invoice 200123 · B", {"Visma supplier": 5.0}, None, None),
    ],
)
def test_the_claim_of_a_document_in_asana(name, values, party, amount):
    assert Claim.of_values(INVOICE, name, values) == Claim(
        INVOICE, "200123", party, None if amount is None else Decimal(amount), frozenset()
    )


def test_a_document_without_an_amount_needs_its_party():
    without = replace(CLAIM, amount=None)
    assert not without.fits(task("1", "PO 000123, 1234.50"))
    assert without.fits(task("1"))
    assert not replace(without, party=None).fits(task("1"))


@pytest.mark.parametrize(
    ("number", "words", "may"),
    [
        ("INV-2026-10001", {"inv", "10001"}, True),
        ("INV-2026-10001", {"inv", "2026"}, False),
        ("000123", {"po", "000123"}, True),
        ("000123", {"123"}, False),
        ("—", {"po"}, False),
    ],
)
def test_a_quick_look_at_the_words(number, words, may):
    assert may_fit(number, words) is may


# --- the tasks ---------------------------------------------------------------------------------------------------------


def test_a_task_that_is_listed_again_has_its_new_content_and_all_its_projects():
    tasks = known(task("1", "000123 old"), task("1", "000123 new", numbers=(Decimal(7),), projects=frozenset({"200"})))
    assert tasks.all() == [
        HandMade("1", "000123 new", ("000123 new",), (Decimal(7),), frozenset({"100", "200"})),
    ]


def test_a_task_that_is_gone_is_nobodys():
    tasks = known(task("1"), task("2"))
    tasks.remove("1")
    assert tasks.naming("000123") == [task("2")]
    tasks.remove("3")
    assert tasks.all() == [task("2")]


def test_tasks_come_by_age_whatever_the_length_of_their_gids():
    """Asana counts its gids up."""
    tasks = known(task("1200"), task("999"), task("10"), task("2"))
    assert [each.gid for each in tasks.naming("000123")] == ["2", "10", "999", "1200"]
    assert tasks.naming("—") == []


# --- the decisions -----------------------------------------------------------------------------------------------------


def decided(*tasks, others=()):
    [decision] = decide([CLAIM], others, known(*tasks))
    return decision


def test_no_task_names_the_number():
    assert decided(task("1", "PO 000132 Nordic Office AS")) == Decision(CLAIM)


def test_the_only_task_that_fits():
    assert decided(task("1"), task("2", "PO 000124 Nordic Office AS")) == Decision(CLAIM, task("1"))


def test_tasks_that_name_the_number_and_nothing_else():
    first, second = task("1", "PO 000123"), task("2", "Ask for 000123")
    assert decided(first) == Decision(
        CLAIM,
        None,
        "“PO 000123” (https://app.asana.com/0/0/1) names the number, but neither the supplier nor the amount",
        (first,),
    )
    assert decided(second, first) == Decision(
        CLAIM,
        None,
        "“PO 000123” (https://app.asana.com/0/0/1), “Ask for 000123” (https://app.asana.com/0/0/2) name the number, "
        "but neither the supplier nor the amount",
        (first, second),
    )


def test_tasks_that_fit_as_well_as_each_other():
    first, second = task("1"), task("2", "000123: 1234.50")
    assert decided(second, first, task("3", "PO 000123")) == Decision(
        CLAIM,
        None,
        "several tasks fit: “PO 000123 Nordic Office AS” (https://app.asana.com/0/0/1), "
        "“000123: 1234.50” (https://app.asana.com/0/0/2)",
        (first, second),
    )


def test_a_task_that_fits_other_documents_as_well():
    fitting = task("1")
    company = replace(CLAIM, visma_id="PurchaseOrderId:4100999/RegularOrder/000123")
    invoice = replace(CLAIM, visma_id="SupplierInvoiceId:4100251/Invoice/000123", amount=None)
    assert decided(fitting, others=[invoice, company]) == Decision(
        CLAIM,
        None,
        "“PO 000123 Nordic Office AS” (https://app.asana.com/0/0/1) fits other documents as well: "
        "PurchaseOrderId:4100999/RegularOrder/000123, SupplierInvoiceId:4100251/Invoice/000123",
        (fitting,),
    )
