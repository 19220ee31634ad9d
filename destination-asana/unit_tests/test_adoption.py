"""Which tasks are taken over for which documents: never two tasks for one document, never one task for two."""

from decimal import Decimal

import pytest
from destination_asana.documents.translation import translate
from destination_asana.planning.adoption.decisions import Claim, HandMade, HandMadeTasks, decide
from hypothesis import given
from hypothesis import strategies as st

REGISTER, OLD = "100", "200"


def order(number="000123", party="Nordic Office AS", amount="1234.50", company="4100251", where=(REGISTER, OLD)):
    visma_id = f"PurchaseOrderId:{company}/RegularOrder/{number}"
    return Claim(visma_id, number, party, Decimal(amount) if amount else None, frozenset(where))


def task(gid="1", name="PO 000123 Nordic Office AS", *more, numbers=(), where=(REGISTER,)):
    return HandMade(gid, name, (name, *more), tuple(Decimal(each) for each in numbers), frozenset(where))


def decided(claims, tasks, others=()):
    known = HandMadeTasks()
    for each in tasks:
        known.add(each)
    return {each.claim.visma_id: each for each in decide(claims, others, known)}


def adopted(claims, tasks, others=()):
    return {key: each.task.gid for key, each in decided(claims, tasks, others).items() if each.task is not None}


def reason(claim, tasks, others=()):
    return decided([claim], tasks, others)[claim.visma_id].reason


def test_a_task_that_names_number_and_supplier():
    assert adopted([order()], [task()]) == {"PurchaseOrderId:4100251/RegularOrder/000123": "1"}


@pytest.mark.parametrize("written", ["1234.50", "1,234.50", "1 234,50", "1\u00a0234,50 kr"])
def test_a_task_that_names_number_and_amount(written):
    assert adopted([order()], [task("1", f"Paper, {written}, our 000123")])


def test_number_and_amount_in_fields():
    assert adopted([order()], [task("1", "Paper for the office", "000123", numbers=["1234.5"])])
    assert adopted([order()], [task("1", "Paper", "PO 000123", "Nordic Office")])
    assert not adopted([order()], [task("1", "Paper for the office", numbers=["000123", "1234.5"])])


def test_the_amount_of_a_credit_note_is_written_either_way():
    document = translate(
        "supplier_invoices",
        {
            "company_id": "4100251",
            "documentType": "DebitAdj",
            "referenceNumber": "200124",
            "supplier": {"name": "Nordic Office AS", "number": "50012"},
            "currencyId": "NOK",
            "amount": 500.0,
            "balance": 500.0,
            "balanceInCurrency": 500.0,
        },
    )
    claim = Claim.of(document, [REGISTER])
    assert claim.amount == Decimal("500.00")
    assert claim.fits(task("1", "200124: -500,00"))
    assert claim.fits(task("1", "200124: 500"))


def test_the_number_itself_is_no_amount():
    assert not adopted([order("1250", amount="1250.00")], [task("1", "PO 1250")])
    assert adopted([order("1250", amount="1250.00")], [task("1", "PO 1250, 1 250,00")])


def test_an_amount_of_0_names_nothing():
    assert Claim.of_values("PurchaseOrderId:1/RegularOrder/5", "", {"Visma amount": 0.0}).amount is None


def test_a_task_that_names_only_the_number():
    said = reason(order(), [task("1", "PO 000123")])
    assert said == (
        "“PO 000123” (https://app.asana.com/0/0/1) names the number, but neither the supplier nor the amount"
    )


def test_several_tasks_for_one_document():
    said = reason(order(), [task("1"), task("2", "000123 again, nordic office")])
    assert said.startswith(
        "several tasks fit: “PO 000123 Nordic Office AS” (https://app.asana.com/0/0/1), “000123 again"
    )
    assert not adopted([order()], [task("1"), task("2", "000123 again, nordic office")])


def test_one_of_several_tasks_that_name_the_number_is_the_only_one_that_fits():
    assert adopted([order()], [task("1", "PO 000123"), task("2")]) == {order().visma_id: "2"}


def test_several_documents_for_one_task():
    both = order("000123"), order("000124")
    tasks = [task("1", "PO 000123, 000124 Nordic Office AS")]
    assert not adopted(both, tasks)
    assert "fits other documents as well: PurchaseOrderId:4100251/RegularOrder/000124" in reason(both[0], tasks, both)
    assert not adopted([both[0]], tasks, [both[1]])


def test_one_number_and_one_supplier_are_told_apart_by_the_amount_alone():
    """docs/first-day.md says so: the supplier keeps both documents in question."""
    ordered = order("200001", amount="250.00")
    billed = Claim(
        "SupplierInvoiceId:4100251/Invoice/200001", "200001", "Nordic Office AS", Decimal("12500.00"), ordered.projects
    )
    both = [ordered, billed]
    assert adopted(both, [task("1", "200001 Nordic Office 12 500,00")]) == {}
    assert adopted(both, [task("1", "200001: 12 500,00")]) == {billed.visma_id: "1"}


def test_the_same_number_in_two_companies():
    ours, theirs = order(), order(company="4100999")
    assert not adopted([ours], [task()], [theirs])
    assert adopted([ours], [task()], [order(company="4100999", party="Fjord Data AS", amount="17.00")])


@pytest.mark.parametrize("form", ["{:06d}", "INV-{:05d}", "2026-{:04d}", "F{:05d}/NO"])
def test_a_task_is_held_only_against_documents_whose_number_it_contains(monkeypatch, form):
    """Else the time grows with the square of the documents: minutes for a thousand tasks."""
    compared = []
    fits = Claim.fits
    monkeypatch.setattr(Claim, "fits", lambda claim, task: compared.append(claim) or fits(claim, task))
    documents = [order(form.format(number)) for number in range(50)]
    tasks = [task(str(number), f"PO: {form.format(number)} Nordic Office AS") for number in range(50)]
    assert len(adopted(documents, tasks)) == 50
    assert len(compared) == 100


def test_only_tasks_of_the_documents_own_projects():
    assert not adopted([order(where=("999",))], [task()])
    assert adopted([order()], [task(where=(OLD,))])
    # It is in both.
    assert adopted([order(where=("999",))], [task(), task(where=("999",))])


def test_a_task_whose_name_was_changed_between_two_listings():
    assert not adopted([order()], [task(), task("1", "Paper")])


def test_number_not_found():
    decision = decided([order()], [task("1", "PO 000132 Nordic Office AS, 1234.50")])[order().visma_id]
    assert (decision.task, decision.reason) == (None, "")


NUMBERS = st.sampled_from(["1", "12", "123", "000123", "1000", "A-7", "2026-0001"])
PARTIES = st.sampled_from([None, "Nordic Office AS", "Nordic AS", "Fjord Data"])
AMOUNTS = st.sampled_from([None, "12.00", "1000.00", "1234.50"])
claims = st.lists(
    st.builds(order, NUMBERS, PARTIES, AMOUNTS, st.sampled_from(["1", "2"])),
    max_size=8,
    unique_by=lambda each: each.key,
)
WORDS = (
    "1|12|123|000123|1000|a-7|2026-0001|1 000|1 234,50|12.00|000123-1|Nordic Office|Nordic AS|Fjord Data|PO|Invoice|-|,"
)
words = st.sampled_from(WORDS.split("|"))
texts = st.lists(words, max_size=5).map(" ".join)
task_lists = st.lists(
    st.builds(lambda *parts: parts, texts, texts, st.lists(AMOUNTS.filter(bool), max_size=1)), max_size=8
).map(lambda found: [task(str(gid), name, field, numbers=numbers) for gid, (name, field, numbers) in enumerate(found)])


@given(claims, claims, task_lists, st.randoms(use_true_random=False))
def test_never_two_and_never_by_order(documents, others, tasks, dice):
    others = [each for each in others if each.key not in {document.key for document in documents}]
    found = decided(documents, tasks, others)
    assert set(found) == {each.visma_id for each in documents}
    taken = [each.task.gid for each in found.values() if each.task is not None]
    # Never one task for two documents.
    assert len(taken) == len(set(taken))
    for each in found.values():
        if each.task is not None:
            # Never one of two tasks, and never a task that another document fits.
            assert [other.gid for other in tasks if each.claim.fits(other)] == [each.task.gid]
            keys = {other.key for other in (*documents, *others) if other.fits(each.task)}
            assert keys == {each.claim.key}
            assert not each.reason
    shuffled = [list(each) for each in (documents, others, tasks)]
    for each in shuffled:
        dice.shuffle(each)
    assert decided(shuffled[0], shuffled[2], shuffled[1]) == found


@given(claims, task_lists)
def test_every_document_is_adopted_or_explained(documents, tasks):
    for each in decided(documents, tasks).values():
        named = [other for other in tasks if each.claim.is_named_by(other)]
        assert bool(named) == bool(each.task or each.reason)
