"""One episode: a seed, its rounds of changes and syncs in bad weather, then calm syncs, and what differs from the promises."""

from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Any

from integration_tests.destination_support import Destination
from integration_tests.sandbox.harness import AsanaSandbox, VismaSandbox
from integration_tests.soak import expected, faults
from integration_tests.soak.board import Board, looks
from integration_tests.soak.oracle import OTHERS, Oracle
from integration_tests.soak.people import People
from integration_tests.soak.places import Places
from integration_tests.soak.settings import COMPANIES, Settings
from integration_tests.soak.syncs import Attempt, Pair
from integration_tests.soak.world import Company

HOUR = 3600.0
MINUTES = 1200.0


class EpisodeError(Exception):
    """An episode that went wrong: the differences, one a line."""


class Episode:
    """Plays one episode in sandboxes that are its own while it lasts."""

    def __init__(self, settings: Settings, asana: AsanaSandbox, vismas: list[VismaSandbox], folder: Path) -> None:
        self.settings = settings
        self.asana = asana
        self.folder = folder
        self.story: list[str] = []
        asana.reset(requests_per_minute=0, cost_per_minute=0, search_per_minute=100_000, **settings.asana)
        if settings.token_requests:
            asana.settings(access_token_requests=settings.token_requests)
        self.destination = Destination(asana, folder)
        self.places = Places(asana, settings)
        self.companies = []
        for company_id, visma in zip(COMPANIES[: settings.companies], vismas, strict=False):
            visma.reset(company_mode="ignored", **settings.visma)
            self.companies.append(Company(visma, company_id, self._dice(f"world {company_id}")))
        self.people = People(asana, self.places, self._dice("people"))
        self.oracle = Oracle(settings, self.places, self.people, self.companies)
        config = self.places.config()
        self.pairs = [Pair(company, self.destination, settings, config, folder) for company in self.companies]
        for each in (*self.companies, self.people):
            each.story = self.story

    def play(self) -> None:
        """Raises EpisodeError."""
        for company in self.companies:
            company.open(self.settings.documents)
        for number in range(1, self.settings.rounds + 1):
            self.story.append(f"--- round {number}")
            self._round(number)
        self._calm_syncs()
        self.story.append("--- calm: the same again")
        self._again()

    def _calm_syncs(self) -> None:
        """What changed since, then everything, which changes nothing that the syncs of changes had brought."""
        only = self._dice("calm").random() < 0.5 if self.settings.small else None
        if not self.settings.full and only is not True:
            self.story.append("--- calm: what changed since")
            self._calm(everything=False)
        left = self._untouched()
        if only is not False or self.settings.full:
            self.story.append("--- calm: everything")
            self._calm(everything=True)
        if only is None and not self.settings.full:
            self._compare(left, self._untouched())

    def _round(self, number: int) -> None:
        dice = self._dice(f"round {number}")
        if number > 1:
            for company in self.companies:
                company.change(self.settings.changes, deleting=self.settings.full)
            self.people.act(Board(self.asana, self.people.renamed), self.settings.changes)
            self.oracle.people_ticked()
        self._hand_made(dice)
        if number == 2 and self.settings.big:
            name = self.people.renamed.get("Visma ID", "Visma ID")
            prefix = f"SupplierInvoiceId:{OTHERS}/Invoice/"
            self.oracle.others = self.settings.big
            self.asana.bulk(self.settings.big, prefix=prefix, name="Old {number}", field=name, age=864_000.0)
        for pair in self.pairs:
            self._sync(pair, dice)
            if dice.random() < 0.4 and not self.settings.small:
                self._sync(pair, dice)
        self._pass(dice.choice([0.0, MINUTES, 2 * HOUR]))

    def _hand_made(self, dice: Random) -> None:
        """People make tasks for documents that have none yet, where they may be taken over."""
        if self.settings.options["adopt"] != "match" or len(self.companies) > 1:
            return
        board = Board(self.asana, self.people.renamed)
        taken = {each.visma_id for each in self.people.by_hand} | self.people.deleted
        shown = self.oracle.shown(self.companies[0])
        numbers = [visma_id.rsplit("/", 1)[1] for visma_id in shown]
        new = [one for visma_id, one in shown.items() if visma_id not in board.documents and visma_id not in taken]
        sure = [o for o in new if o.entity != "project" and numbers.count(o.visma_id.rsplit("/", 1)[1]) == 1]
        for place, one in enumerate(dice.sample(sure, min(3, len(sure)))):
            self.people.make_by_hand(one, certain=place < 2)

    # syncs

    def _sync(self, pair: Pair, dice: Random) -> None:
        """One sync in bad weather."""
        visma = pair.company.visma
        self.story += faults.brew(self.asana, visma, dice)
        before = Board(self.asana, self.people.renamed)
        changing = self.settings.meanwhile and dice.random() < 0.5
        if changing:
            pair.company.change_meanwhile(self.settings.changes, dice, deleting=self.settings.full)
        attempt = pair.sync(dice)
        if changing:
            pair.company.changed()
        faults.calm(self.asana, visma)
        self._note(pair, attempt)
        after = Board(self.asana, self.people.renamed)
        self.oracle.sync_ended(before, after)
        self._released(pair, attempt, after)
        if attempt.good and len(self.pairs) == 1 and not changing:
            self._judge(after, everything=False)

    def _calm(self, *, everything: bool) -> None:
        for pair in self.pairs:
            before = Board(self.asana, self.people.renamed)
            attempt = pair.sync(everything=everything)
            self._note(pair, attempt)
            if not attempt.good:
                raise EpisodeError(f"a calm sync failed\n{attempt.log}")
            self.oracle.sync_ended(before, Board(self.asana, self.people.renamed))
            pair.last = attempt.text
        self._judge(Board(self.asana, self.people.renamed), everything=everything)

    def _again(self) -> None:
        """The last messages once more write nothing. Where a company has renamed an account whose option it shared with
        another, it has an option of its own since, and its tasks take that with their next records (docs/mapping.md)."""
        for pair in self.pairs:
            written = self._write_again(pair)
            accounts = Board(self.asana, self.people.renamed).fields.get("Visma GL accounts")
            if accounts and len(self.pairs) > 1 and pair.company.renamed_an_account:
                late = all(_values(each) == {accounts["gid"]} for each in written)
                written = self._write_again(pair) if written and late else written
            if written:
                texts = [f"{each['method']} {each['path']} {each['body']}" for each in written[:20]]
                raise EpisodeError("\n".join(["a sync of what had not changed wrote", *texts]))

    def _write_again(self, pair: Pair) -> list[dict[str, Any]]:
        self.asana.clear_log()
        attempt = pair.write(pair.last)
        if not attempt.good:
            raise EpisodeError(f"a calm sync failed\n{attempt.log}")
        return self.destination.requests("POST", "PUT", "DELETE")

    def _note(self, pair: Pair, attempt: Attempt) -> None:
        said = f"source {attempt.source_code}, destination {attempt.code}, {len(attempt.states)} states"
        self.story.append(f"sync {pair.company.company_id}-{pair.attempts}: {said}")
        if attempt.code not in (0, None, -9):
            errors = [line for line in attempt.log.splitlines() if line.startswith(("ERROR", "FATAL", "WARN"))]
            self.story += [f"    {line}" for line in errors[-3:]]

    # judging

    def _judge(self, board: Board, *, everything: bool) -> None:
        if differences := self.oracle.differences(board, everything=everything):
            raise EpisodeError("\n".join(differences))

    def _released(self, pair: Pair, attempt: Attempt, board: Board) -> None:
        """What lies before a released state is in Asana, in this version or a later one."""
        lacking = []
        for visma_id, records in attempt.promised().items():
            stream = record_stream(visma_id, records[0])
            entity = next(each for each, name in expected.STREAM.items() if name == stream)
            key = visma_id.split("/", 1)[1]
            versions = [expected.shown(pair.company.company_id, entity, key, each, None) for each in records]
            task = board.one(visma_id)
            if task is None:
                if self.settings.options["create_closed"] or not any(each.closed for each in versions):
                    lacking.append(f"{visma_id}: its state was released, but it has no task")
                continue
            names = ("Visma amount", "Visma status", "Visma due date")
            there = {name: task["fields"].get(name) for name in names}
            if there not in [{name: each.fields[name] for name in names} for each in versions]:
                lacking.append(f"{visma_id}: its state was released, but it shows {there}")
        if lacking:
            raise EpisodeError("\n".join(lacking))

    def _untouched(self) -> dict[str, object]:
        """How the tasks look that nobody but the sync has touched."""
        board = Board(self.asana, self.people.renamed)
        touched = set(self.people.touched)
        for company in self.companies:
            touched |= self.oracle.touched_with_orders(self.oracle.shown(company))
        return {visma_id: looks(tasks[0]) for visma_id, tasks in board.documents.items() if visma_id not in touched}

    def _compare(self, before: dict[str, object], after: dict[str, object]) -> None:
        """Reading everything changes nothing that the syncs of the changes had brought."""
        changed = [
            f"{visma_id}: {look} became {after.get(visma_id)}"
            for visma_id, look in before.items()
            if after.get(visma_id) != look
        ]
        if changed:
            raise EpisodeError("\n".join(["a sync of everything changed what was not changed", *changed]))

    # time and chance

    def _pass(self, seconds: float) -> None:
        """The clocks of both services go on."""
        if seconds:
            self.story.append(f"{seconds / 60:g} minutes pass")
            offset = self.asana.control("GET", "settings")["clock_offset"]
            self.asana.settings(clock_offset=offset + seconds)
            for company in self.companies:
                company.visma.control("POST", "clock", {"advance": seconds})

    def _dice(self, purpose: str) -> Random:
        return Random(f"{self.settings.seed}/{purpose}")


def _values(request: dict[str, Any]) -> set[str]:
    """The gids of the fields that a request writes, if people see nothing else of it: what the task remembers of its lines
    travels with any other write."""
    data = (request["body"] or {}).get("data") or {}
    return set(data["custom_fields"]) if set(data) - {"external"} == {"custom_fields"} else set()


def record_stream(visma_id: str, record: dict[str, object]) -> str:
    """The stream of a document's record."""
    prefix = visma_id.split(":", maxsplit=1)[0]
    if prefix == "CustomerInvoiceId":
        return "customer_invoices" if record["documentType"] == "Invoice" else "customer_credit_notes"
    return {"PurchaseOrderId": "purchase_orders", "SupplierInvoiceId": "supplier_invoices"}[prefix]


class Sandboxes:
    """One sandbox Asana and as many of Visma as an episode has companies, started when first needed."""

    def __init__(self, stack: ExitStack, asana: AsanaSandbox | None = None) -> None:
        self.stack = stack
        self.asana = asana or stack.enter_context(AsanaSandbox())
        self.vismas: list[VismaSandbox] = []

    def episode(self, settings: Settings, folder: Path) -> Episode:
        while len(self.vismas) < settings.companies:
            self.vismas.append(self.stack.enter_context(VismaSandbox("--empty")))
        return Episode(settings, self.asana, self.vismas, folder)
