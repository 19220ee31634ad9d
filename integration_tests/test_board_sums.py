"""The money in the head of a project's page, in a real headless browser. Skips without Chromium and its driver."""

from collections.abc import Iterator
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from integration_tests import plain_http
from integration_tests.sandbox.asana.client import Client
from integration_tests.sandbox.asana.page.testing import DESKTOP, follow, headless_chromium, resize
from integration_tests.sandbox.harness import AsanaSandbox

PORTFOLIO = "1200000000000400"
NUMBERS = ("committed", "received", "invoiced", "remaining", "budget", "actual")
# Currency → committed, received, invoiced, remaining of one order each.
ORDERS = [
    ("NOK", (1500.5, 1000.0, 750.25, 750.25)),
    ("NOK", (0.0, 0.0, 0.0, 0.0)),
    ("EUR", (80.0, 0.0, 100.0, 0.0)),
]


class Budgeted:
    """A sandbox with an Asana project that has numbers of its own, and three orders."""

    def __init__(self, sandbox: AsanaSandbox) -> None:
        self.client = Client(sandbox)
        self.fields = {name: self.client.field(f"Visma {name}", "number", precision=2)["gid"] for name in NUMBERS}
        self.currency = self.client.field("Visma currency")["gid"]
        for name in NUMBERS:
            self.client.post(f"/portfolios/{PORTFOLIO}/addCustomFieldSetting", {"custom_field": self.fields[name]})
        self.client.post(f"/portfolios/{PORTFOLIO}/addItem", {"item": sandbox.PROJECT})
        self.numbers(budget=10000.0, committed=9000.0, actual=6000.0, invoiced=5000.0, remaining=1500.0)
        for number, (currency, amounts) in enumerate(ORDERS, 1):
            named = dict(zip(NUMBERS, amounts, strict=False))
            order = self.client.task(f"PO 00000{number}", custom_fields=self.values(named) | {self.currency: currency})
        self.order = order["gid"]
        # The card of a project has numbers of the same names, and is no order.
        card = {"committed": 9000.0, "invoiced": 5000.0, "remaining": 1500.0, "budget": 10000.0}
        self.client.task("Project P1001", custom_fields=self.values(card) | {self.currency: "NOK"})
        self.address = f"{sandbox.url}/0/{sandbox.PROJECT}"

    def values(self, named: dict[str, Any]) -> dict[str, Any]:
        return {self.fields[name]: value for name, value in named.items()}

    def numbers(self, **named: Any) -> None:
        self.client.put(f"/projects/{self.client.project}", {"custom_fields": self.values(named)})


@pytest.fixture
def budgeted() -> Iterator[Budgeted]:
    with AsanaSandbox("--set", "requests_per_minute=0") as sandbox:
        made = Budgeted(sandbox)
        yield made
        made.client.http.close()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    with headless_chromium(tmp_path_factory.mktemp("chromium")) as chromium:
        resize(chromium, DESKTOP)
        yield chromium


def texts(place: Any, selector: str) -> list[str]:
    return [" ".join(element.text.split()) for element in place.find_elements(By.CSS_SELECTOR, selector)]


def test_orders_are_summed_by_currency_beside_the_projects_own_numbers(
    browser: webdriver.Chrome, budgeted: Budgeted
) -> None:
    browser.get(f"{budgeted.address}/list")
    project, orders = browser.find_elements(By.CSS_SELECTOR, "#sums > section")
    assert dict(zip(texts(project, "dt"), texts(project, "dd"), strict=True)) == {
        "Budget": "10,000.00",
        "Committed": "9,000.00",
        "Actual": "6,000.00",
        "Remaining": "1,500.00",
    }
    label = project.find_element(By.CSS_SELECTOR, ".bar").get_attribute("aria-label")
    assert label == "60 % of the budget is spent, 25 % more is ordered"
    assert texts(orders, "h2")[0] == "2 orders NOK, without VAT"
    assert texts(orders, "dl:first-of-type dd")[:4] == ["1,500.50", "1,000.00", "750.25", "750.25"]
    more = orders.find_element(By.CSS_SELECTOR, "summary")
    assert more.text == "1 more currency"
    more.click()
    assert texts(orders, "details h2") == ["1 order EUR, without VAT"]
    assert texts(orders, "details dd") == ["80.00", "0.00", "100.00", "0.00"]


def test_sums_follow_the_filter(browser: webdriver.Chrome, budgeted: Budgeted) -> None:
    browser.get(f"{budgeted.address}/list")
    browser.find_element(By.NAME, "q").send_keys("EUR")
    WebDriverWait(browser, 240).until(lambda _: "q=EUR" in browser.current_url)
    assert texts(browser, "#sums > section > h2")[1:] == ["1 order EUR, without VAT"]
    assert browser.get_log("browser") == []


def test_an_orders_task_begins_with_its_money(browser: webdriver.Chrome, budgeted: Budgeted) -> None:
    browser.get(f"{budgeted.address}/list")
    follow(browser, browser.find_element(By.LINK_TEXT, "PO 000001"))
    assert texts(browser, "header .sum h2") == ["Order NOK, without VAT"]
    assert texts(browser, "header .figures > div") == [
        "Committed 1,500.50",
        "Received 1,000.00",
        "Invoiced 750.25",
        "Remaining 750.25",
    ]
    browser.get(f"{budgeted.address}/list")
    follow(browser, browser.find_element(By.LINK_TEXT, "Project P1001"))
    assert texts(browser, "header .sum") == []


PHONE = (390, 844)


@pytest.mark.parametrize("page", ["list", "board", "task"])
def test_the_money_fits_a_phone(browser: webdriver.Chrome, budgeted: Budgeted, page: str) -> None:
    resize(browser, PHONE)
    try:
        browser.get(f"{budgeted.address}/{budgeted.order if page == 'task' else page}")
        lost = browser.execute_script(
            "return [...document.querySelectorAll('.sum, .sum *')].filter(one =>"
            " one.getBoundingClientRect().right > innerWidth + 1).map(one => one.outerHTML)"
        )
        assert lost == []
        assert len(browser.find_elements(By.CSS_SELECTOR, ".figures dd")) >= 4
    finally:
        resize(browser, DESKTOP)


def test_a_project_over_its_budget_says_so(budgeted: Budgeted) -> None:
    budgeted.numbers(actual=9000.0, remaining=-250.5)
    page = plain_http.get(f"{budgeted.address}/board").text
    assert "90 % of the budget is spent, 10 % more is ordered: over the budget" in page
    assert '<dd class="overdue">-250.50</dd>' in page


def test_a_project_without_numbers_and_orders_shows_neither() -> None:
    with AsanaSandbox() as sandbox:
        page = plain_http.get(f"{sandbox.url}/0/{sandbox.PROJECT}/board").text
    assert '<div id="sums" class="sums">\n</div>' in page
