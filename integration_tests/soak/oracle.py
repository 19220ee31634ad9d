"""What differs between the board and the promises."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from integration_tests.soak import expected, money
from integration_tests.soak.board import Board, Task, comments, homes
from integration_tests.soak.expected import CLOSED, Shown
from integration_tests.soak.lines import line_differences
from integration_tests.soak.people import People, Trace
from integration_tests.soak.places import Places
from integration_tests.soak.settings import Settings
from integration_tests.soak.world import Company

CENT = 0.005
FOREIGN_CENTS = 0.011  # a foreign document's share of an order is rounded once for each invoice
GONE = "Gone from Visma"
OTHERS = "9999999"  # the company of the old tasks in a big project


class Oracle:
    """Judges boards of one episode."""

    def __init__(self, settings: Settings, places: Places, people: People, companies: list[Company]) -> None:
        self.settings = settings
        self.places = places
        self.people = people
        self.companies = companies
        self.completed: dict[str, bool | None] = {}
        self.others = 0  # old tasks of another company

    # completion follows changes of the status, so it is followed from sync to sync

    def people_ticked(self) -> None:
        """A tick of a person's stays until the status changes."""
        for visma_id, done in self.people.ticks:
            self.completed[visma_id] = done

    def sync_ended(self, before: Board, after: Board) -> None:
        """Between two boards, a sync has brought statuses."""
        adopted = {each.gid: each.task["completed"] for each in self.people.by_hand}
        for visma_id, [task, *_] in after.documents.items():
            entity = _entity(visma_id)
            now = task["fields"].get("Visma status")
            old = before.one(visma_id)
            if OTHERS in visma_id:
                continue
            if old is None or old["gid"] != task["gid"]:
                done = self.settings.options["complete_when_closed"] and now in CLOSED[entity]
                self.completed[visma_id] = adopted.get(task["gid"], done)
                continue
            then = old["fields"].get("Visma status")
            if now == GONE != then:
                self.completed[visma_id] = True
            elif then == GONE != now:  # the sync had completed it, so the sync takes that back
                self.completed[visma_id] = self.settings.options["complete_when_closed"] and now in CLOSED[entity]
            elif self.settings.options["complete_when_closed"] and now != then:
                if (now in CLOSED[entity]) != (then in CLOSED[entity]):
                    self.completed[visma_id] = now in CLOSED[entity]
                elif visma_id in self.people.traces:
                    self.completed[visma_id] = None  # Closed became Voided: a person's tick may stay or go

    # the board

    def shown(self, company: Company, board: Board | None = None) -> dict[str, Shown]:
        """What every document and project of a company has to show, by Visma ID. A board tells which closed orders have no
        task: these are none of several orders that share a number (docs/money.md)."""
        found = {}
        entities = [each for each, stream in expected.STREAM.items() if stream in self.settings.streams]
        for entity in entities:
            for key, record in company.records[entity].items():
                if entity == "project" and (record["projectID"] == "X" or record["systemTemplate"]):
                    continue
                segments = self.settings.options.get("cost_center_segments")
                one = expected.shown(company.company_id, entity, key, record, segments)
                one.fields |= self._sums(company, entity, record, board)
                found[one.visma_id] = one
        return found

    def _sums(self, company: Company, entity: str, record: Any, board: Board | None) -> money.Money:
        records = company.records
        if entity == "purchaseorder":
            orders = [each for key, each in records[entity].items() if not self._left_out(company, key, each, board)]
            return money.of_order(record, orders, records["supplierInvoice"].values())
        if entity == "project":
            return money.of_project(record["projectID"], records["projectbudget"].values())
        return {}

    def _left_out(self, company: Company, key: str, order: Any, board: Board | None) -> bool:
        if board is None or self.settings.options["create_closed"]:
            return False
        visma_id = expected.visma_id(company.company_id, "purchaseorder", key)
        return order["status"] in CLOSED["purchaseorder"] and visma_id not in board.documents

    def differences(self, board: Board, *, everything: bool) -> list[str]:
        """All differences; without `everything`, not of what people touched, whose records need not have come again."""
        found: list[str] = []
        known: set[str] = set()
        for company in self.companies:
            shown = self.shown(company, board)
            known |= set(shown)
            loose = set() if everything else self.touched_with_orders(shown)
            stuck = self._orders_of_the_lost(company)
            for visma_id, one in shown.items():
                tasks = board.documents.get(visma_id, [])
                if len(tasks) > 1 or (not tasks and visma_id not in loose and not self._may_lack(one, shown, board)):
                    found.append(f"{visma_id}: {len(tasks)} tasks")
                elif tasks:
                    found += self._of_task(one, tasks[0], visma_id in loose or one.record.get("orderNbr") in stuck)
            found += self._gone(company, board)
        found += [f"{each}: a task for no document of Visma" for each in self._unknown(board, known)]
        return found + self._of_people(board) + self._of_accounts(board)

    def touched_with_orders(self, shown: dict[str, Shown]) -> set[str]:
        """What people touched, and the orders whose sums hang on a task that they deleted or changed."""
        touched = set(self.people.touched)
        for visma_id in self.people.touched:
            if visma_id in shown and shown[visma_id].entity == "supplierInvoice":
                names = {line.get("poNumber") for line in shown[visma_id].record["invoiceLines"]}
                touched |= {each for each, one in shown.items() if one.record.get("orderNbr") in names}
        return touched

    def _orders_of_the_lost(self, company: Company) -> set[str | None]:
        """The numbers of orders whose invoice both Visma and people have deleted: nothing tells the sync that it is gone, so
        its amount stays until the order or another of its invoices changes."""
        return {
            line.get("poNumber")
            for entity, key, record in company.deleted
            if expected.visma_id(company.company_id, entity, key) in self.people.deleted
            for line in record.get("invoiceLines", [])
        } - {None}

    def _may_lack(self, one: Shown, shown: dict[str, Shown], board: Board) -> bool:
        """With `create_closed` off, a closed document makes no task, unless it names an order that has one."""
        if self.settings.options["create_closed"] or not one.closed:
            return False
        names = {line.get("poNumber") for line in one.record.get("invoiceLines", [])}
        orders = [each for each in shown.values() if each.record.get("orderNbr") in names and each.counts_invoices]
        with_task = [o for o in orders if board.documents.get(o.visma_id)]
        counts = one.record.get("documentType") != "Prepayment" and one.record["status"] not in money.NOT_BOOKED
        return not (with_task and counts and len(orders) == len({o.record["orderNbr"] for o in orders}))

    def _unknown(self, board: Board, known: set[str]) -> Iterable[str]:
        gone = {
            expected.visma_id(company.company_id, entity, key)
            for company in self.companies
            for entity, key, _ in company.deleted
        }
        return [each for each in board.documents if each not in known | gone and OTHERS not in each]

    def _gone(self, company: Company, board: Board) -> list[str]:
        found = []
        for entity, key, _ in company.deleted if self.settings.full else ():
            visma_id = expected.visma_id(company.company_id, entity, key)
            for task in board.documents.get(visma_id, []):
                if self.places.register_of(entity) not in homes(task):
                    continue  # only tasks of the register project are marked
                if task["fields"]["Visma status"] != GONE or not (task["completed"] or visma_id in self.people.touched):
                    found.append(f"{visma_id}: deleted in Visma, but its task is not marked and completed")
        return found

    # one task

    def _of_task(self, one: Shown, task: Task, loose: bool) -> list[str]:
        found = []
        trace = self.people.traces.get(one.visma_id) or Trace(task["gid"])
        if task["name"] != one.name and not loose:
            found.append(f"name {task['name']!r}, not {one.name!r}")
        if task["due_on"] != one.due and not loose:
            found.append(f"due {task['due_on']}, not {one.due}")
        if not loose:
            found += self._of_fields(one, task)
            found += line_differences(one, task, trace, self.settings.lines(expected.STREAM[one.entity]))
            found += self._of_places(one, task, trace)
        done = self.completed.get(one.visma_id)
        if done is not None and task["completed"] is not done:
            found.append(f"completed is {task['completed']}, not {done}")
        found += self._of_assignee(one, task, trace)
        found += _of_trace(task, trace)
        return [f"{one.visma_id}: {text}" for text in found]

    def _of_fields(self, one: Shown, task: Task) -> list[str]:
        found = []
        left_out = self.settings.options.get("leave_out_fields", [])
        for name, wanted in one.fields.items():
            is_value = task["fields"].get(name)
            if name in left_out or _same(name, wanted, is_value):
                continue
            if name == "Visma purchase orders" and wanted and len(wanted) > 1024:
                continue
            found.append(f"{name} is {is_value!r}, not {wanted!r}")
        summary = task["fields"].get("Visma line items") or ""
        if len(summary) > 1024 or (one.lines and not summary and "Visma line items" not in left_out):
            found.append(f"Visma line items is {summary!r}")
        return found

    def _of_places(self, one: Shown, task: Task, trace: Trace) -> list[str]:
        places, wanted = homes(task), self.places.of(one.entity, one.record)
        if one.entity == "project" and any(by != "project" for by, *_ in self.settings.routes):
            wanted = {self.places.register}
            places = {gid: section for gid, section in places.items() if gid in wanted}
        if trace.left or trace.added:
            there = set(homes(task))
            return [] if trace.added <= there else [f"is in {there}, no longer in {trace.added}"]
        adopted = any(each.gid == task["gid"] for each in self.people.by_hand)
        if set(places) != wanted and not adopted:
            return [f"is in the projects {sorted(places)}, not in {sorted(wanted)}"]
        register = self.places.register_of(one.entity)
        status = one.fields["Visma status"]
        section = trace.section if register == self.places.register else None
        if section and places.get(register) != section:
            return [f"is in the section {places.get(register)!r}, not where a person put it"]
        if (
            self.settings.options["section_by_status"]
            and not section
            and not adopted
            and places.get(register) != status
        ):
            return [f"is in the section {places.get(register)!r}, not in that of its status {status!r}"]
        return []

    def _of_assignee(self, one: Shown, task: Task, trace: Trace) -> list[str]:
        if trace.assignee:
            return [] if task["assignee"] == trace.assignee else [f"a person's assignee became {task['assignee']}"]
        return []

    # what belongs to people, and what belongs to all

    def _of_people(self, board: Board) -> list[str]:
        found = []
        by_document = Counter(each.visma_id for each in self.people.by_hand)
        for each in self.people.by_hand:
            task = board.tasks.get(each.gid)
            if task is None:
                # People may have deleted it, once it was the document's.
                if each.visma_id not in self.people.deleted:
                    found.append(f"the task “{each.task['name']}” that a person made is gone")
                continue
            taken = task["fields"].get("Visma ID")
            if taken and (taken != each.visma_id or by_document[each.visma_id] > 1):
                found.append(f"the task “{each.task['name']}” that a person made became {taken}")
            if taken or each.visma_id in self.people.touched:
                kept = not taken or all(text in task["notes"] for text in [each.task["notes"]])
                found += [] if kept else [f"the adopted task “{each.task['name']}” lost its description"]
            elif _bare(task) != _bare(each.task):
                found.append(f"the task “{each.task['name']}” that a person made was changed")
        others = [t for visma_id, tasks in board.documents.items() if OTHERS in visma_id for t in tasks]
        if len(others) != self.others or any(not t["name"].startswith("Old ") or t["completed"] for t in others):
            found.append("the old tasks of another company were changed")
        return found

    def _of_accounts(self, board: Board) -> list[str]:
        """Every account has its option, under its present name."""
        if "Visma GL accounts" in self.settings.options.get("leave_out_fields", []):
            return []
        options = Counter(o["name"] for o in board.fields["Visma GL accounts"]["options"] if o["enabled"])
        wanted = {
            f"{record['accountCD']} {record['description']}"
            for company in self.companies
            for record in company.records["account"].values()
        }
        return [f"the account option {name!r} is there {options[name]} times" for name in wanted if options[name] != 1]


def _same(name: str, wanted: Any, found: Any) -> bool:
    if isinstance(wanted, float) or isinstance(found, float):
        allowed = FOREIGN_CENTS * 3 if name in ("Visma invoiced", "Visma remaining") else CENT
        return isinstance(found, (int, float)) and wanted is not None and abs(wanted - found) < allowed
    if isinstance(wanted, set):
        names = {text.split(" ")[0] for text in found or []} if name == "Visma GL accounts" else set(found or [])
        return names == wanted
    return bool((wanted or None) == (found or None))


def _of_trace(task: Task, trace: Trace) -> list[str]:
    said = comments(task)
    found = [
        f"the comment {text!r} is there {said.count(text)} times" for text in trace.comments if said.count(text) != 1
    ]
    found += [f"a person's text {text!r} is gone" for text in trace.texts if task["notes"].count(text) != 1]
    if trace.priority and task["fields"].get("Priority") != "High":
        found.append("a person's own field was changed")
    there = {each["gid"] for each in task["subtasks"]}
    return found + [f"a person's subtask {gid} is gone" for gid in trace.subtasks - there]


def _bare(task: Task) -> dict[str, Any]:
    """A person's task without the empty fields that its project got meanwhile."""
    values = {name: value for name, value in task["fields"].items() if value not in (None, [])}
    names = ("name", "notes", "completed", "assignee", "due_on", "memberships", "subtasks")
    return {name: task[name] for name in names} | {"fields": values, "comments": comments(task)}


def _entity(visma_id: str) -> str:
    prefixes = {prefix: entity for entity, prefix in expected.PREFIX.items()} | {"CustomerInvoiceId": "customerinvoice"}
    return prefixes[visma_id.split(":", maxsplit=1)[0]]
