"""``make demo``: two sandbox companies, a first sync with PyAirbyte, three changes in Visma, a second sync, a summary.

Exit status 0 when the board shows what Visma holds and the second sync touched exactly the three changed documents.
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from destination_asana.planning.words import plan_text

from integration_tests.sandbox import harness

ROOT = Path(__file__).parents[1]
WORK = ROOT / ".demo"
DOCUMENTS = {
    "purchaseorder": "purchase orders",
    "supplierInvoice": "supplier invoices",
    "customerinvoice": "customer invoices",
    "customerCreditNote": "credit notes",
    "customerDebitNote": "debit notes",
    "customerOverdueCharge": "overdue charges",
}


class DemoError(Exception):
    """The demo did not show what it promises; the message says what was seen instead."""


def say(text: str = "") -> None:
    print(text, flush=True)


def documents(asana: Any) -> dict[str, dict[str, Any]]:
    """The project's tasks by Visma ID: name, fields by name, subtasks, history and all."""
    return {task["fields"]["Visma ID"]: task for task in asana.tasks()}


def configure(visma: Any, asana: Any) -> None:
    """Writes the two configurations into an empty working folder, as a user would fill in the forms."""
    destination = {**asana.config, "audit_log_path": str(WORK / "audit.jsonl")}
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir()
    (WORK / "source.json").write_text(json.dumps(visma.config, indent=2))
    (WORK / "destination.json").write_text(json.dumps(destination, indent=2))


def audit() -> list[dict[str, Any]]:
    path = WORK / "audit.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


@contextmanager
def progress() -> Any:
    """Shows every few seconds how far the sync is, from the destination's audit log. Yields a function: seconds so far."""
    began, before, done = time.monotonic(), len(audit()), threading.Event()

    def show() -> None:
        while not done.wait(5):
            actions = len(audit()) - before
            doing = (
                f"{actions} {'document' if actions == 1 else 'documents'} in Asana"
                if actions
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
    command = [ROOT / ".venv-engine/bin/python", ROOT / "standalone/pyairbyte_sync.py", WORK, ROOT / ".venv/bin"]
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
    with harness.start("visma") as visma, harness.start("asana", "--set", "requests_per_minute=0") as asana:
        configure(visma, asana)
        counts = {words: len(visma.documents(entity)) for entity, words in DOCUMENTS.items()}
        total = sum(counts.values())
        say(f"1. Visma   {visma.url}   {', '.join(f'{n} {words}' for words, n in counts.items())}")
        say(f'   Asana   {asana.url}   an empty project "Finance documents"')

        say("\n2. First sync, with PyAirbyte as the engine: everything")
        records, seconds = sync()
        first, log = documents(asana), audit()
        created = sum(1 for line in log if line["action"] == "created")
        lines = sum(len(task["subtasks"]) for task in first.values())
        say(
            f"   {total} documents read, {created} tasks created in {seconds:.0f} s, with {lines} line items as subtasks"
        )
        say(f"   {records - total} accounts and cost centres read, as options of custom fields")
        if len(first) != total or created != total:
            raise DemoError(f"Visma holds {total} documents, Asana {len(first)}, and {created} were logged as created")
        for visma_id, (words, shown) in examples(visma).items():
            say(f"   - {words}: {told(first[visma_id])}")
            if not shown(first[visma_id]):
                raise DemoError(f"this should be {words}: {told(first[visma_id])}")

        say("\n3. Three changes in Visma")
        changed = change_visma(visma)

        say("\n4. Second sync: only what changed")
        _, seconds = sync()
        second = documents(asana)
        updated = {key for key, task in second.items() if task != first.get(key)}
        say(f"   {len(updated)} updated, everything else untouched ({total - len(updated)} tasks), in {seconds:.0f} s")
        for line in audit()[len(log) :]:
            changes = {field: (change["before"], change["after"]) for field, change in line["changes"].items()}
            say(f"   - {second[line['visma_id']]['name']}: {plan_text(changes)}")
        if updated != changed:
            raise DemoError(f"changed in Visma: {sorted(changed)}; changed in Asana: {sorted(updated)}")

        if keep:
            say(f"\nThe board: {asana.url}   (Ctrl-C stops both sandboxes)")
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
