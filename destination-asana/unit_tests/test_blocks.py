"""Marked blocks of a description: written, found again in what Asana shows, replaced, taken out; all else stays."""

import re
from html import unescape

import pytest
from destination_asana.planning.descriptions.blocks import (
    INVOICES_OF_ORDER,
    ORDERS_OF_INVOICE,
    Block,
    blocks_in,
    differing_blocks,
    with_blocks,
)
from hypothesis import given
from hypothesis import strategies as st

ROWS = ("500001: 1234.50", "A & B <1>: -20.00")


def plain(html):
    """What Asana shows of a description as `notes`."""
    return unescape(re.sub(r"<[^>]+>", "", html))


def test_a_block_is_found_again_in_the_plain_text():
    html = with_blocks("<body>People's own words</body>", [Block(ORDERS_OF_INVOICE, ROWS)])
    assert html == (
        "<body>People's own words\n<strong>Purchase orders of this invoice</strong>\n500001: 1234.50\n"
        "A &amp; B &lt;1&gt;: -20.00\n<em>End of purchase orders</em></body>"
    )
    assert blocks_in(plain(html)) == {"Purchase orders of this invoice": list(ROWS)}


def test_a_block_is_replaced_where_it_stands_and_copies_of_it_go():
    first = with_blocks("<body>above</body>", [Block(ORDERS_OF_INVOICE, ROWS)])
    doubled = first.replace(
        "</body>", "\nbelow" + first.removeprefix("<body>above").removesuffix("</body>") + "</body>"
    )
    again = with_blocks(doubled, [Block(ORDERS_OF_INVOICE, ("1: 2.00",))])
    assert plain(again) == "above\nPurchase orders of this invoice\n1: 2.00\nEnd of purchase orders\nbelow"


def test_a_block_without_rows_is_taken_out():
    html = with_blocks("<body>above</body>", [Block(ORDERS_OF_INVOICE, ROWS), Block(INVOICES_OF_ORDER, ("x",))])
    assert (
        plain(with_blocks(html, [Block(ORDERS_OF_INVOICE, ())])) == "above\nInvoices of this order\nx\nEnd of invoices"
    )


def test_only_what_differs_is_written():
    block = Block(ORDERS_OF_INVOICE, ROWS)
    assert differing_blocks([block], {"Purchase orders of this invoice": list(ROWS)}) == ()
    assert differing_blocks([block], {}) == (block,)
    assert differing_blocks([Block(ORDERS_OF_INVOICE, ())], {}) == ()
    assert Block(ORDERS_OF_INVOICE, ()).html == ""


@pytest.mark.parametrize("notes", [None, "", "Purchase orders of this invoice", "End of purchase orders"])
def test_no_block_is_no_block(notes):
    assert blocks_in(notes) == {}


@given(st.lists(st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp", "Zs")), min_size=1), min_size=1))
def test_any_rows_come_back(rows):
    html = with_blocks("<body></body>", [Block(INVOICES_OF_ORDER, tuple(rows))])
    shown = blocks_in(plain(html))["Invoices of this order"]
    assert shown == [row for each in rows if (row := " ".join(each.split()))]
