"""The sandbox Asana's pages as people see them, in a real headless browser. Skips without Chromium and its driver."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

from integration_tests import plain_http
from integration_tests.sandbox.asana.page import rich_html
from integration_tests.sandbox.asana.page.testing import (
    DESKTOP,
    LINES,
    NASTY,
    Workspace,
    filled_workspace,
    follow,
    headless_chromium,
    resize,
)
from integration_tests.sandbox.harness import AsanaSandbox

PHONE = (390, 844)


@pytest.fixture(scope="module")
def workspace() -> Iterator[Workspace]:
    with filled_workspace() as filled:
        yield filled


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    with headless_chromium(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture
def browser(chromium: webdriver.Chrome) -> Iterator[webdriver.Chrome]:
    """A browser of a desktop's size whose console stays empty."""
    resize(chromium, DESKTOP)
    yield chromium
    assert chromium.get_log("browser") == []


def all_of(place: Any, selector: str) -> list[WebElement]:
    found: list[WebElement] = place.find_elements(By.CSS_SELECTOR, selector)
    return found


def texts(place: Any, selector: str) -> list[str]:
    return [" ".join(element.text.split()) for element in all_of(place, selector)]


def redrawn(browser: webdriver.Chrome, wanted: Callable[[Any], bool]) -> None:
    """Waits until the page shows what is wanted; elements that go while it is read are part of its being redrawn."""
    WebDriverWait(browser, 240, ignored_exceptions=[StaleElementReferenceException]).until(wanted)


def card_of(browser: webdriver.Chrome, words: str) -> WebElement:
    return next(card for card in all_of(browser, ".card") if words in card.text)


def test_the_root_is_the_board_with_its_statuses_as_columns(browser: webdriver.Chrome, workspace: Workspace) -> None:
    browser.get(workspace.url)
    assert texts(browser, "h1") == ["Finance documents"]
    names = [column.find_element(By.CSS_SELECTOR, ".name").text for column in all_of(browser, ".column")]
    assert sorted(names) == ["Closed", "Hold", "Open"]
    assert {
        name: len(all_of(column, ".card")) for name, column in zip(names, all_of(browser, ".column"), strict=True)
    } == {
        "Closed": 20,
        "Hold": 1,
        "Open": 2,
    }
    assert texts(browser, "#count") == ["33 tasks · 32 open · 1 overdue"]


def test_names_of_projects_are_shown_whole_at_the_side(browser: webdriver.Chrome, workspace: Workspace) -> None:
    browser.get(workspace.url)
    assert texts(browser, ".side .name") == ["Finance documents", "Avvik <b>oktober</b>"]
    cut = "return [...document.querySelectorAll('.side .name')].filter(one => one.scrollWidth > one.clientWidth).length"
    assert browser.execute_script(cut) == 0


def test_a_card_tells_what_matters(browser: webdriver.Chrome, workspace: Workspace) -> None:
    browser.get(workspace.url)
    card = card_of(browser, "Invoice 200123")
    assert card.find_element(By.CSS_SELECTOR, "h3").text == f"Invoice 200123 · {NASTY}"
    for words in ("Another name", "1,234,567.50 NOK", "Open", "Overdue: 1 Mar 2020", "1/11 subtasks", "KN"):
        assert words in " ".join(card.text.split()), words
    assert card.find_element(By.CSS_SELECTOR, ".avatar").accessible_name == "Kari Nordmann"
    assert card.find_element(By.CSS_SELECTOR, ".check").accessible_name == "Open"
    done = card_of(browser, "PO 500002")
    assert done.find_element(By.CSS_SELECTOR, ".check").accessible_name == "Completed"
    assert "Overdue" not in card_of(browser, "PO 500001").text


def test_a_long_column_opens_on_request(browser: webdriver.Chrome, workspace: Workspace) -> None:
    browser.get(workspace.board)
    follow(browser, browser.find_element(By.LINK_TEXT, "Show all 30"))
    closed = next(column for column in all_of(browser, ".column") if column.text.startswith("Closed"))
    assert len(all_of(closed, ".card")) == 30
    follow(browser, browser.find_element(By.LINK_TEXT, "Show only the first 20"))
    assert len(all_of(browser, ".card")) == 23


def test_the_filter_works_as_one_types(browser: webdriver.Chrome, workspace: Workspace) -> None:
    browser.get(workspace.board)
    box = browser.find_element(By.NAME, "q")
    box.send_keys("another kari")
    # What slow fingers had typed before shows the same card, and is replaced by this.
    redrawn(browser, lambda _: "q=another+kari" in browser.current_url)
    assert texts(browser, ".card h3") == [f"Invoice 200123 · {NASTY}"]
    assert texts(browser, "#count") == ["1 of 33 tasks · 1 open · 1 overdue"]
    browser.refresh()
    assert browser.find_element(By.NAME, "q").get_attribute("value") == "another kari"
    assert len(all_of(browser, ".card")) == 1
    follow(browser, browser.find_element(By.LINK_TEXT, "List"))
    assert len(all_of(browser, "tbody tr")) == 1


def test_choices_take_effect_at_once(browser: webdriver.Chrome, workspace: Workspace) -> None:
    browser.get(workspace.board)
    Select(browser.find_element(By.NAME, "show")).select_by_visible_text("Completed tasks")
    redrawn(browser, lambda _: texts(browser, ".card h3") == ["PO 500002 · Ferdig"])
    Select(browser.find_element(By.NAME, "show")).select_by_visible_text("Open tasks")
    Select(browser.find_element(By.NAME, "group")).select_by_visible_text("Assignee")
    redrawn(browser, lambda _: texts(browser, ".column .name") == ["Unassigned", "Kari Nordmann"])


def test_the_board_and_the_list_show_one_type_of_document(browser: webdriver.Chrome, workspace: Workspace) -> None:
    browser.get(workspace.board)
    types = Select(browser.find_element(By.NAME, "type"))
    assert [one.text for one in types.options] == [
        "All types",
        "Purchase order",
        "Purchase invoice",
        "No document type",
    ]
    types.select_by_visible_text("Purchase invoice")
    redrawn(browser, lambda _: texts(browser, ".card h3") == [f"Invoice 200123 · {NASTY}"])
    assert texts(browser, "#count") == ["1 of 33 tasks · 1 open · 1 overdue"]
    follow(browser, browser.find_element(By.LINK_TEXT, "List"))
    assert len(all_of(browser, "tbody tr")) == 1
    Select(browser.find_element(By.NAME, "type")).select_by_visible_text("No document type")
    redrawn(browser, lambda _: len(all_of(browser, "tbody tr")) == 31)


def test_without_document_types_there_is_nothing_to_choose(workspace: Workspace) -> None:
    assert 'name="type"' in plain_http.get(workspace.board).text
    other = f"{workspace.url}/0/{workspace.other_project}/board"
    assert 'name="type"' not in plain_http.get(other).text
    assert plain_http.get(other, params={"type": "none"}).text.count('class="card') == 1


def test_the_largest_amount_comes_first(browser: webdriver.Chrome, workspace: Workspace) -> None:
    browser.get(workspace.list)
    Select(browser.find_element(By.NAME, "sort")).select_by_visible_text("Amount")
    redrawn(browser, lambda _: "Invoice 200123" in all_of(browser, "tbody tr")[0].text)
    assert len(all_of(browser, "tbody tr")) == 33


FITS = """
return [...document.querySelectorAll(".tools select")].flatMap(select => {
  const style = getComputedStyle(select), pen = document.createElement("canvas").getContext("2d");
  pen.font = `${style.fontSize} ${style.fontFamily}`;
  const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - 16;
  return [...select.options].map(one => one.text).filter(text => pen.measureText(text).width > room);
});
"""


@pytest.mark.parametrize("width", [390, 360, 320])
@pytest.mark.parametrize("view", ["board", "list"])
def test_choices_are_shown_whole_on_a_phone(
    browser: webdriver.Chrome, workspace: Workspace, view: str, width: int
) -> None:
    resize(browser, (width, 844))
    browser.get(getattr(workspace, view))
    assert browser.execute_script(FITS) == []


def test_filter_and_choices_work_without_scripts(workspace: Workspace) -> None:
    page = plain_http.get(workspace.board, params={"q": "ålesund", "show": "open", "sort": "due"}).text
    assert page.count('class="card') == 1
    assert "1 of 33 tasks" in page


def test_a_card_leads_to_its_task(browser: webdriver.Chrome, workspace: Workspace) -> None:
    browser.get(workspace.url)
    follow(browser, card_of(browser, "Invoice 200123"))
    assert texts(browser, "h1") == [f"Invoice 200123 · {NASTY}"]
    assert browser.title == f"Invoice 200123 · {NASTY} · Sandbox Asana"
    facts = dict(zip(texts(browser, "dt"), texts(browser, "dd"), strict=True))
    assert "KN" in facts.pop("Collaborators")
    assert facts == {
        "Assignee": "KN Kari Nordmann",
        "Due date": "Overdue: 1 Mar 2020",
        "Projects": "Finance documents › Untitled section Avvik <b>oktober</b> › Done",
        "Priority": "—",
        "Visma ID": "SupplierInvoiceId:4100251/Invoice/200123",
        "Visma supplier": "Another name",
        "Visma currency": "NOK",
        "Visma document date": "1 Feb 2020",
        "Visma amount": "1,234,567.50",
        "Visma status": "Open",
        "Visma document type": "Purchase invoice",
    }
    assert texts(browser, ".subtasks a") == LINES
    assert texts(browser, "#subtasks") == ["Subtasks 1 of 11 completed"]
    follow(browser, browser.find_element(By.LINK_TEXT, LINES[1]))
    assert texts(browser, "h1") == [LINES[1]]
    follow(
        browser, browser.find_element(By.CSS_SELECTOR, ".crumbs").find_element(By.PARTIAL_LINK_TEXT, "Invoice 200123")
    )
    assert texts(browser, "h1") == [f"Invoice 200123 · {NASTY}"]


def test_the_history_tells_values_before_and_after(browser: webdriver.Chrome, workspace: Workspace) -> None:
    browser.get(workspace.page(workspace.invoice))
    assert texts(browser, ".history li p:first-child strong") == ["Finance Bot"] * 6
    history = [text.rsplit(" ", 4)[0] for text in texts(browser, ".history li p:first-child")]
    assert history[:4] == [
        "Finance Bot created this task",
        "Finance Bot added to Finance documents",
        "Finance Bot assigned to Kari Nordmann",
        "Finance Bot changed Visma status",
    ]
    assert texts(browser, ".change") == ["Hold → Open"]
    assert texts(browser, ".comment .rich") == ["Ser rett ut <b>"]
    assert history[5] == "Finance Bot added to Avvik <b>oktober</b>"


def test_a_description_keeps_its_form_and_no_more(browser: webdriver.Chrome, workspace: Workspace) -> None:
    browser.get(workspace.page(workspace.invoice))
    rich = browser.find_element(By.CSS_SELECTOR, ".rich")
    assert rich.text.split("\n") == [
        "Fra Visma",
        "Betales til Bryggen <i>Kaffe</i>",
        "Bestillingen ikke her",
        "en",
        "to",
    ]
    assert texts(rich, "h3, strong, li") == ["Fra Visma", "Bryggen <i>Kaffe</i>", "en", "to"]
    assert texts(rich, "a") == ["Bestillingen"]
    assert all_of(browser, "main b, main i, main script") == []
    follow(browser, rich.find_element(By.LINK_TEXT, "Bestillingen"))
    assert texts(browser, "h1") == ["PO 500001 · Ålesund Trelast"]


def test_the_list_has_a_column_for_every_field(browser: webdriver.Chrome, workspace: Workspace) -> None:
    browser.get(workspace.list)
    head = texts(browser, "thead th")
    assert head[:4] == ["Task", "Assignee", "Due date", "Priority"]
    row = next(row for row in all_of(browser, "tbody tr") if "Invoice 200123" in row.text)
    cells = dict(zip(head, texts(row, "th, td"), strict=True))
    assert cells["Task"] == f"Invoice 200123 · {NASTY}"
    assert (cells["Visma amount"], cells["Visma status"]) == ("1,234,567.50", "Open")
    assert len(all_of(browser, "tbody tr")) == 33


def test_long_lists_come_in_pages(workspace: Workspace) -> None:
    with AsanaSandbox() as sandbox:
        sandbox.bulk(250)
        page = f"{sandbox.url}/0/{sandbox.PROJECT}/list"
        counts = [plain_http.get(page, params={"page": number}).text.count("<tr") - 1 for number in (1, 2, 3, 99, "x")]
        assert counts == [100, 100, 50, 50, 100]


def test_projects_lead_to_their_boards_with_sections_as_columns(
    browser: webdriver.Chrome, workspace: Workspace
) -> None:
    browser.get(f"{workspace.url}/projects")
    follow(browser, browser.find_element(By.CSS_SELECTOR, "main").find_element(By.LINK_TEXT, "Avvik <b>oktober</b>"))
    assert texts(browser, "h1") == ["Avvik <b>oktober</b>"]
    assert texts(browser, ".column .name") == ["Untitled section", "Doing", "Done"]
    assert texts(all_of(browser, ".column")[2], ".card h3") == [f"Invoice 200123 · {NASTY}"]


def test_permalinks_of_the_api_open_these_pages(browser: webdriver.Chrome, workspace: Workspace) -> None:
    task = workspace.client.get(f"/tasks/{workspace.order['gid']}", opt_fields="permalink_url")
    browser.get(workspace.url + urlsplit(task["permalink_url"]).path)
    assert texts(browser, "h1") == ["PO 500001 · Ålesund Trelast"]
    project = workspace.client.get(f"/projects/{workspace.other_project}", opt_fields="permalink_url")
    browser.get(workspace.url + urlsplit(project["permalink_url"]).path)
    assert texts(browser, "h1") == ["Avvik <b>oktober</b>"]


PAGES = ("/", "/projects", "/0/{project}/list", "/0/{other}/board", "/0/0/{task}")


def address(workspace: Workspace, page: str) -> str:
    return workspace.url + page.format(
        project=AsanaSandbox.PROJECT, other=workspace.other_project, task=workspace.invoice["gid"]
    )


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_no_page_is_wider_than_the_screen(
    browser: webdriver.Chrome, workspace: Workspace, page: str, size: tuple[int, int]
) -> None:
    resize(browser, size)
    browser.get(address(workspace, page))
    root = "document.documentElement"
    screen, visible, whole = browser.execute_script(f"return [innerWidth, {root}.clientWidth, {root}.scrollWidth]")
    assert screen == size[0]
    assert whole <= visible
    lost = browser.execute_script(
        "return [...document.querySelectorAll('main *')].filter(one => !one.closest('#results') &&"
        " one.getBoundingClientRect().right > innerWidth + 1).map(one => one.outerHTML)"
    )
    assert lost == []


CONTRAST = """
const channels = colour => colour.match(/[0-9.]+/g).map(Number);
const light = ([r, g, b]) => [r, g, b].map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
  .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
const ground = one => {
  for (; one; one = one.parentElement) {
    const colour = channels(getComputedStyle(one).backgroundColor);
    if (colour.length < 4 || colour[3] === 1) return colour;
  }
  return [255, 255, 255];
};
const faint = [];
for (const one of document.querySelectorAll("body *")) {
  if (![...one.childNodes].some(node => node.nodeType === 3 && node.data.trim())) continue;
  const [a, b] = [light(channels(getComputedStyle(one).color)), light(ground(one))].sort((x, y) => y - x);
  if ((a + .05) / (b + .05) < 4.5) faint.push(one.outerHTML);
}
return faint;
"""


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_legible_and_labelled(browser: webdriver.Chrome, workspace: Workspace, page: str) -> None:
    """Contrast and names as WCAG 2.2 AA asks (1.4.3, 4.1.2), one main heading, a language."""
    browser.get(address(workspace, page))
    assert browser.execute_script(CONTRAST) == []
    assert len(all_of(browser, "h1")) == 1
    assert browser.find_element(By.TAG_NAME, "html").get_attribute("lang") == "en"
    named = all_of(browser, "main input, main select, main a, main [tabindex], main [role=img]")
    assert [one.get_attribute("outerHTML") for one in named if not one.accessible_name] == []


def test_pages_need_no_token_and_change_nothing(workspace: Workspace) -> None:
    answer = plain_http.get(workspace.board)
    assert answer.status_code == 200
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert plain_http.post(workspace.board).status_code == 405
    for missing in ("/0/0/404", "/0/404/board", "/0/404/list", f"/0/0/{AsanaSandbox.WORKSPACE}"):
        answer = plain_http.get(workspace.url + missing)
        assert answer.status_code == 404
        assert "There is no such" in answer.text


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("<body>a &lt;b&gt; &amp; c</body>", "a &lt;b&gt; &amp; c"),
        ("<body><img src='https://x.example/a.png' alt='b'/></body>", 'href="https://x.example/a.png"'),
        ("<body><a data-asana-gid='12'/></body>", '<a href="/0/0/12">/0/0/12</a>'),
        ("<body><iframe>x</iframe><strong onclick='y'>z</strong></body>", "x<strong>z</strong>"),
        (
            "<body>Project: https://app.asana.com/0/1/1.</body>",
            'Project: <a href="/0/1/1">https://app.asana.com/0/1/1</a>.',
        ),
        ("<body>(http://x.example/?a=1&amp;b=&lt;i&gt;)</body>", '<a href="http://x.example/?a=1&amp;b=" rel='),
        ("<body><code>https://x.example/</code></body>", "<code>https://x.example/</code>"),
        ("not <b>well formed", "not &lt;b&gt;well formed"),
        ("<body><a href='java\tscript:alert(1)'>x</a></body>", "x"),
        ("<body><ul>\n<li>one</li>\n</ul>\nafter</body>", "<ul><li>one</li></ul>after"),
    ],
)
def test_rich_text_comes_out_safe(given: str, text: str) -> None:
    assert text in rich_html.render(given)
    assert not [risk for risk in ("<iframe", "<img", "onclick", "script:", "<i>") if risk in rich_html.render(given)]
