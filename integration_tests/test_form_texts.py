"""The texts of both specifications, as somebody reads them who has never seen Airbyte, Asana's API or JSON."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from integration_tests import warm_programs

ROOT = Path(__file__).parents[1]
NAMES = ["source-visma", "destination-asana"]
REPOSITORY = "https://github.com/visma-asana/visma-asana/blob/main/"
# What only an operator sets, and what most companies never touch.
ADVANCED = {
    "source-visma": {"lookback_window_minutes", "num_workers", "api_url", "token_url"},
    "destination-asana": {
        "streams",
        "cost_center_segments",
        "quarantine_path",
        "audit_log_path",
        "api_url",
        "token_url",
    },
}


@pytest.fixture(params=NAMES, scope="module")
def connector(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def said(connector: str) -> dict[str, Any]:
    """What the connector answers to `spec`."""
    program = warm_programs.folder() / connector
    answer = subprocess.run([program, "spec"], capture_output=True, text=True, check=True, timeout=240)
    messages = (json.loads(line) for line in answer.stdout.splitlines())
    spec: dict[str, Any] = next(message["spec"] for message in messages if message["type"] == "SPEC")
    return spec


@pytest.fixture(scope="module")
def schema(said: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = said["connectionSpecification"]
    return found


def inside(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A schema and everything in it that has a place in the form."""
    yield schema
    parts = [*schema.get("properties", {}).values(), *schema.get("oneOf", ())]
    for part in [*parts, *([schema["items"]] if "items" in schema else [])]:
        yield from inside(part)


def test_no_title_needs_to_know_the_api(schema: dict[str, Any]) -> None:
    titles = [part["title"] for part in inside(schema) if "title" in part]
    titles += [group["title"] for group in schema["groups"]]
    assert len(titles) > 10
    assert [title for title in titles if re.search(r"\bgid\b|[a-z]_[a-z]", title, re.I)] == []


def test_the_first_group_is_what_is_required(schema: dict[str, Any]) -> None:
    first = schema["groups"][0]["id"]
    assert {name for name, field in schema["properties"].items() if field["group"] == first} == set(schema["required"])
    assert not any(field.get("always_show") for field in schema["properties"].values())


def test_what_only_operators_set_stands_under_advanced(connector: str, schema: dict[str, Any]) -> None:
    last = schema["groups"][-1]
    assert last == {"id": "advanced", "title": "Advanced"}
    advanced = {name for name, field in schema["properties"].items() if field["group"] == "advanced"}
    assert advanced >= ADVANCED[connector]
    assert {name for name in schema["properties"] if name.endswith(("_path", "_url"))} <= advanced


def test_each_group_has_one_order(schema: dict[str, Any]) -> None:
    places = [(field["group"], field["order"]) for field in schema["properties"].values()]
    assert len(places) == len(set(places))


def test_every_list_has_examples(schema: dict[str, Any]) -> None:
    lists = [part["items"] for part in inside(schema) if "items" in part]
    without = []
    for items in lists:
        texts = [
            field
            for field in items.get("properties", {"": items}).values()
            if "string" in field["type"] and ("enum" not in field or field is items)
        ]
        without += [field.get("title") or items for field in texts if not field.get("examples")]
    assert without == []


def test_the_documentation_is_our_own(connector: str, said: dict[str, Any]) -> None:
    metadata = yaml.safe_load((ROOT / connector / "metadata.yaml").read_text())["data"]
    assert said["documentationUrl"] == metadata["documentationUrl"] == f"{REPOSITORY}{connector}/README.md"
    assert (ROOT / connector / "README.md").exists()


def test_the_readme_explains_every_setting(connector: str, schema: dict[str, Any]) -> None:
    """Each setting has a row, and where the row says a default, it is the form's."""
    rows = re.findall(r"^\| (`[^|]+) \|(.*)\|$", (ROOT / connector / "README.md").read_text(), re.M)
    told = {name: row for names, row in rows for name in re.findall(r"`([a-z_]+)`", names)}
    shown = {name: field for name, field in schema["properties"].items() if not field.get("airbyte_hidden")}
    assert [name for name in shown if name not in told] == []
    if connector == "destination-asana":
        cells = {name: row.split("|")[0].strip().strip("`") for name, row in told.items()}
        plain = {name: field["default"] for name, field in shown.items() if name[-4:] != "_url" and "default" in field}
        assert {name: cells[name] for name in plain} == {
            name: str(d).lower() if isinstance(d, bool) else d for name, d in plain.items()
        }
    else:
        assert "default 75" in told["lookback_window_minutes"]
        assert "default 0" in told["reread_days"]
        assert "default 4" in told["num_workers"]


def test_the_help_lists_every_command(connector: str) -> None:
    listed = {
        "source-visma": ["spec", "check", "discover", "read", "probe"],
        "destination-asana": ["spec", "check", "discover", "write", "probe"],
    }
    program = warm_programs.folder() / connector
    answer = subprocess.run([program, "--help"], capture_output=True, text=True, check=True, timeout=240)
    commands = re.findall(r"^  +([a-z]+)  +\S", answer.stdout, re.M)
    assert [name for name in listed[connector] if name not in commands] == []
