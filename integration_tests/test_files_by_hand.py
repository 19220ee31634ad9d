"""Files as people and tools save them: with a byte order mark, in another Unicode form, with null where nothing is said."""

import codecs
import json
from typing import Any

import pytest

from integration_tests.destination_messages import catalog as written
from integration_tests.destination_messages import order, order_id, state
from integration_tests.sandbox.harness import VismaSandbox
from integration_tests.source_runs import catalog, run, saved

pytest_plugins = ["integration_tests.sandbox.visma.testing"]

MARKS = {
    "utf-8": (codecs.BOM_UTF8, "utf-8"),
    "utf-16": (codecs.BOM_UTF16_LE, "utf-16-le"),
    "utf-16 from a Mac": (codecs.BOM_UTF16_BE, "utf-16-be"),
}
form = pytest.mark.parametrize("form", MARKS)


def text(content: Any, form: str) -> bytes:
    mark, encoding = MARKS[form]
    return mark + json.dumps(content, ensure_ascii=False, indent=2).encode(encoding)


@form
def test_the_source_reads_files_with_a_mark(visma: VismaSandbox, form: str) -> None:
    files = {
        "config": visma.config,
        "catalog": catalog(["suppliers"]),
        "state": saved("suppliers", lastModifiedDateTime="2099-01-01T00:00:00"),
    }
    done = run("read", **{name: text(content, form) for name, content in files.items()})
    assert done.code == 0, done.output
    assert done.statuses("suppliers")[-1] == "COMPLETE"
    assert run("check", config=text(visma.config, form)).connection == ("SUCCEEDED", "")


@form
def test_the_destination_reads_files_with_a_mark(destination, form: str) -> None:
    paths = []
    for name, content in {"config": destination.config(), "catalog": written("purchase_orders")}.items():
        paths.append(destination.folder / f"{name}.json")
        paths[-1].write_bytes(text(content, form))
    run = destination.command("check", "--config", str(paths[0]))
    assert run.verdict["status"] == "SUCCEEDED"
    run = destination.command("write", "--config", str(paths[0]), "--catalog", str(paths[1]))
    assert run.code == 0


def test_records_in_files_with_a_mark_are_written(destination) -> None:
    """Two files with a mark, one after the other: it then stands in the middle, too."""
    messages = [json.dumps(message) for message in (order(1), order(2), state("purchase_orders"))]
    lines = [f"\ufeff{messages[0]}\n", f"\ufeff{messages[1]}\n", f"\ufeff{messages[2]}"]
    run = destination.write(*lines, configured=written("purchase_orders"))
    assert set(destination.tasks) == {order_id(1), order_id(2)}
    assert run.state_ids == [1]


def test_files_in_another_encoding_are_named(visma: VismaSandbox, destination) -> None:
    latin = json.dumps(visma.config | {"title": "Møbler"}, ensure_ascii=False).encode("latin-1")
    done = run("read", config=latin, catalog=catalog(["suppliers"]))
    [error] = [trace["error"] for trace in done.of_type("TRACE")]
    assert "is not UTF-8. Save it anew with the encoding UTF-8." in error["message"]
    assert done.errors == ""
    path = destination.folder / "latin.json"
    path.write_bytes(json.dumps({"title": "Møbler"}, ensure_ascii=False).encode("latin-1"))
    answer = destination.command("write", "--config", str(path), "--catalog", str(path))
    assert f"{path} is not UTF-8. Save it anew with the encoding UTF-8." in answer.error["message"]


@pytest.mark.parametrize("name", ["config", "catalog", "state"])
def test_a_file_that_is_nested_too_deeply_is_named(visma: VismaSandbox, name: str) -> None:
    files = {"config": visma.config, "catalog": catalog(["suppliers"]), "state": [], name: b'{"a":' * 50_000}
    done = run("read", **files)
    [error] = [trace["error"] for trace in done.of_type("TRACE")]
    assert error["message"].startswith(f"--{name}: ")
    assert "cannot be used: it is nested too deeply." in error["message"]
    assert (done.code, done.errors) == (1, "")


# --- null where nothing is said ----------------------------------------------------------------------------------------


def optional_settings(schema: dict[str, Any]) -> dict[str, None]:
    return dict.fromkeys(name for name in schema["properties"] if name not in schema["required"])


def test_the_source_takes_null_for_every_optional_setting(visma: VismaSandbox) -> None:
    [spec] = run("spec").of_type("SPEC")
    schema = spec["connectionSpecification"]
    absent = optional_settings(schema)
    assert {"start_date", "lookback_window_minutes", "num_workers"} <= set(absent)
    config = {**absent, **visma.config}
    assert run("check", config=config).connection == ("SUCCEEDED", "")
    done = run("read", config=config, catalog=catalog(["suppliers"]))
    assert len(done.records("suppliers")) == 61


def test_null_for_what_is_required_is_as_if_it_was_missing(visma: VismaSandbox, destination) -> None:
    done = run("check", config=visma.config | {"company_id": None, "tenant_id": None})
    assert done.connection == ("FAILED", "The settings are not valid: tenant_id, company_id is missing.")
    path = destination.file("config", {**destination.config(), "project_gid": None})
    answer = destination.command("check", "--config", path)
    assert answer.verdict["message"] == "The settings are not valid: project_gid is missing."


def test_the_destination_takes_null_for_every_optional_setting(destination) -> None:
    [spec] = destination.command("spec").of("SPEC")
    absent = optional_settings(spec["spec"]["connectionSpecification"])
    assert {"streams", "line_items", "supplier_mapping", "dry_run"} <= set(absent)
    streams = [
        {"name": "purchase_orders", "write_as": {"type": "task", "project_gid": None}, "line_items": None},
        {"name": "suppliers", "write_as": {"type": "ignore", "custom_field": None}},
        None,
    ]
    config = {**absent, **destination.config(), "streams": streams, "supplier_mapping": [None]}
    config["credentials"] = config["credentials"] | {"client_id": None, "refresh_token": None}
    paths = destination.file("config", config), destination.file("catalog", written("purchase_orders"))
    assert destination.command("check", "--config", paths[0]).verdict["status"] == "SUCCEEDED"
    run = destination.command("write", "--config", paths[0], "--catalog", paths[1])
    assert run.code == 0, run.log


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("lookback_window_minutes", 10**13, "lookback_window_minutes must be 0 or more, at most 525600"),
        ("lookback_window_minutes", "75", "lookback_window_minutes must be a whole number"),
        ("num_workers", 0, "num_workers must be 1 or more, at most 8"),
    ],
)
def test_numbers_have_bounds_in_words(visma: VismaSandbox, setting: str, value: Any, words: str) -> None:
    done = run("check", config=visma.config | {setting: value})
    assert done.connection == ("FAILED", f"The settings are not valid: {words}.")
