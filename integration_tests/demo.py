"""``make demo``: two sandbox companies, a first sync with PyAirbyte, three changes in Visma, a second sync, a summary.

Exit status 0 when the board shows what Visma holds and the second sync touched exactly the three changed documents.
"""

import argparse
import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from destination_asana.planning.words import plan_text

from integration_tests import demo_projects
from integration_tests.sandbox import harness
from integration_tests.sandbox.asana.seed import PEOPLE

ROOT = Path(__file__).parents[1]
WORK = ROOT / ".demo"
PROGRAMS = ROOT / ".venv/bin"
DOCUMENTS = {
    "purchaseorder": "purchase orders",
    "supplierInvoice": "supplier invoices",
    "customerinvoice": "customer invoices",
    "customerCreditNote": "credit notes",
    "customerDebitNote": "debit notes",
    "customerOverdueCharge": "overdue charges",
}
# Who deals with whose documents: by supplier, and everything else.
MAPPING = [
    {"supplier": "* AB", "assignee": "kari.nordmann@nordlys.example"},
    {"supplier": "* AS", "assignee": "Søren Østergaard"},
    {"supplier": "*", "assignee": "asa.lindstrom@nordlys.example"},
]
# An order that came in two deliveries, with an invoice for each, and waits for the rest.
PARTLY = "500223"


class DemoError(Exception):
    """The demo did not show what it promises; the message says what was seen instead."""


def say(text: str = "") -> None:
    print(text, flush=True)


def documents(asana: Any) -> dict[str, dict[str, Any]]:
    """The sync's tasks by Visma ID: name, fields by name, subtasks, history and all."""
    return {task["fields"]["Visma ID"]: task for task in asana.tasks()}


def configure(visma: Any, asana: Any) -> None:
    """Writes the two configurations into the empty working folder, as a user would fill in the forms."""
    destination = {**asana.config, **demo_projects.enter(asana), "audit_log_path": str(WORK / "audit.jsonl")}
    destination["supplier_mapping"] = MAPPING
    (WORK / "source.json").write_text(json.dumps(visma.config, indent=2))
    (WORK / "destination.json").write_text(json.dumps(destination, indent=2))


@contextmanager
def working_folder() -> Any:
    """An empty folder for this demo alone. Raises DemoError if it cannot be written or another demo works in it."""
    try:
        WORK.mkdir(exist_ok=True)
        lock = open(WORK / ".lock", "w")  # noqa: SIM115
    except OSError as error:
        raise DemoError(
            f"{WORK} cannot be written ({error.strerror}). The demo keeps its files there: run it in a checkout of your own."
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise DemoError(
                f"another demo is running in {ROOT}. Stop it with Ctrl-C, or run this one in another checkout."
            ) from None
        for old in WORK.iterdir():
            if old.is_dir():
                shutil.rmtree(old)
            elif old.name != ".lock":
                old.unlink()
        yield


def audit() -> list[dict[str, Any]]:
    path = WORK / "audit.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


@contextmanager
def progress() -> Any:
    """Shows every few seconds how far the sync is, from the destination's audit log. Yields a function: seconds so far."""
    began, before, done = time.monotonic(), len(audit()), threading.Event()

    def show() -> None:
        while not done.wait(5):
            # An order has several lines: its own, and those of its sums.
            written = len({line["visma_id"] for line in audit()[before:]})
            doing = (
                f"{written} {'document' if written == 1 else 'documents'} in Asana"
                if written
                else "the engine starts and Visma is read"
            )
            say(f"   … {time.monotonic() - began:2.0f} s: {doing}")

    thread = threading.Thread(target=show)
    thread.start()
    try:
        yield lambda: time.monotonic() - began
    finally:
        done.set()
        thread.join()


def sync() -> tuple[int, float]:
    """Runs the pair once in the embedded engine. Returns records read and seconds; raises DemoError with the reason."""
    log = WORK / f"engine-{1 + len(list(WORK.glob('engine-*.log')))}.log"
    command = [ROOT / ".venv-engine/bin/python", ROOT / "standalone/pyairbyte_sync.py", WORK, PROGRAMS]
    environment = {**os.environ, "AIRBYTE_LOGGING_ROOT": str(WORK / "logs")}
    with log.open("wb") as output, progress() as elapsed:
        engine = subprocess.Popen(command, cwd=WORK, env=environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            code = engine.wait(timeout=600)
        finally:
            if engine.poll() is None:
                engine.terminate()
                engine.wait()
        seconds = elapsed()
    text = log.read_text(errors="replace")
    counted = re.search(r"^(\d+) records read$", text, re.M)
    if code or not counted:
        reason = "\n".join(text.strip().splitlines()[-15:])
        raise DemoError(f"the engine ended with status {code} and said (all of it: .demo/{log.name})\n{reason}")
    return int(counted.group(1)), seconds


def examples(visma: Any) -> dict[str, tuple[str, Callable[[dict[str, Any]], bool]]]:
    """Visma IDs of documents worth a look: what each is, and whether a task shows it so."""
    company = visma.config["company_id"]
    documents = visma.documents("supplierInvoice")
    note = next(d for d in documents if (d["documentType"], d["status"]) == ("DebitAdj", "Open"))
    foreign = next(
        d for d in documents if (d["documentType"], d["status"], d["currencyId"]) == ("Invoice", "Open", "EUR")
    )
    rejected = next(d for d in visma.documents("purchaseorder") if d["status"] == "Voided")
    return {
        f"SupplierInvoiceId:{company}/DebitAdj/{note['referenceNumber']}": (
            "a credit note, below zero",
            lambda task: task["fields"]["Visma amount"] < 0,
        ),
        f"SupplierInvoiceId:{company}/Invoice/{foreign['referenceNumber']}": (
            "an invoice in euros, not in kroner",
            lambda task: task["fields"]["Visma amount"] == foreign["balanceInCurrency"],
        ),
        f"PurchaseOrderId:{company}/{rejected['orderType']}/{rejected['orderNbr']}": (
            "a rejected order, still to do",
            lambda task: not task["completed"] and task["fields"]["Visma status"] == "Rejected",
        ),
    }


def told(task: dict[str, Any]) -> str:
    """A task in one line."""
    values = task["fields"]
    done = "completed" if task["completed"] else "open"
    return f"{task['name']}: {values['Visma amount']:,.2f} {values['Visma currency']}, {values['Visma status']}, {done}"


def show_people(tasks: dict[str, dict[str, Any]]) -> None:
    """Says whose the open documents are. Raises DemoError if nobody has any."""
    names = {email: name for _, name, email, *_ in PEOPLE}
    open_tasks = [task for task in tasks.values() if not task["completed"] and not demo_projects.is_card(task)]
    counts = Counter(names[task["assignee"]] for task in open_tasks if task["assignee"])
    told = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
    say(f"   - assigned by supplier: {told} of {len(open_tasks)} open documents")
    if len(counts) < len(MAPPING):
        raise DemoError("each entry of the supplier mapping should have found documents")


def show_projects(visma: Any, asana: Any, tasks: dict[str, dict[str, Any]]) -> None:
    """What project managers find in their projects. Raises DemoError where it is not what Visma holds."""
    counts = demo_projects.routed(asana, tasks.values())
    wanted = demo_projects.expected({entity: visma.documents(entity) for entity in DOCUMENTS})
    say("\n   In the Asana projects of the project managers, the same tasks:")
    cards = {task["name"].split()[1]: task for task in tasks.values() if demo_projects.is_card(task)}
    for name, count in counts.items():
        number = demo_projects.NUMBERS[name]
        say(f"   - {name}: {count} documents; {demo_projects.numbers(cards[number])}")
    if counts != wanted:
        raise DemoError(f"by the lines of Visma's documents there should be {wanted}")
    company = visma.config["company_id"]
    order = tasks[f"PurchaseOrderId:{company}/RegularOrder/{PARTLY}"]
    invoices = [
        task for task in tasks.values() if (task["fields"].get("Visma purchase orders") or "").startswith(PARTLY)
    ]
    say(f"   - one order's story: {demo_projects.story(order, invoices)}")
    billed = sum(
        line["costInCurrency"]
        for document in visma.documents("supplierInvoice")
        for line in document["invoiceLines"]
        if line.get("poNumber") == PARTLY
    )
    if order["fields"]["Visma invoiced"] != billed:
        raise DemoError(f"the lines of Visma's invoices for this order add up to {billed:,.2f}")


def change_visma(visma: Any) -> set[str]:
    """Three changes as bookkeepers make them, said in words. Returns the Visma IDs of the three documents."""
    company = visma.config["company_id"]
    invoices = [
        d
        for d in visma.documents("supplierInvoice")
        if (d["documentType"], d["status"], d["currencyId"]) == ("Invoice", "Open", "NOK")
    ]
    orders = [d for d in visma.documents("purchaseorder") if (d["orderType"], d["status"]) == ("RegularOrder", "Open")]
    paid, late = invoices[0], orders[0]
    dearer = next(d for d in invoices[1:] if d["invoiceLines"][0]["quantity"])
    changes: list[tuple[str, str, dict[str, Any], str]] = [
        (
            "supplierInvoice",
            f"Invoice/{paid['referenceNumber']}",
            {"status": "Closed", "balance": 0.0, "balanceInCurrency": 0.0},
            f"supplier invoice {paid['referenceNumber']} from {paid['supplier']['name']} is paid",
        ),
        (
            "supplierInvoice",
            f"Invoice/{dearer['referenceNumber']}",
            one_more(dearer),
            f"supplier invoice {dearer['referenceNumber']} from {dearer['supplier']['name']} has one more of its first line",
        ),
        (
            "purchaseorder",
            f"RegularOrder/{late['orderNbr']}",
            {"promisedOn": "2026-12-18T00:00:00"},
            f"purchase order {late['orderNbr']} from {late['supplier']['name']} now comes on 18 December 2026",
        ),
    ]
    for entity, key, values, words in changes:
        visma.change(entity, key, values)
        say(f"   - {words}")
    prefix = {"supplierInvoice": "SupplierInvoiceId", "purchaseorder": "PurchaseOrderId"}
    return {f"{prefix[entity]}:{company}/{key}" for entity, key, _, _ in changes}


def one_more(invoice: dict[str, Any]) -> dict[str, Any]:
    """The values of an invoice in the company's currency, with one more piece of its first line."""
    line, *others = invoice["invoiceLines"]
    price = line["unitCost"]
    dearer = {**line, "quantity": line["quantity"] + 1}
    dearer |= {name: round(line[name] + price, 2) for name in ("cost", "costInCurrency")}
    totals = ("amount", "amountInCurrency", "balance", "balanceInCurrency", "detailTotal", "detailTotalInCurrency")
    return {name: round(invoice[name] + price, 2) for name in totals if name in invoice} | {
        "invoiceLines": [dearer, *others]
    }


def run(keep: bool) -> None:
    """The whole demo. Raises DemoError when what it shows is not what Visma holds."""
    say("Visma → Asana: a sync between two sandbox companies on this machine\n")
    # A first load is paced by Asana's 1,500 requests a minute; nobody wants to watch that.
    start = harness.start
    with working_folder(), start("visma") as visma, start("asana", "--set", "requests_per_minute=0") as asana:
        configure(visma, asana)
        counts = {words: len(visma.documents(entity)) for entity, words in DOCUMENTS.items()}
        total = sum(counts.values())
        projects = [p for p in visma.documents("project") if p["projectID"] != "X" and not p["systemTemplate"]]
        held = total + len(projects)
        say(f"1. Visma   {visma.url}   {', '.join(f'{n} {words}' for words, n in counts.items())}")
        say(f"           and {len(projects)} projects with their budgets")
        say(
            f'   Asana   {asana.url}   an empty project "Finance documents", and {len(demo_projects.NUMBERS)} of project managers'
        )

        say("\n2. First sync, with PyAirbyte as the engine: everything")
        records, seconds = sync()
        first, log = documents(asana), audit()
        created = sum(1 for line in log if line["action"] == "created")
        lines = sum(len(task["subtasks"]) for task in first.values())
        say(
            f"   {total} documents and {len(projects)} projects read, {created} tasks created in {seconds:.0f} s, with {lines} "
            "line items as subtasks"
        )
        say(f"   {records - held} accounts, cost centres and budget rows read, for options and numbers")
        if len(first) != held or created != held:
            raise DemoError(
                f"Visma holds {held} documents and projects, Asana {len(first)}, and {created} were logged as created"
            )
        for visma_id, (words, shown) in examples(visma).items():
            say(f"   - {words}: {told(first[visma_id])}")
            if not shown(first[visma_id]):
                raise DemoError(f"this should be {words}: {told(first[visma_id])}")
        show_people(first)
        show_projects(visma, asana, first)

        say("\n3. Three changes in Visma")
        changed = change_visma(visma)

        say("\n4. Second sync: only what changed")
        _, seconds = sync()
        second = documents(asana)
        updated = {key for key, task in second.items() if task != first.get(key)}
        say(f"   {len(updated)} updated, everything else untouched ({held - len(updated)} tasks), in {seconds:.0f} s")
        for line in audit()[len(log) :]:
            changes = {field: (change["before"], change["after"]) for field, change in line["changes"].items()}
            say(f"   - {second[line['visma_id']]['name']}: {plan_text(changes)}")
        if updated != changed:
            raise DemoError(f"changed in Visma: {sorted(changed)}; changed in Asana: {sorted(updated)}")

        if keep:
            board = f"{asana.url}/0/{asana.PROJECT}/board?show=open&sort=due"
            say(f"\nThe board: {board}   (Ctrl-C stops both sandboxes)")
            signal.pause()
        say("\nTo look at the board, keep it up: make demo KEEP=1")


def main() -> int:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--keep", action="store_true", help="leave the sandboxes up until Ctrl-C")
    options = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):  # so that the sandboxes and the engine are stopped, too
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    try:
        run(options.keep)
    except KeyboardInterrupt:
        return 0 if options.keep else 128 + signal.SIGINT
    except (DemoError, harness.SandboxError) as error:
        print(f"\nThe demo failed: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
