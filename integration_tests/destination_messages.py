"""Airbyte messages for tests of destination-asana: records as source-visma writes them, states, statuses, catalogs."""

from typing import Any

Message = dict[str, Any]
COMPANY = "4100251"


def record(stream: str, data: Any, **more: Any) -> Message:
    return {"type": "RECORD", "record": {"stream": stream, "data": data, "emitted_at": 1767225600000, **more}}


def state(stream: str, number: int = 1) -> Message:
    """A STATE as the platform sends it: with an `id`, and with fields no library version knows."""
    return {
        "type": "STATE",
        "state": {
            "type": "STREAM",
            "id": number,
            "stream": {
                "stream_descriptor": {"name": stream},
                "stream_state": {"lastModifiedDateTime": f"2026-01-07T08:00:{number:02d}"},
            },
            "sourceStats": {"recordCount": 1.0},
            "fromTheFuture": {"kept": [1, None, "æ"]},
        },
    }


def status(stream: str, value: str = "COMPLETE") -> Message:
    descriptor = {"name": stream}
    trace = {"type": "STREAM_STATUS", "emitted_at": 1.0, "stream_status": {"stream_descriptor": descriptor}}
    trace["stream_status"]["status"] = value  # type: ignore[index]
    return {"type": "TRACE", "trace": trace}


def catalog(*streams: str, mode: str = "append_dedup", **modes: str) -> dict[str, Any]:
    """A configured catalog; `modes` gives single streams another destination sync mode."""
    return {
        "streams": [
            {
                "stream": {
                    "name": name,
                    "json_schema": {"type": "object", "properties": {}},
                    "supported_sync_modes": ["full_refresh", "incremental"],
                },
                "sync_mode": "full_refresh",
                "destination_sync_mode": modes.get(name, mode),
            }
            for name in streams
        ]
    }


def line(
    number: int | None = 1, text: str = "Paper A4", quantity: float = 10, cost: float = 25, **more: Any
) -> Message:
    """A line of an order."""
    return {
        "lineNbr": number,
        "lineDescription": text,
        "orderQty": quantity,
        "unitCost": cost,
        "amount": quantity * cost,
        **more,
    }


def order(number: int | str = 1, **changes: Any) -> Message:
    """The RECORD of a purchase order with one line."""
    data = {
        "company_id": COMPANY,
        "orderType": "RegularOrder",
        "orderNbr": number if isinstance(number, str) else f"{number:06d}",
        "status": "Open",
        "date": "2026-01-07T00:00:00",
        "promisedOn": "2026-02-03T00:00:00",
        "supplier": {"internalId": 7, "number": "50012", "name": "Nordic Office AS"},
        "currency": "NOK",
        "orderTotal": 250.0,
        "lines": [line()],
        "lastModifiedDateTime": "2026-01-07T08:00:00.1",
        **changes,
    }
    return record("purchase_orders", data)


def invoice(number: int | str = 200001, stream: str = "supplier_invoices", **changes: Any) -> Message:
    """The RECORD of a supplier invoice without lines."""
    data = {
        "company_id": COMPANY,
        "documentType": "Invoice",
        "referenceNumber": str(number),
        "status": "Open",
        "date": "2026-01-10T00:00:00",
        "dueDate": "2026-01-24T00:00:00",
        "supplier": {"number": "50012", "name": "Nordic Office AS"},
        "currencyId": "NOK",
        "amount": 1250.0,
        "balance": 1250.0,
        "balanceInCurrency": 1250.0,
        "invoiceLines": [],
        "lastModifiedDateTime": "2026-01-10T08:00:00",
        **changes,
    }
    return record(stream, data)


def names(number: Any, amount: Any, base: Any = None, **more: Any) -> Message:
    """A line of an invoice that names an order: its cost in the invoice's currency, and in the company's."""
    return {
        "poNumber": number,
        "poLineNr": 1,
        "costInCurrency": amount,
        "cost": amount if base is None else base,
        **more,
    }


def bill(number: int | str, *lines: Message, **changes: Any) -> Message:
    """The RECORD of a supplier invoice with these lines."""
    numbered = [{"lineNumber": place, "transactionDescription": "Paper", **each} for place, each in enumerate(lines, 1)]
    return invoice(number, invoiceLines=numbered, **changes)


def credit(number: int | str, *lines: Message, **changes: Any) -> Message:
    """The same for a credit note."""
    return bill(number, *lines, documentType="DebitAdj", **changes)


def project(internal: int = 3101, number: str = "P1001     ", **changes: Any) -> Message:
    """The RECORD of a project of Visma."""
    data = {
        "company_id": COMPANY,
        "internalID": internal,
        "projectID": number,
        "description": "Website",
        "status": "Active",
        "startDate": "2026-01-05T00:00:00",
        "endDate": "2026-06-30T00:00:00",
        "projectManager": {"employeeName": "Kari Nordmann", "contact": {"email": "kari.nordmann@nordlys.example"}},
        "customer": {"number": "10007", "name": "Umeå Konferens"},
        "branch": {"number": "1", "name": "Main office"},
        "systemTemplate": False,
        "lastModifiedDateTime": "2026-01-07T08:00:00",
    }
    return record("projects", data | changes)


def row(number: str = "P1001", group: str = "MATERIAL", kind: str = "Expense", **amounts: Any) -> Message:
    """The RECORD of a row of a project's budget."""
    data = {
        "company_id": COMPANY,
        "projectID": number,
        "projectTaskID": "01",
        "accountGroupID": group,
        "inventoryNumber": "",
        "type": kind,
        "originalBudgetAmount": 1.0,
        "revisedBudgetAmount": 1000.0,
        "committedAmount": 400.0,
        "actualAmount": 300.5,
        "committedInvoicedAmount": 250.0,
        "committedOpenAmount": 150.0,
    }
    return record("project_budgets", data | amounts)


def account(code: str, description: str | None = None, **changes: Any) -> Message:
    data = {"company_id": COMPANY, "accountID": code, "accountCD": code, "description": description, "active": True}
    return record("accounts", {**data, **changes})


def cost_center(
    code: str, description: str | None = None, dimension: str = "SUBACCOUNT", segment: Any = 1, **changes: Any
) -> Message:
    data = {"company_id": COMPANY, "dimensionId": dimension, "segmentId": segment, "valueId": code}
    return record("dimension_values", {**data, "description": description, "active": True, **changes})


def order_id(number: int | str = 1) -> str:
    return f"PurchaseOrderId:{COMPANY}/RegularOrder/{number if isinstance(number, str) else f'{number:06d}'}"


def invoice_id(number: int | str = 200001, kind: str = "Invoice") -> str:
    return f"SupplierInvoiceId:{COMPANY}/{kind}/{number}"


def segments(*codes: tuple[str, str]) -> Message:
    """A subaccount with these cost centres, as `sub` of an order's line."""
    return {
        "segments": [
            {"segmentId": n, "segmentValue": c, "segmentValueDescription": d} for n, (c, d) in enumerate(codes, 1)
        ]
    }
