"""For tests of the pages: a workspace with content, and a browser to view it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.ui import WebDriverWait

from integration_tests.sandbox.asana.client import Client
from integration_tests.sandbox.harness import AsanaSandbox

NASTY = 'Kaffe <b>& Te</b> "Æøå" <script>document.title = "run"</script> AS'
NOTES = (
    "<body><h1>Fra Visma</h1>Betales til <strong>Bryggen &lt;i&gt;Kaffe&lt;/i&gt;</strong>\n"
    '<a href="https://app.asana.com/0/0/{other}">Bestillingen</a> <a href="javascript:alert(1)">ikke her</a>'
    "<ul><li>en</li><li>to</li></ul></body>"
)
LINES = [f"{number}. Kaffe <{number}> — 1 × 10.00 = 10.00 NOK" for number in range(1, 12)]
DESKTOP = (1280, 900)


@dataclass
class Workspace:
    """The sandbox with the content that the tests look for."""

    url: str
    client: Client
    invoice: dict[str, Any]
    order: dict[str, Any]
    other_project: str

    @property
    def board(self) -> str:
        return f"{self.url}/0/{AsanaSandbox.PROJECT}/board"

    @property
    def list(self) -> str:
        return f"{self.url}/0/{AsanaSandbox.PROJECT}/list"

    def page(self, task: dict[str, Any]) -> str:
        return f"{self.url}/0/0/{task['gid']}"


@contextmanager
def filled_workspace() -> Iterator[Workspace]:
    """A separate sandbox with tasks in it."""
    with AsanaSandbox("--set", "requests_per_minute=0") as sandbox, Client(sandbox) as client:
        yield _fill(sandbox, client)


def _fill(sandbox: AsanaSandbox, client: Client) -> Workspace:
    """An invoice with a history, an order, thirty paid invoices, and a project with sections."""
    options = {"enum_options": [{"name": "Closed"}, {"name": "Open"}, {"name": "Hold"}]}
    subtypes = {"ID": "text", "supplier": "text", "currency": "text", "document date": "date"}
    fields = {name: client.field(f"Visma {name}", subtype) for name, subtype in subtypes.items()}
    fields["amount"] = client.field("Visma amount", "number", precision=2)
    fields["status"] = client.field("Visma status", "enum", **options)
    kinds = [{"name": name} for name in ("Purchase order", "Sales invoice", "Purchase invoice", "Overdue charge")]
    fields["document type"] = client.field("Visma document type", "enum", enum_options=kinds)
    types = {option["name"]: option["gid"] for option in fields["document type"]["enum_options"]}
    chosen = {option["name"]: option["gid"] for option in fields["status"]["enum_options"]}

    def values(**given: Any) -> dict[str, Any]:
        return {fields[name.replace("_", " ")]["gid"]: value for name, value in given.items()}

    sandbox.bulk(30, values={"Visma status": "Closed"})
    order = client.task(
        "PO 500001 · Ålesund Trelast",
        due_on="2999-01-31",
        custom_fields=values(supplier="Ålesund Trelast", status=chosen["Hold"], document_type=types["Purchase order"]),
    )
    invoice = client.task(
        f"Invoice 200123 · {NASTY}",
        html_notes=NOTES.format(other=order["gid"]),
        assignee="kari.nordmann@nordlys.example",
        due_on="2020-03-01",
        custom_fields=values(
            ID="SupplierInvoiceId:4100251/Invoice/200123",
            supplier="Another name",
            amount=1234567.5,
            currency="NOK",
            document_date={"date": "2020-02-01"},
            status=chosen["Hold"],
            document_type=types["Purchase invoice"],
        ),
    )
    for name in LINES:
        line = client.post(f"/tasks/{invoice['gid']}/subtasks", {"name": name})
        if name == LINES[1]:
            client.put(f"/tasks/{line['gid']}", {"completed": True})
    client.put(f"/tasks/{invoice['gid']}", {"custom_fields": values(status=chosen["Open"])})
    client.post(f"/tasks/{invoice['gid']}/stories", {"html_text": "<body>Ser <em>rett</em> ut &lt;b&gt;</body>"})
    done = client.task("PO 500002 · Ferdig", custom_fields=values(status=chosen["Open"]))
    client.put(f"/tasks/{done['gid']}", {"completed": True})
    project = client.post("/projects", {"name": "Avvik <b>oktober</b>", "workspace": client.workspace})
    for name in ("Doing", "Done"):
        section = client.post(f"/projects/{project['gid']}/sections", {"name": name})
    client.post(f"/sections/{section['gid']}/addTask", {"task": invoice["gid"]})
    return Workspace(sandbox.url, client, invoice, order, project["gid"])


@contextmanager
def headless_chromium(profile: Path) -> Iterator[webdriver.Chrome]:
    """Chromium with an empty profile and no network calls of its own. Skips the test if it or its driver is not
    installed."""
    options = webdriver.ChromeOptions()
    binary = shutil.which("chromium") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if not binary or not driver:
        pytest.skip("Chromium and its driver are not installed: no page is looked at")
    options.binary_location = binary
    quiet = ("gpu", "dev-shm-usage", "quic", "background-networking", "component-update", "sync")
    arguments = ["--headless=new", "--no-sandbox", "--no-first-run", f"--user-data-dir={profile}"]
    for argument in [*arguments, *(f"--disable-{name}" for name in quiet)]:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    try:
        yield browser
    finally:
        browser.quit()


def follow(browser: webdriver.Chrome, link: WebElement) -> None:
    """Clicks a link and waits until the page it stands on is gone; what is asked next waits for the new one."""
    page = browser.find_element(By.TAG_NAME, "html")
    link.click()
    WebDriverWait(browser, 240).until(staleness_of(page))


def resize(browser: webdriver.Chrome, size: tuple[int, int]) -> None:
    metrics = {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
