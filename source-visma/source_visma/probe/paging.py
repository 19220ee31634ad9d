"""Lists: the size of pages, their end, their order, and the header with the company."""

from math import ceil
from typing import Any

from source_visma.probe.question import Answer, Fact, Question, UnclearError
from source_visma.probe.service import NoReplyError, RefusedError, Reply, Service

# The paged lists of the source's streams.
STREAMS = {
    "suppliers": "/v1/supplier",
    "customers": "/v1/customer",
    "purchase_orders": "/v1/purchaseorder",
    "supplier_invoices": "/v1/supplierInvoice",
    "customer_invoices": "/v1/customerinvoice",
    "customer_credit_notes": "/v1/customerCreditNote",
    "customer_debit_notes": "/v1/customerDebitNote",
    "customer_overdue_charges": "/v1/customerOverdueCharge",
    "subaccounts": "/v1/subaccount",
    "employees": "/v1/employee",
    "projects": "/v1/project",
    "project_budgets": "/v1/projectbudget",
    "purchase_receipts": "/v2/PurchaseReceipt",
    "supplier_payments": "/v1/supplierPayment",
}
SUPPLIERS = STREAMS["suppliers"]
PAGE, PAGES = 25, 8
WRONG_COMPANY = "999"


def page_sizes(service: Service) -> Answer:
    """What each list says of its largest page, and how long a page is without a size."""
    facts: dict[str, Fact] = {}
    refused, stated, silent = [], 0, 0
    for stream, path in STREAMS.items():
        try:
            reply = service.first(path)
        except RefusedError as error:
            refused.append(stream)
            facts[f"status_{stream}"] = error.status
            continue
        except NoReplyError:
            facts[f"unanswered_{stream}"] = True
            continue
        if reply.largest_page is None:
            silent += bool(reply.rows)
        else:
            stated += 1
            facts[f"largest_page_{stream}"] = reply.largest_page
    if not stated and not silent:
        raise UnclearError("no list holds a record, or none can be read", **facts)
    facts["default_page"] = len(service.list(SUPPLIERS).rows)
    also = f"; without licence or access: {', '.join(refused)}" if refused else ""
    if not silent:
        return Answer("stated", f"all {stated} lists with records say their largest page{also}", facts)
    word, number = ("not stated", "none") if not stated else ("partly stated", str(stated))
    return Answer(word, f"{number} of {stated + silent} lists with records says its largest page{also}", facts)


def past_the_end(service: Service) -> Answer:
    """The page after the last one."""
    total = service.first(SUPPLIERS).total
    if not total:
        raise UnclearError("the company has no suppliers")
    reply = service.get(SUPPLIERS, {"pageNumber": total + 1, "pageSize": 1})
    facts: dict[str, Fact] = {"status": reply.status, "rows": len(reply.rows)}
    if reply.status >= 400:
        return Answer("refused", f"it is refused with status {reply.status}", facts)
    if reply.rows:
        return Answer("first page", "it brings records again: the page number is not looked at", facts)
    if reply.status == 204:
        return Answer("no content", "it is answered with 204, without content", facts)
    if reply.body is None:
        return Answer("null", "it is null", facts)
    return Answer("empty list", "it is an empty list", facts)


def company_header(service: Service) -> Answer:
    """The same request without, with the right, and with a wrong company."""
    params = {"pageNumber": 1, "pageSize": 1}
    right = service.get(SUPPLIERS, params)
    without = service.get(SUPPLIERS, params, send_company=False)
    wrong = service.get(SUPPLIERS, params, company=WRONG_COMPANY)
    facts: dict[str, Fact] = {}
    for name, reply in (("right", right), ("without", without), ("wrong", wrong)):
        facts[f"status_{name}"], facts[f"rows_{name}"] = reply.status, reply.total
    if not right.total:
        raise UnclearError("the company has no suppliers", **facts)
    wrong_one = f"a wrong company {_outcome(wrong, right)}"
    if without.status == 200 and without.total == right.total:
        word = "not looked at" if wrong.total == right.total and wrong.status == 200 else "not needed"
        return Answer(word, f"no: without it the same records come; {wrong_one}", facts)
    return Answer("needed", f"yes: without it the request {_outcome(without, right)}; {wrong_one}", facts)


def order(service: Service) -> Answer:
    """Two passes over the same pages."""
    first, second = _pass(service), _pass(service)
    facts: dict[str, Fact] = {"rows": len(first), "distinct": len(set(first)), "same_order": first == second}
    if len(first) <= PAGE:
        raise UnclearError("the company has too few suppliers for two pages", **facts)
    if len(set(first)) < len(first) or len(set(second)) < len(second):
        return Answer("repeats", "no: pages repeat records, and so leave out others", facts)
    if first != second:
        return Answer("changes", "no: a second pass brings another order", facts)
    return Answer("stable", "yes: two passes bring the same records in the same order", facts)


def _outcome(reply: Reply, right: Reply) -> str:
    if reply.status >= 400:
        return f"is refused ({reply.status})"
    if not reply.total:
        return "brings an empty list"
    return "brings the same records" if reply.total == right.total else "brings other records"


def _pass(service: Service) -> list[Any]:
    total = service.first(SUPPLIERS).total
    pages = range(1, min(PAGES, ceil(total / PAGE)) + 1)
    return [
        row.get("internalId")
        for number in pages
        for row in service.list(SUPPLIERS, pageNumber=number, pageSize=PAGE).rows
    ]


QUESTIONS = (
    Question(
        "V4",
        "Does each list say how large its pages may be?",
        "how many calls a full read takes",
        "num_workers, the rate of calls",
        page_sizes,
    ),
    Question(
        "V5",
        "What comes behind the last page?",
        "nothing to set: the source counts records and does not rely on the last page",
        "the promise that a list is read whole",
        past_the_end,
    ),
    Question(
        "V6",
        "Is the header ipp-company-id needed?",
        "whether a wrong company_id shows as an error or as an empty company",
        "company_id",
        company_header,
    ),
    Question(
        "V16",
        "Do pages keep their order from one pass to the next?",
        "how often the source reads a list again until it is whole",
        "the promise that a list is read whole",
        order,
    ),
)
