"""The first day of a company that already works in Asana, from the report to the sync that changes nothing (docs/first-day.md)."""

import csv
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from integration_tests.destination_messages import Message, invoice, invoice_id, names, order, order_id, state, status
from integration_tests.destination_support import KARI, Destination, comments
from integration_tests.test_destination_adoption import REGISTER, a_field, a_project

SUPPLIERS = ("Nordic Office AS", "Fjord Data AS", "Åsane Trykk AS", "Bergen Kontor AS", "Umeå Papper AB")
RENAMED = {"Visma amount": "Beløp", "Visma supplier": "Leverandør", "Visma status": "Tilstand"}
# The documents by what people's tasks say about them.
BY_SUPPLIER, BY_AMOUNT = range(60), range(60, 110)
BY_TEXT_FIELD, BY_NUMBER_FIELD = range(110, 140), range(140, 160)
SHARED, TWICE, WRONG_SUPPLIER = range(160, 190), range(190, 205), range(205, 225)
WRONG_NUMBER, LONGER_NUMBER, WITHOUT_TASK = range(225, 245), range(245, 255), range(255, 400)
RIGHT = range(160)
UNCERTAIN = (*SHARED, *TWICE, *WRONG_SUPPLIER)
NOT_FOUND = (*WRONG_NUMBER, *LONGER_NUMBER, *WITHOUT_TASK)
# Closed invoices without a task. The first five bill orders that have one, the others orders that have none.
BILLING = {258: 0, 259: 1, 262: 4, 263: 5, 266: 8, 267: 257, 270: 261, 271: 265, 274: 269, 275: 273}
BILLED = 100.0


@dataclass
class Document:
    """Document n of three years; two neighbours share stream and supplier, and one pair in four is open."""

    n: int

    @property
    def is_order(self) -> bool:
        return self.n // 2 % 2 == 0

    @property
    def number(self) -> str:
        return f"{1000 + self.n:06d}" if self.is_order else str(300000 + self.n)

    @property
    def id(self) -> str:
        return order_id(self.number) if self.is_order else invoice_id(self.number)

    @property
    def supplier(self) -> str:
        return SUPPLIERS[self.n // 2 % 5]

    @property
    def amount(self) -> float:
        return 2000.5 + 7 * self.n

    @property
    def closed(self) -> bool:
        return self.n in BILLING or self.n in BILLING.values() or self.n % 8 not in (0, 2)

    def record(self) -> Message:
        day = f"{2023 + self.n % 3}-{1 + self.n % 12:02d}-15T00:00:00"
        common: dict[str, Any] = {
            "status": "Closed" if self.closed else "Open",
            "date": day,
            "supplier": {"number": str(50000 + self.n // 2 % 5), "name": self.supplier},
            "lastModifiedDateTime": day,
        }
        if self.is_order:
            return order(self.number, promisedOn=day, orderTotal=self.amount, lines=[], **common)
        left = 0.0 if self.closed else self.amount
        lines = [names(Document(BILLING[self.n]).number, BILLED)] if self.n in BILLING else []
        money = {"amount": self.amount, "balance": left, "balanceInCurrency": left}
        money |= {"detailTotal": self.amount, "detailTotalInCurrency": self.amount}
        return invoice(self.number, dueDate=day, invoiceLines=lines, **money, **common)


DOCUMENTS = [Document(n) for n in range(400)]
SEED = [order(1), invoice(200001)]
SEED_IDS = {order_id(1), invoice_id(200001)}
CREATED = {each.id for each in DOCUMENTS if each.n not in RIGHT and (not each.closed or BILLING.get(each.n) in RIGHT)}
LEFT_OUT = {each.id for each in DOCUMENTS if each.n not in RIGHT} - CREATED


def messages() -> list[Message]:
    orders = [each.record() for each in DOCUMENTS if each.is_order]
    invoices = [each.record() for each in DOCUMENTS if not each.is_order]
    return [
        SEED[0],
        *orders[:100],
        state("purchase_orders", 1),
        *orders[100:],
        state("purchase_orders", 2),
        SEED[1],
        *invoices[:100],
        state("supplier_invoices", 3),
        *invoices[100:],
        state("supplier_invoices", 4),
        status("purchase_orders"),
        status("supplier_invoices"),
    ]


class Workspace:
    """What people had made: 300 tasks in the register project and in an older one."""

    def __init__(self, destination: Destination) -> None:
        self.destination = destination
        self.count = 0
        self.old = a_project(destination)
        self.sections = {
            project: destination.as_person("POST", f"/projects/{project}/sections", name="Urgent")["gid"]
            for project in (REGISTER, self.old)
        }
        self.number_field = a_field(destination, "Our reference")
        self.total_field = a_field(destination, "Total", "number", precision=2)
        self.right: dict[int, str] = {}
        for n in RIGHT:
            self.right[n] = self.made_right(Document(n))
        # Each with the documents whose number it names.
        doubtful = [
            (f"{d.supplier}: {d.number} and {Document(d.n + 1).number}", [d.n, d.n + 1])
            for d in map(Document, SHARED[::2])
        ]
        doubtful += [
            (text, [d.n])
            for d in map(Document, TWICE)
            for text in (f"{d.number} {d.supplier}", f"{d.supplier} {d.number}!")
        ]
        doubtful += [
            (f"Faktura {d.number} {d.supplier[:3]}x{d.supplier[4:]}", [d.n]) for d in map(Document, WRONG_SUPPLIER)
        ]
        self.doubtful = {self.task(name): numbers for name, numbers in doubtful}
        others = [f"Faktura 9{d.number[1:]} {d.supplier}" for d in map(Document, WRONG_NUMBER)]
        others += [f"Faktura 1{d.number} {d.supplier}" for d in map(Document, LONGER_NUMBER)]
        others += [f"Buy coffee, round {n}" for n in range(45)]
        self.others = [self.task(name) for name in others]

    def made_right(self, document: Document) -> str:
        n, number = document.n, document.number
        if n in BY_SUPPLIER:
            return self.task(f"{document.supplier.rsplit(' ', 1)[0]} – #{number}")
        if n in BY_AMOUNT:
            whole, cents = f"{document.amount:.2f}".split(".")
            return self.task(f"{number}: {whole[:-3]} {whole[-3:]},{cents} kr", self.old)
        if n in BY_TEXT_FIELD:
            return self.task(f"For {document.supplier}", custom_fields={self.number_field: number})
        fields = {self.number_field: f"({number})", self.total_field: document.amount}
        return self.task(f"Paper {n}", custom_fields=fields)

    def task(self, name: str, project: str = REGISTER, **data: Any) -> str:
        """Every other task is completed; some have an assignee, a description, a section, a comment."""
        n, destination = self.count, self.destination
        self.count += 1
        data |= {"completed": n % 2 == 0}
        if n % 3 == 0:
            data |= {"assignee": KARI}
        if n % 5 == 0:
            data |= {"notes": f"Remember {n}"}
        gid: str = destination.as_person("POST", "/tasks", name=name, projects=[project], **data)["gid"]
        if n % 4 == 1:
            destination.as_person("POST", f"/sections/{self.sections[project]}/addTask", task=gid)
        if n % 7 == 0:
            destination.as_person("POST", f"/tasks/{gid}/stories", text=f"Called {n}")
        return gid


def everything(destination: Destination) -> dict[str, Message]:
    return {task["gid"]: task for task in destination.asana.state()["tasks"]}


def kept(task: Message) -> list[Any]:
    """What a task that is taken over keeps."""
    return [task["completed"], task["assignee"], comments(task), task["notes"].partition("From Visma.net")[0].strip()]


def places(task: Message) -> set[tuple[str, str]]:
    return {(each["project"], each["section"]) for each in task["memberships"]}


def untouched(task: Message) -> Message:
    """A task without the fields that its project got meanwhile."""
    return task | {"fields": {name: value for name, value in task["fields"].items() if value not in (None, [])}}


def report(destination: Destination) -> dict[str, list[str]]:
    with open(destination.folder / "report.csv", encoding="utf-8-sig", newline="") as file:
        _header, *rows = csv.reader(file, strict=True)
    assert len({row[0] for row in rows}) == len(rows), "one line per document"
    return {row[0]: row for row in rows}


def counts(log: str) -> Counter[str]:
    """What the summaries of both streams add up to, by word."""
    found: Counter[str] = Counter()
    for stream in ("purchase_orders: ", "supplier_invoices: "):
        [line] = [text for text in log.splitlines() if text.startswith(f"INFO {stream}")]
        for part in line.removeprefix(f"INFO {stream}").rstrip(".").split(", "):
            number, _, word = part.partition(" ")
            found[word] += int(number)
    return found


def assert_explained(run: Any, people: Workspace, there: Collection[str] = ()) -> None:
    """The log names each task that is not taken over, and why. A document that was there before is no question any more."""
    new = [n for n in UNCERTAIN if Document(n).id not in there]
    doubtful = [gid for gid, numbers in people.doubtful.items() if set(numbers) & set(new)]
    doubts = "\n".join(text for text in run.warnings if text.startswith("Not adopted: "))
    assert [gid for gid in doubtful if gid not in doubts] == []
    for n in new:
        [line] = [text for text in doubts.splitlines() if Document(n).id + " " in text.partition("because")[0]]
        reason = "fits other documents as well: " if n in SHARED else "several tasks fit: "
        assert ("names the number, but neither the supplier nor the amount" if n in WRONG_SUPPLIER else reason) in line
    left = "\n".join(text for text in run.log.splitlines() if "stay as they are" in text)
    assert [gid for gid in people.others if gid not in left] == []
    assert [gid for gid in doubtful if gid in left] == []


def test_the_first_day(destination):
    destination.write(*SEED)
    for old, new in RENAMED.items():
        destination.as_person("PUT", f"/custom_fields/{destination.field(old)['gid']}", name=new)
    people = Workspace(destination)
    assert people.count == 300
    path = str(destination.folder / "report.csv")
    settings = {"adopt_project_gids": [people.old], "create_closed": False, "report_path": path}
    before = destination.asana.state()
    tasks_before = everything(destination)
    destination.fresh_log()

    # 1 and 2. The report writes nothing and explains each task.
    run = destination.write(*messages(), adopt="report", **settings)
    assert (destination.written, run.states) == ([], [])
    assert destination.asana.state() == before
    found = counts(run.log)
    foreseen = {"adopted": 160, "created": len(CREATED), "unchanged": 2, "left out (closed before)": len(LEFT_OUT)}
    assert found == foreseen
    assert (
        "Adoption: 160 documents take over a task that people had made; 65 do not, because it is not certain which (the "
        "reasons are above); for 175 no task was found" in run.log
    )
    assert_explained(run, people)
    actions = {Document(n).id: "adopted" for n in RIGHT}
    actions |= dict.fromkeys(CREATED, "created") | dict.fromkeys(LEFT_OUT | SEED_IDS, "unchanged")
    rows = report(destination)
    assert {visma_id: row[1] for visma_id, row in rows.items()} == actions
    for n, gid in people.right.items():
        assert rows[Document(n).id][2] == f"https://app.asana.com/0/0/{gid}"

    # 3. Match, killed midway and run again.
    destination.asana.fault(action="delay", skip=150, times=None, seconds=3600)
    killed = destination.killed(*messages(), requests=150, adopt="match", **settings)
    destination.asana.control("DELETE", "faults")
    assert killed.exitcode != 0
    there = set(destination.tasks)
    assert 0 < len(there) < 200
    run = destination.write(*messages(), adopt="match", **settings)
    assert run.state_ids == [1, 2, 3, 4]
    # An order whose numbers a later invoice of the sync changes counts once.
    assert sum(counts(run.log).values()) == 402
    assert_explained(run, people, there)
    assert set(report(destination)) == set(actions)

    # 4. What Asana holds now.
    tasks, now = destination.tasks, everything(destination)
    assert set(tasks) == {Document(n).id for n in RIGHT} | CREATED | SEED_IDS
    assert len(now) == 300 + 2 + len(CREATED)
    assert {n: tasks[Document(n).id]["gid"] for n in RIGHT} == people.right
    for n, gid in people.right.items():
        assert kept(now[gid]) == kept(tasks_before[gid]), Document(n).id
        assert places(tasks_before[gid]) <= places(now[gid])
        assert len(places(now[gid])) == (2 if n in BY_AMOUNT else 1)
        assert "From Visma.net" in now[gid]["notes"]
    for gid in (*people.doubtful, *people.others):
        assert untouched(now[gid]) == untouched(tasks_before[gid])
    for each in DOCUMENTS:
        if each.id in tasks:
            fields, kind = tasks[each.id]["fields"], "PO" if each.is_order else "Invoice"
            assert tasks[each.id]["name"] == f"{kind} {each.number} · {each.supplier}"
            shown = "Closed" if each.closed else "Open"
            assert [fields[name] for name in RENAMED.values()] == [each.amount, each.supplier, shown]
        if each.id in CREATED:
            assert tasks[each.id]["completed"] is each.closed
    for ordered in (0, 1, 4, 5, 8):
        assert tasks[Document(ordered).id]["fields"]["Visma invoiced"] == BILLED
    assert not {field["name"] for field in destination.asana.state()["custom_fields"]} & set(RENAMED)

    # Once more: nothing changes.
    destination.fresh_log()
    run = destination.write(*messages(), adopt="match", **settings)
    assert destination.written == []
    assert counts(run.log) == {"unchanged": 162 + len(CREATED), "left out (closed before)": len(LEFT_OUT)}
    assert {row[1] for row in report(destination).values()} == {"unchanged"}
    assert everything(destination) == now
