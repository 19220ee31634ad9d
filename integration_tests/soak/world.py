"""The company in Visma: what it begins with, and what bookkeepers change in a round. It knows every record that exists."""

import copy
from collections.abc import Callable
from random import Random
from typing import Any

from integration_tests.sandbox.harness import VismaSandbox
from integration_tests.soak import records, vocabulary
from integration_tests.soak.records import Record

KEYS = {
    "purchaseorder": ("orderType", "orderNbr"),
    "supplierInvoice": ("documentType", "referenceNumber"),
    "customerinvoice": ("documentType", "referenceNumber"),
    "customerCreditNote": ("documentType", "referenceNumber"),
    "project": ("projectID",),
    "projectbudget": ("projectID", "projectTaskID", "accountGroupID", "inventoryNumber", "type", "description"),
    "account": ("accountCD",),
}
ORDER_STATUSES = ["Open", "Open", "Hold", "Balanced", "Closed", "Cancelled", "Voided"]
INVOICE_STATUSES = ["Open", "Hold", "Balanced", "Closed", "Closed", "Voided", "Prebooked", "Scheduled"]
SALE_STATUSES = ["Open", "Hold", "Balanced", "Closed", "Closed", "Voided"]
READ_LATE = ("purchaseorder", "supplierInvoice", "customerinvoice")
PROJECT_STATUSES = ["Active", "Planned", "OnHold", "Completed", "Cancelled"]


class Company:
    """The records by entity and key, as the sandbox holds them. Changes go to the sandbox in one call (`send`)."""

    def __init__(self, visma: VismaSandbox, company_id: str, dice: Random) -> None:
        self.visma = visma
        self.company_id = company_id
        self.dice = dice
        self.records: dict[str, dict[str, Record]] = {entity: {} for entity in KEYS}
        self.deleted: list[tuple[str, str, Record]] = []
        self.renamed_an_account = False
        self.story: list[str] = []
        self._next = {"purchaseorder": 500_000, "supplierInvoice": 200_000, "sales": 100_000}
        self._waiting: list[dict[str, Any]] = []

    # what the company begins with

    def open(self, documents: int) -> None:
        """Accounts, projects with budgets, and so many documents."""
        for place, (code, description) in enumerate(vocabulary.ACCOUNTS):
            record = {"accountID": 1000 + place, "accountCD": code, "description": description, "active": True}
            self._put("account", {**record, "type": "Expense"})
        codes = [*vocabulary.PROJECTS, vocabulary.NON_PROJECT, vocabulary.TEMPLATE]
        for internal, code, description in codes:
            self._put("project", records.project(self.dice, internal, code, description))
        for _, code, _ in vocabulary.PROJECTS:
            for group, kind in (("MATERIAL", "Expense"), ("HOURS", ""), ("SALG", "Income")):
                self._put("projectbudget", records.budget_row(self.dice, code, group, kind))
        for _ in range(documents):
            self.new_document()
        for _ in range(documents // 3):
            self.new_status()
        self.send()

    def documents(self, *entities: str) -> list[tuple[str, str]]:
        """Entity and key of every document."""
        wanted = entities or ("purchaseorder", "supplierInvoice", "customerinvoice", "customerCreditNote")
        return [(entity, key) for entity in wanted for key in self.records[entity]]

    # what changes

    def change(self, count: int, *, deleting: bool) -> None:
        """So many changes of all kinds, carried out."""
        self._decide(count, deleting=deleting)
        self.send()

    def _decide(self, count: int, *, deleting: bool) -> None:
        kinds: list[tuple[int, Callable[[], None]]] = [
            (4, self.new_document),
            (5, self.new_status),
            (4, self.edited_lines),
            (3, self.edited_head),
            (3, self.goods_arrive),
            (2, self.invoice_moves),
            (1, self.project_changes),
            (1, self.account_changes),
            (2 if deleting else 0, self.document_goes),
        ]
        for _ in range(count):
            self.dice.choices([act for _, act in kinds], [weight for weight, _ in kinds])[0]()

    def change_meanwhile(self, count: int, dice: Random, *, deleting: bool) -> None:
        """So many changes, at the end of a request of the next sync."""
        self.story.append(f"Visma {self.company_id}, while the sync reads:")
        self._decide(count, deleting=deleting)
        self.visma.after_requests(f"/v1/{dice.choice(READ_LATE)}", self._waiting, after=dice.randint(1, 3))

    def changed(self) -> None:
        """The sync has ended. If it did not read so far, the changes come now."""
        if any(each["orders"] == self._waiting and each["fired"] for each in self.visma.control("GET", "triggers")):
            self._waiting = []
        self.send()

    def new_document(self) -> None:
        dice = self.dice
        make = dice.choices([self._new_order, self._new_invoice, self._new_sale], [4, 5, 2])[0]
        entity, key = make()
        self._tell(f"new {entity} {key}")

    def _new_order(self) -> tuple[str, str]:
        kind = self.dice.choice(["RegularOrder"] * 5 + ["DropShip", "Blanket", "StandardBlanket"])
        # A drop-ship order or a blanket order may share its number with a regular order.
        numbers = [key.split("/")[1] for key in self.records["purchaseorder"] if key.startswith("RegularOrder/")]
        free = [number for number in numbers if f"{kind}/{number}" not in self.records["purchaseorder"]]
        if kind != "RegularOrder" and free and self.dice.random() < 0.4:
            number = self.dice.choice(free)
        else:
            number = self._number("purchaseorder")
        return self._put("purchaseorder", records.order(self.dice, kind, number))

    def _new_invoice(self) -> tuple[str, str]:
        kind = self.dice.choice(["Invoice"] * 5 + ["DebitAdj", "CreditAdj", "Prepayment"])
        number = self._number("supplierInvoice")
        return self._put("supplierInvoice", records.invoice(self.dice, kind, number, self._order_numbers()))

    def _new_sale(self) -> tuple[str, str]:
        entity, kind = self.dice.choice([("customerinvoice", "Invoice"), ("customerCreditNote", "CreditNote")])
        return self._put(entity, records.sale(self.dice, kind, self._number("sales")))

    def new_status(self) -> None:
        """A document is released, paid, closed, voided, opened again …"""
        if not self.documents():
            return
        entity, key, record = self._some()
        if entity == "purchaseorder":
            record["status"] = self.dice.choice(ORDER_STATUSES)
            if record["status"] == "Cancelled":
                record["lines"] = [{**line, "canceled": True, "completed": True} for line in record["lines"]]
            record["hold"] = record["status"] == "Hold"
        elif entity == "supplierInvoice":
            record["status"] = self.dice.choice(INVOICE_STATUSES)
            left = {"Closed": 0.0, "Voided": 0.0, "Open": self.dice.choice([1.0, 0.4])}.get(record["status"], 1.0)
            record = records.settled(record, left)
            if record["status"] in ("Hold", "Balanced") and self.dice.random() < 0.5:
                record["amount"] = 0.0
        else:
            record["status"] = self.dice.choice(SALE_STATUSES)
            record = records.received(record, {"Closed": 0.0, "Voided": 0.0}.get(record["status"], 1.0))
        self._put(entity, record)
        self._tell(f"{entity} {key} is now {record['status']}")

    def edited_lines(self) -> None:
        """A line is added, taken away, or gets another amount, text, project."""
        entity, key, record = self._some()
        name = "invoiceLines" if "invoiceLines" in record else "lines"
        lines = record[name]
        what = self.dice.choice(["add", "remove", "text", "again"])
        if what == "remove" and len(lines) > 1:
            lines.pop(self.dice.randrange(len(lines)))
        elif what == "text":
            text = {"purchaseorder": "lineDescription", "supplierInvoice": "transactionDescription"}
            self.dice.choice(lines)[text.get(entity, "description")] = self.dice.choice(vocabulary.THINGS)
        elif entity == "purchaseorder":
            number = max(line["lineNbr"] for line in lines) + 1
            place = len(lines) if what == "add" else self.dice.randrange(len(lines))
            number = number if what == "add" else lines[place]["lineNbr"]
            branch = (record["branch"]["number"], record["branch"]["name"])
            lines[place : place + 1] = [records.order_line(self.dice, number, branch)]
        elif entity == "supplierInvoice":
            place = len(lines) if what == "add" else self.dice.randrange(len(lines))
            number = 1 + max(line["lineNumber"] for line in lines) if what == "add" else lines[place]["lineNumber"]
            order = self.dice.choice([None, *self._order_numbers()])
            lines[place : place + 1] = [records.invoice_line(self.dice, number, record["currencyId"], order)]
        self._put(entity, self._totalled(entity, record))
        self._tell(f"{entity} {key}: line {what}")

    def edited_head(self) -> None:
        """Another date, supplier or customer."""
        entity, key, record = self._some()
        what = self.dice.choice(["date", "party"])
        if what == "date":
            due = {"purchaseorder": "promisedOn", "supplierInvoice": "dueDate"}.get(entity, "documentDueDate")
            record[due] = records.day(self.dice)
        elif entity in ("purchaseorder", "supplierInvoice"):
            record["supplier"] = vocabulary.named(self.dice.choice(vocabulary.SUPPLIERS))
        else:
            record["customer"] = vocabulary.named(self.dice.choice(vocabulary.CUSTOMERS))
        self._put(entity, record)
        self._tell(f"{entity} {key}: another {what}")

    def goods_arrive(self) -> None:
        orders = self.documents("purchaseorder")
        if orders:
            entity, key = self.dice.choice(orders)
            record = copy.deepcopy(self.records[entity][key])
            records.receive(self.dice, record)
            self._put(entity, record)
            self._tell(f"goods arrive for {key}")

    def invoice_moves(self) -> None:
        """The lines of a supplier document name another order, or none."""
        invoices = self.documents("supplierInvoice")
        if invoices:
            entity, key = self.dice.choice(invoices)
            record = copy.deepcopy(self.records[entity][key])
            number = self.dice.choice([None, *self._order_numbers()])
            for line in record["invoiceLines"]:
                line["poNumber"] = number
            self._put(entity, record)
            self._tell(f"supplierInvoice {key} now names order {number}")

    def project_changes(self) -> None:
        key = self.dice.choice([code for _, code, _ in vocabulary.PROJECTS])
        record = copy.deepcopy(self.records["project"][key])
        record["status"] = self.dice.choice(PROJECT_STATUSES)
        self._put("project", record)
        self._put("projectbudget", records.budget_row(self.dice, key, "MATERIAL", "Expense"))
        self._tell(f"project {key} is now {record['status']}, with another budget")

    def account_changes(self) -> None:
        key = self.dice.choice(list(self.records["account"]))
        record = copy.deepcopy(self.records["account"][key])
        record["description"] = f"{record['description'].split(' (')[0]} ({self.dice.randint(1, 99)})"
        self._put("account", record)
        self.renamed_an_account = True
        self._tell(f"account {key} is now {record['description']}")

    def document_goes(self) -> None:
        entity, key, record = self._some()
        if len(self.documents(entity)) > 1:
            del self.records[entity][key]
            self.deleted.append((entity, key, record))
            self._waiting.append({"op": "delete", "entity": entity, "key": key})
            self._tell(f"{entity} {key} is deleted")

    # how it reaches the sandbox

    def send(self) -> None:
        """Carries out what has been decided."""
        self.visma.control("POST", "changes", self._waiting)
        self._waiting = []

    def _put(self, entity: str, record: Record) -> tuple[str, str]:
        key = "/".join(str(record[name]) for name in KEYS[entity])
        order: dict[str, Any] = {"op": "change", "key": key} if key in self.records[entity] else {"op": "add"}
        self._waiting.append({**order, "entity": entity, "set": copy.deepcopy(record)})
        self.records[entity][key] = record
        return entity, key

    def _some(self) -> tuple[str, str, Record]:
        entity, key = self.dice.choice(self.documents())
        return entity, key, copy.deepcopy(self.records[entity][key])

    def _totalled(self, entity: str, record: Record) -> Record:
        if entity == "purchaseorder":
            return records.totalled_order(record)
        left = 0.0 if record["status"] in ("Closed", "Voided") else 1.0
        return records.settled(record, left) if entity == "supplierInvoice" else records.received(record, left)

    def _order_numbers(self) -> list[str]:
        return sorted({record["orderNbr"] for record in self.records["purchaseorder"].values()})

    def _number(self, series: str) -> str:
        self._next[series] += 1
        return f"{self._next[series]}"

    def _tell(self, text: str) -> None:
        self.story.append(f"Visma {self.company_id}: {text}")
