"""The connection forms as people see them: both specifications rendered by react-jsonschema-form in a real browser.

Needs npm (its registry or cache) and Chromium; skips without. Screenshots are left in .cache/forms.
"""

import fcntl
import functools
import json
import shutil
import subprocess
from pathlib import Path

import jsonschema
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from integration_tests import warm_programs
from integration_tests.sandbox.asana.page.testing import headless_chromium, resize

ROOT = Path(__file__).parents[1]
BUILD = ROOT / ".cache" / "forms"

VISMA = {
    "client_id": "isv_example",
    "client_secret": "a-secret-of-visma",
    "tenant_id": "5f0e7a52-6a0b-4c3e-9a53-1d2f7c9b4e10",
    "company_id": "4100251",
}
ASANA = {"workspace_gid": "1200000000000001", "project_gid": "1200000000000100"}


@pytest.fixture(scope="module")
def page():
    """The address of a page with `show(schema)`, bundled once from integration_tests/forms."""
    if not shutil.which("npm"):
        pytest.skip("npm is not installed: the forms are not rendered")
    BUILD.mkdir(parents=True, exist_ok=True)
    with open(BUILD / ".lock", "a") as lock:  # tests may run in two processes
        fcntl.flock(lock, fcntl.LOCK_EX)
        build()
    return (BUILD / "form.html").as_uri()


def build():
    """Installs what the page needs and bundles it, unless that was done since its sources changed."""
    sources = sorted(Path(__file__).with_name("forms").iterdir())
    built = BUILD / "form.js"
    if not built.exists() or built.stat().st_mtime < max(source.stat().st_mtime for source in sources):
        for source in sources:
            shutil.copy(source, BUILD)
        install = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"]
        if subprocess.run(install, cwd=BUILD, check=False, capture_output=True, timeout=240).returncode:
            pytest.skip("npm could not fetch react-jsonschema-form: the forms are not rendered")
        subprocess.run(["npm", "run", "-s", "build"], cwd=BUILD, check=True, timeout=240)


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with headless_chromium(tmp_path_factory.mktemp("chromium")) as found:
        yield found


@functools.cache
def specification(name):
    answer = subprocess.run(
        [warm_programs.folder() / name, "spec"], capture_output=True, text=True, check=True, timeout=240
    )
    messages = [json.loads(line) for line in answer.stdout.splitlines()]
    return next(m["spec"]["connectionSpecification"] for m in messages if m["type"] == "SPEC")


class Form:
    def __init__(self, browser, page, name):
        self.browser, self.name, self.schema = browser, name, specification(name)
        browser.get_log("browser")  # what it said of the form before goes
        browser.get(page)
        browser.execute_script("document.title = arguments[1]; show(arguments[0])", self.schema, name)

    def unfold(self):
        """Shows the optional fields, too."""
        self.browser.execute_script("document.querySelectorAll('details').forEach(one => (one.open = true))")

    def field(self, *path):
        return self.browser.find_element(By.ID, "_".join(("root", *path)))

    def fill(self, values, *path):
        self.unfold()
        for key, value in values.items():
            self.field(*path, key).clear()
            self.field(*path, key).send_keys(value)

    def submit(self):
        """Sends the form. Returns (configuration or None, what the form complains about)."""
        self.browser.find_element(By.CSS_SELECTOR, "button[type=submit]").click()
        errors = [error.text for error in self.browser.find_elements(By.CSS_SELECTOR, ".text-danger")]
        return self.browser.execute_script("return window.submitted"), errors

    def screenshot(self, what):
        height = self.browser.execute_script("return document.documentElement.scrollHeight")
        resize(self.browser, (1000, height))
        self.browser.save_screenshot(str(BUILD / f"{self.name}-{what}.png"))


def choose(form, words):
    """Picks the option with these words in the first choice of the form that has it."""
    for element in form.browser.find_elements(By.TAG_NAME, "select"):
        found = [option for option in element.find_elements(By.TAG_NAME, "option") if words in option.text]
        if found:
            Select(element).select_by_visible_text(found[0].text)
            return
    raise AssertionError(f"no choice offers {words!r}")


@pytest.fixture(params=["source-visma", "destination-asana"])
def form(request, browser, page):
    return Form(browser, page, request.param)


def test_the_first_page_asks_only_what_is_required(form):
    form.screenshot("first")
    shown = {
        label.text.rstrip("*").strip()
        for label in form.browser.find_elements(By.CSS_SELECTOR, "label[for]")
        if label.is_displayed()
    }
    asked = {
        "source-visma": {"Client ID", "Client secret", "Tenant ID", "Company ID"},
        # The form of the token stands below the choice how to sign in.
        "destination-asana": {
            "Personal access token",
            "Number of the workspace",
            "Number of the project for the documents",
        },
    }
    assert shown - {"Sign in with"} == asked[form.name]
    headings = [heading.text for heading in form.browser.find_elements(By.TAG_NAME, "h2")]
    assert headings[0] == {"source-visma": "Access to Visma", "destination-asana": "Access to Asana"}[form.name]
    assert headings[-1] == "Advanced"


def test_every_field_is_explained(form):
    form.unfold()
    form.screenshot("empty")
    severe = [entry["message"] for entry in form.browser.get_log("browser") if entry["level"] == "SEVERE"]
    assert severe == [], severe
    text = form.browser.find_element(By.ID, "form").text
    groups = {group["id"] for group in form.schema["groups"]}
    for name, field in form.schema["properties"].items():
        assert field.get("title"), name
        assert field.get("description"), name
        assert isinstance(field.get("order"), int), name
        assert field.get("airbyte_hidden") or field["title"] in text, name
        assert field.get("group") in groups, name


def test_secrets_are_hidden_as_typed(form):
    hidden = {
        element.get_attribute("id") for element in form.browser.find_elements(By.CSS_SELECTOR, "input[type=password]")
    }
    assert hidden == (
        {"root_client_secret"} if form.name == "source-visma" else {"root_credentials_personal_access_token"}
    )


def test_an_empty_form_names_what_is_required(form):
    configuration, errors = form.submit()
    assert configuration is None
    assert len([error for error in errors if "required" in error]) == (4 if form.name == "source-visma" else 3)


def test_source_form_gives_a_valid_configuration(browser, page):
    form = Form(browser, page, "source-visma")
    form.fill(VISMA)
    configuration, errors = form.submit()
    assert errors == []
    jsonschema.validate(configuration, form.schema)
    assert VISMA.items() <= configuration.items()


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("tenant_id", "our tenant"),
        ("company_id", "4100251 "),
        ("start_date", "1.1.2026"),
        ("start_date", "2026-01-01T00:00:00Z"),
    ],
)
def test_source_form_catches_typing_errors(browser, page, field, wrong):
    form = Form(browser, page, "source-visma")
    form.fill({**VISMA, field: wrong})
    configuration, errors = form.submit()
    assert configuration is None
    assert len(errors) == 1


def test_destination_form_with_a_token(browser, page):
    form = Form(browser, page, "destination-asana")
    form.fill(ASANA)
    form.fill({"personal_access_token": "2/1234/abcd"}, "credentials")
    configuration, errors = form.submit()
    assert errors == []
    jsonschema.validate(configuration, form.schema)
    assert configuration["credentials"] == {
        "auth_type": "personal_access_token",
        "personal_access_token": "2/1234/abcd",
    }


def test_destination_form_with_oauth(browser, page):
    form = Form(browser, page, "destination-asana")
    form.fill(ASANA)
    choose(form, "OAuth")
    credentials = {"client_id": "1201", "client_secret": "s3cret", "refresh_token": "2/5678/efgh"}
    form.fill(credentials, "credentials")
    form.screenshot("oauth")
    configuration, errors = form.submit()
    assert errors == []
    jsonschema.validate(configuration, form.schema)
    assert configuration["credentials"] == {"auth_type": "oauth2.0", **credentials}


@pytest.mark.parametrize(
    ("field", "wrong"), [("workspace_gid", "Our workspace"), ("project_gid", "https://app.asana.com/0/1")]
)
def test_destination_form_catches_typing_errors(browser, page, field, wrong):
    form = Form(browser, page, "destination-asana")
    form.fill({**ASANA, field: wrong})
    form.fill({"personal_access_token": "2/1234/abcd"}, "credentials")
    configuration, errors = form.submit()
    assert configuration is None
    assert len(errors) == 1
