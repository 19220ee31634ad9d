"""The money trail in a project that is searched, whatever search finds: parts of words or whole words alone, capitals told
from small letters or not. Expected numbers are worked out by hand: an order is of 250.00 net.
"""

import pytest

from integration_tests.destination_messages import COMPANY, invoice, line, order, order_id, state
from integration_tests.test_destination_money import bill, names

STATE = state("supplier_invoices")
TOTALS = {"committed": 250, "received": 0, "invoiced": 0, "remaining": 250}


@pytest.fixture(params=["parts-sensitive", "parts-ignored", "words-sensitive", "words-ignored"])
def big(request, destination):
    """A project that is too big to be listed for a few documents, for each way in which search may work."""
    contains, case = request.param.split("-")
    destination.asana.settings(
        search_per_minute=100_000, search_lag=0, search_contains=contains, search_case=case, record_bodies=False
    )
    destination.write(invoice("seed"), order("seed"))
    destination.asana.bulk(300, start=700_000, age=864_000)
    return destination


def old_invoice(destination, name, text, company=COMPANY):
    """An invoice of long ago that search alone tells of."""
    shown = {"Visma purchase orders": text, "Visma currency": "NOK", "Visma status": "Open"}
    destination.asana.bulk(1, prefix=f"SupplierInvoiceId:{company}/Invoice/{name}", values=shown, age=864_000)


def old_order(destination, number, company=COMPANY):
    """The same of an order; `number` ends with a digit from 1 to 9."""
    shown = {"Visma currency": "NOK", "Visma status": "Open", **{f"Visma {name}": n for name, n in TOTALS.items()}}
    place = {"prefix": f"PurchaseOrderId:{company}/RegularOrder/{number[:-1]}", "start": int(number[-1])}
    destination.asana.bulk(1, values=shown, age=864_000, **place)


def invoiced(destination, number, company=COMPANY):
    [task] = destination.asana.tasks(order_id(number).replace(COMPANY, company))
    return task["fields"]["Visma invoiced"], task["fields"]["Visma remaining"]


# What stands beside the orders 500011 and 500012 on another invoice of long ago, and the amount of 500012 there.
@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("500012: 50001.00", 50001),
        ("500012: -50001.00", -50001),
        ("50001: 3.00; 500012: 7.00", 7),
        ("500012: 7.00; 50001: 3.00", 7),
        ("500012: 7.00", 7),
    ],
)
def test_an_amount_or_a_shorter_number_does_not_prove_that_search_finds_parts_of_words(big, text, amount):
    big.write(order("500011"), order("500012", lines=[line(cost=6000)]), line_items="none")
    old_invoice(big, "OLD", "500011: 100.00")
    old_invoice(big, "OLDER", text)
    run = big.write(bill(21, names("500011", 5)), bill(22, names("500012", 5)), STATE, line_items="none")
    assert run.state_ids == [1]
    assert invoiced(big, "500011") == (105, 145)
    assert invoiced(big, "500012") == (5 + amount, 60_000 - 5 - amount)


def test_orders_in_the_description_do_not_prove_it_either(big):
    big.write(order("500011"), order("500012"), line_items="none")
    old_invoice(big, "OLD", "500011: 100.00")
    old_invoice(big, "OLDER", "50001: 3.00")
    [older] = [task for task in big.asana.tasks() if "OLDER" in task["fields"]["Visma ID"]]
    notes = "Purchase orders of this invoice\n500012: 7.00\nEnd of purchase orders"
    big.as_person("PUT", f"/tasks/{older['gid']}", notes=notes)
    big.write(bill(21, names("500011", 5)), bill(22, names("500012", 5)), STATE, line_items="none")
    assert invoiced(big, "500011") == (105, 145)
    assert invoiced(big, "500012") == (12, 238)


def test_a_company_whose_number_begins_like_the_orders_of_another(big):
    for company in (COMPANY, "50001"):
        for number in ("500011", "500012"):
            old_order(big, number, company)
    theirs = {"company_id": "50001"}
    bills = [
        bill(21, names("500011", 5)),
        bill(22, names("500012", 6)),
        bill(21, names("500011", 7), **theirs),
        bill(22, names("500012", 8), **theirs),
    ]
    big.write(*bills, STATE, line_items="none")
    assert [invoiced(big, number) for number in ("500011", "500012")] == [(5, 245), (6, 244)]
    assert [invoiced(big, number, "50001") for number in ("500011", "500012")] == [(7, 243), (8, 242)]


@pytest.mark.parametrize(("written", "named"), [("PO-A1", "po-a1"), ("po-a1", "PO-A1"), ("PO-A1", "PO-A1")])
def test_letters_of_an_orders_number_in_another_case(big, written, named):
    old_order(big, written)
    old_invoice(big, "OLD", f"{written}: 100.00")
    old_invoice(big, "OLDER", f"{named}: 20.00")
    run = big.write(bill(2, names(named, 5)), STATE, line_items="none")
    assert run.state_ids == [1]
    assert invoiced(big, written) == (125, 125)


def test_an_order_of_both_cases_that_comes_after_its_invoices(big):
    old_invoice(big, "OLD", "Po-Ab7: 100.00")
    old_invoice(big, "OLDER", "PO-AB7: 20.00")
    old_invoice(big, "OLDEST", "po-ab7: 3.00")
    big.write(order("Po-Ab7"), line_items="none")
    assert invoiced(big, "Po-Ab7") == (123, 127)
    big.write(bill(2, names("PO-AB7", 5)), line_items="none")
    assert invoiced(big, "Po-Ab7") == (128, 122)
