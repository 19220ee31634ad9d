"""Orders and invoices: what lists leave out, numbers that types share, and stamps that follow other documents."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from math import ceil
from typing import Any
from urllib.parse import quote

from source_visma.probe.dates import stamp_of
from source_visma.probe.question import Answer, Fact, Question, UnclearError, not_asked
from source_visma.probe.service import SAMPLE, RefusedError, Reply, Service

Row = dict[str, Any]
ORDERS, INVOICES = "/v1/purchaseorder", "/v1/supplierInvoice"
ORDER_TYPES = ("RegularOrder", "DropShip", "Blanket", "StandardBlanket")
BY_NUMBER = 10  # requests for single documents, at most, for one question
MOMENT = timedelta(minutes=1)
# A list, and the path of one of its records.
DETAILS: Mapping[str, Callable[[Row], str]] = {
    "/v1/supplier": lambda row: _segment(row.get("number")),
    ORDERS: lambda row: _segment(row.get("orderNbr")),
    INVOICES: lambda row: f"{_segment(row.get('documentType'))}/{_segment(row.get('referenceNumber'))}",
    "/v1/customer": lambda row: _segment(row.get("number")),
    "/v1/customerinvoice": lambda row: _segment(row.get("referenceNumber")),
}


def _segment(value: Any) -> str:
    return quote(str(value), safe="")


def ends(service: Service, path: str) -> list[Row]:
    """The first and the last records of a list."""
    first = service.sample(path)
    last = ceil(first.total / SAMPLE)
    if last < 2 or not first.rows:
        return first.rows
    return first.rows + service.list(path, pageNumber=last, pageSize=SAMPLE).rows


def order_numbers(service: Service) -> Answer:
    """Whether lines of invoices name their orders in lists."""
    invoices = ends(service, INVOICES)
    shown = sum(_names_order(row) for row in invoices)
    facts: dict[str, Fact] = {"invoices_in_list": len(invoices), "with_order_in_list": shown}
    if shown:
        return Answer("shown", f"yes: {shown} of {len(invoices)} invoices name an order in the list", facts)
    buyers = {_number(row.get("supplier")) for row in ends(service, ORDERS)} - {""}
    asked = [row for row in invoices if _number(row.get("supplier")) in buyers][:BY_NUMBER]
    by_number = [service.get(f"{INVOICES}/{DETAILS[INVOICES](row)}") for row in asked]
    found = sum(reply.record is not None and _names_order(reply.record) for reply in by_number)
    facts |= {"asked_by_number": len(asked), "with_order_by_number": found}
    if found:
        return Answer(
            "hidden", f"no: lists leave it out, but {found} of {len(asked)} invoices show it by number", facts
        )
    raise UnclearError("no invoice among those read names an order; ask again when one does", **facts)


def list_and_detail(service: Service) -> Answer:
    """Compares a record of each list with the same by its number."""
    compared = more = wrapped = 0
    for path, segment in DETAILS.items():
        try:
            rows = service.sample(path).rows
        except RefusedError:
            continue
        row = next((row for row in rows if row.get("orderType") in (None, "RegularOrder")), None)
        if row is None:
            continue
        reply = service.get(f"{path}/{segment(row)}")
        if reply.status != 200 or not isinstance(reply.body, dict):
            continue
        compared += 1
        more += sum(bool(value) and not row.get(name) for name, value in reply.body.items())
        wrapped += _wrapped(row) + _wrapped(reply.body)
    facts: dict[str, Fact] = {"compared": compared, "fields_only_by_number": more, "wrapped_values": wrapped}
    if not compared:
        raise UnclearError("no record could be compared", **facts)
    form = "some values are wrapped in {“value”: …}" if wrapped else "values are bare"
    if more:
        return Answer(
            f"more{', wrapped' if wrapped else ''}", f"no: {more} fields are filled by number only; {form}", facts
        )
    return Answer(f"same{', wrapped' if wrapped else ''}", f"yes: {compared} records are the same; {form}", facts)


def shared_numbers(service: Service) -> Answer:
    """Which order a number means that two types share."""
    numbers: dict[str, set[str]] = {}
    for kind in ORDER_TYPES:
        rows = service.list(ORDERS, orderType=kind, pageNumber=1, pageSize=SAMPLE).rows
        for row in rows:
            numbers.setdefault(str(row.get("orderNbr")), set()).add(str(row.get("orderType")))
    number = next((number for number, kinds in numbers.items() if len(kinds) > 1), None)
    if number is None:
        raise UnclearError("no number among those read belongs to two types of orders", orders=len(numbers))
    reply = service.get(f"{ORDERS}/{_segment(number)}")
    facts: dict[str, Fact] = {"status": reply.status, "types": len(numbers[number])}
    if reply.record is None:
        return Answer("refused", f"it is refused with status {reply.status}", facts)
    usual = next(kind for kind in ORDER_TYPES if kind in numbers[number])
    if reply.record.get("orderType") == usual:
        return Answer("usual type", "the order of the usual type", facts)
    return Answer("other type", "not the order of the usual type", facts)


def receipt_moves_order(service: Service) -> Answer:
    """Compares the stamps of receipts with those of their orders."""
    pairs = _pairs(
        service,
        (
            (row, f"{ORDERS}/{_segment(line.get('poOrderNbr'))}", str(line.get("poOrderType")))
            for row in reversed(ends(service, "/v2/PurchaseReceipt"))
            if row.get("status") == "Released"
            for line in row.get("lines") or ()
            if line.get("poOrderNbr")
        ),
        lambda order: str(order.get("orderType")),
    )
    return _follows(pairs, "receipt", "order")


def payment_moves_invoice(service: Service) -> Answer:
    """Compares the stamps of payments with those of the invoices that they pay."""
    pairs = _pairs(
        service,
        (
            (
                row,
                f"{INVOICES}/{_segment(line.get('docType'))}/{_segment(line.get('invoiceRefNbr'))}",
                str(line.get("docType")),
            )
            for row in reversed(ends(service, "/v1/supplierPayment"))
            for line in row.get("paymentLines") or ()
            if line.get("invoiceRefNbr") and line.get("docType") in ("Invoice", "CreditAdj", "DebitAdj")
        ),
        lambda invoice: str(invoice.get("documentType")),
    )
    return _follows(pairs, "payment", "invoice")


def _pairs(
    service: Service, named: Iterator[tuple[Row, str, str]], kind_of: Callable[[Row], str]
) -> list[tuple[Row, Row]]:
    """Documents with those that they name, of the type that they name."""
    asked: dict[str, Reply] = {}
    pairs = []
    for row, path, kind in named:
        if path not in asked:
            if len(asked) == BY_NUMBER:
                break
            asked[path] = service.get(path)
        record = asked[path].record
        if record is not None and kind_of(record) == kind:
            pairs.append((row, record))
    return pairs


def _follows(pairs: list[tuple[Row, Row]], later: str, earlier: str) -> Answer:
    stamps = [(stamp_of(one), stamp_of(other)) for one, other in pairs]
    known = [(one, other) for one, other in stamps if one and other]
    behind = sum(one > other + MOMENT for one, other in known)
    facts: dict[str, Fact] = {"pairs": len(known), "stamp_stayed": behind}
    if not known:
        raise UnclearError(f"no {later} among those read names an {earlier}", **facts)
    if behind:
        return Answer(
            "not always",
            f"no: the stamp of {behind} of {len(known)} is older than that of its {later}; set reread_days",
            facts,
        )
    return Answer("moves", f"yes, as far as the stamps of {len(known)} show", facts)


def _names_order(row: Row) -> bool:
    return any(line.get("poNumber") for line in row.get("invoiceLines") or ())


def _number(party: Any) -> str:
    return str(party.get("number") or "") if isinstance(party, dict) else ""


def _wrapped(value: Any) -> int:
    if isinstance(value, list):
        return sum(map(_wrapped, value))
    if not isinstance(value, dict):
        return 0
    return int(set(value) == {"value"}) + sum(map(_wrapped, value.values()))


QUESTIONS = (
    Question(
        "V7",
        "Do lists of supplier invoices name the order of a line?",
        "whether orders show what is invoiced",
        "the money trail (Visma invoiced, Visma remaining)",
        order_numbers,
    ),
    Question(
        "V8",
        "Do lists show the same as a record by its number?",
        "whether fields of the tasks stay empty",
        "the fields of a document",
        list_and_detail,
    ),
    Question(
        "V9",
        "Which order does a number mean that two types share?",
        "to which order the webhook listener writes a note",
        "write_back of the webhook listener",
        shared_numbers,
    ),
    Question(
        "V10",
        "Does a receipt move the stamp of its order?",
        "whether incremental syncs see what was received",
        "reread_days",
        receipt_moves_order,
    ),
    Question(
        "V10 payments",
        "Does a payment move the stamp of its invoice?",
        "whether incremental syncs see what was paid",
        "reread_days",
        payment_moves_invoice,
    ),
    Question(
        "V10 lines",
        "Does a change of a line's text move the stamp of its order?",
        "whether incremental syncs see it",
        "reread_days",
        not_asked("it takes somebody who changes a line while the probe waits"),
    ),
    Question(
        "V17",
        "How does a deleted invoice look?",
        "whether its task can be marked",
        "mark_missing",
        not_asked("it takes somebody who deletes an invoice"),
    ),
)
