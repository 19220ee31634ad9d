"""The note on a task's lines: its form, its digest, and which documents it speaks for."""

import hashlib
from dataclasses import replace
from typing import Any

import pytest
from destination_asana.documents.line_items import Delivery
from destination_asana.documents.translation import translate
from destination_asana.planning.lines import LineMemory, Proof, Turn, lines_digest, memory_in

DIGEST = "3f2a91c0d4"
RUN, OTHER = "5e0c71aa", "00000001"


@pytest.mark.parametrize(
    ("memory", "text"),
    [
        (LineMemory(DIGEST), "visma lines=3f2a91c0d4"),
        (LineMemory(DIGEST, Turn(RUN, 17)), "visma lines=3f2a91c0d4 turn=5e0c71aa:17"),
        (
            LineMemory(DIGEST, Turn(RUN, 9), (Proof(RUN, 4, frozenset({1, 2})), Proof(OTHER, 7))),
            "visma lines=3f2a91c0d4 turn=5e0c71aa:9 done=5e0c71aa:4!1!2 done=00000001:7",
        ),
        (
            LineMemory(DIGEST, None, (Proof(RUN, 12, frozenset({10, 9})),)),
            "visma lines=3f2a91c0d4 done=5e0c71aa:12!9!10",
        ),
    ],
)
def test_a_note_reads_as_it_was_written(memory: LineMemory, text: str) -> None:
    assert memory.text == text
    assert memory_in(text) == memory


def test_a_note_speaks_for_the_last_three_syncs() -> None:
    proofs = tuple(Proof(f"0000000{number}", number) for number in range(1, 6))
    assert LineMemory(DIGEST, None, proofs).text == (
        "visma lines=3f2a91c0d4 done=00000003:3 done=00000004:4 done=00000005:5"
    )


@pytest.mark.parametrize("text", [None, "", "their own", "visma lines=3f2a91c0d4 and more", "visma lines=xyz"])
def test_what_others_wrote_is_no_note(text: str | None) -> None:
    assert memory_in(text) is None


@pytest.mark.parametrize(
    ("turn", "covered"),
    [
        (Turn(RUN, 3), True),
        # The proof is of the documents before the fourth, without the failed ones, of one sync.
        (Turn(RUN, 4), False),
        (Turn(RUN, 5), False),
        (Turn(RUN, 2), False),
        (Turn(OTHER, 3), False),
    ],
)
def test_which_documents_a_note_speaks_for(turn: Turn, covered: bool) -> None:
    assert Proof(RUN, 4, frozenset({1, 2})).covers(turn) is covered


# --- the digest --------------------------------------------------------------------------------------------------------


def digest_of(content: str) -> str:
    """Of the lines as they are written out here."""
    return hashlib.sha256(content.encode()).hexdigest()[:10]


def test_the_digest_of_an_invoice_is_of_the_names_of_its_lines(make_invoice: Any) -> None:
    document = translate("supplier_invoices", make_invoice())
    content = (
        '[1,"supplierinvoiceid:4100251/invoice/200123","2026-01-10T08:00:00",'
        '[[1,"1. Toner — 2 × 500.00 = 1000.00 NOK",null]]]'
    )
    assert lines_digest(document) == digest_of(content)
    assert lines_digest(replace(document, visma_id="supplierInvoiceID:4100251/INVOICE/200123 ")) == digest_of(content)


def test_the_digest_of_an_order_is_also_of_the_delivery(make_order: Any) -> None:
    document = translate("purchase_orders", make_order())
    [line] = document.lines
    lines = [line._replace(delivery=Delivery("2026-05-04", True, "")), line._replace(number=2)]
    assert lines_digest(replace(document, lines=lines)) == digest_of(
        '[1,"purchaseorderid:4100251/regularorder/000123","2026-01-07T08:00:00.1",'
        '[[1,"1. Paper A4 — 10 × 25.00 = 250.00 NOK",["2026-05-04",true]],'
        '[2,"2. Paper A4 — 10 × 25.00 = 250.00 NOK",[null,false]]]]'
    )


def test_without_a_version_nothing_tells_lines_that_change_and_change_back(make_invoice: Any) -> None:
    document = translate("supplier_invoices", make_invoice(lastModifiedDateTime=None))
    assert lines_digest(document) is None
