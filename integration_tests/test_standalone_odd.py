"""standalone/sync.py beside connectors that say odd things or end at odd moments, and with files that somebody has damaged."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from integration_tests.waiting import until

SCRIPT = Path(__file__).parents[1] / "standalone/sync.py"
READS_ALL = "cat > /dev/null"
COMPARES = """cat > /dev/null
printf '%s\\n' '{"type":"LOG","log":{"level":"INFO","message":"Comparison: X differs: Visma amount: 1.00 → 2.00."}}'
printf '%s\\n' '{"type":"LOG","log":{"level":"INFO","message":"Comparison: 1 differences in 2 documents."}}'
"""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that is ready, with two connectors that do what the test says."""
    (tmp_path / "bin").mkdir()
    for name, text in {"source.json": "{}", "destination.json": "{}", "catalog.json": '{"streams": []}'}.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def connectors(folder: Path, source: str, destination: str) -> None:
    for name, script in {"source-visma": source, "destination-asana": destination}.items():
        program = folder / "bin" / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)


@pytest.fixture
def run(folder: Path) -> Run:
    def start(*options: str, source: str = "true", destination: str = READS_ALL, **environment: str) -> object:
        connectors(folder, source, destination)
        return subprocess.run(
            [sys.executable, SCRIPT, folder, "--local", folder / "bin", "--grace", "1", *options],
            env={**os.environ, **environment},
            capture_output=True,
            encoding="utf-8",
            timeout=240,
            check=False,
        )

    return start  # type: ignore[return-value]


@pytest.mark.parametrize(
    "line",
    [
        '{"type":"LOG"}',
        '{"type":"LOG","log":{"level":"INFO","message":null}}',
        '{"type":"TRACE","trace":null}',
        '{"type":"TRACE","trace":{"type":"ERROR"}}',
    ],
)
@pytest.mark.parametrize("side", ["source", "destination"])
def test_a_message_of_another_form_is_a_line_of_the_log(run: Run, side: str, line: str) -> None:
    done = run(**{side: f"echo '{line}'; {READS_ALL if side == 'destination' else ''}"})
    assert done.returncode == 0, done.stderr
    assert line in done.stderr
    assert "Traceback" not in done.stderr


def test_a_line_that_is_nested_too_deeply_reaches_the_destination_as_a_lost_message(run: Run, folder: Path) -> None:
    deep = f'{sys.executable} -c \'print("{{\\"a\\":" * 100000)\''
    done = run(source=deep, destination="head -c 10 > taken; cat > /dev/null")
    assert done.returncode == 0, done.stderr[-500:]
    assert "Traceback" not in done.stderr
    assert (folder / "taken").read_text() == '{"a":{"a":'


@pytest.mark.parametrize("records", [1, 20_000])
def test_a_destination_that_ends_first_is_no_success(run: Run, records: int) -> None:
    source = f'until [ -e ended ]; do sleep 0.1; done; yes \'{{"type":"RECORD"}}\' | head -n {records}'
    done = run(source=source, destination="exec 0<&-; touch ended")
    assert done.returncode == 1
    assert done.stderr.endswith(" sync: destination-asana ended before source-visma\n")


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("state.json", "null", "state.json is not a list of states: remove it"),
        ("state.json", '{"purchase_orders": {"lastModifiedDateTime": "2026-01-07"}}', "state.json is not a list of"),
        ("state.json", "[1]", "state.json is not a list of states: remove it"),
        ("catalog.json", "", "catalog.json is not valid JSON"),
        ("catalog.json", "null", "catalog.json lists no streams"),
        ("catalog.json", '{"streams": ["purchase_orders"]}', "catalog.json lists no streams"),
        ("destination.json", "[]", "destination.json is not a configuration"),
    ],
)
@pytest.mark.parametrize("options", [[], ["--compare"]])
def test_a_damaged_file_is_named(run: Run, folder: Path, options: list[str], name: str, text: str, words: str) -> None:
    (folder / name).write_text(text)
    done = run(*options)
    assert done.returncode == 2, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_catalog_and_a_state_that_an_editor_saved_with_a_mark_are_passed_on_without(run: Run, folder: Path) -> None:
    state = '[{"type": "STREAM", "stream": {"stream_descriptor": {"name": "accounts"}, "stream_state": {}}}]'
    for name, text in {"catalog.json": '{"streams": []}', "state.json": state}.items():
        (folder / name).write_text(text, encoding="utf-8-sig")
    done = run(source='for each; do case $each in --*=*) head -c 1 "${each#*=}" >> begin;; esac; done')
    assert done.returncode == 0, done.stderr
    assert (folder / "begin").read_text() == "{{["


def test_a_comparison_is_utf_8_in_any_locale_and_has_its_name(run: Run) -> None:
    done = run("--compare", destination=COMPARES, PYTHONIOENCODING="latin-1")
    assert done.returncode == 3, done.stderr
    assert done.stdout.splitlines() == [
        "Comparison: X differs: Visma amount: 1.00 → 2.00.",
        "Comparison: 1 differences in 2 documents.",
    ]
    assert " sync: == compare of " in done.stderr


def test_a_default_stands_in_json_already(run: Run, folder: Path) -> None:
    (folder / "source.json").write_text(
        r'{"a": "${NOT_SET:-say \"å\" \u00f8 C:\\x}", "b": ${NUMBER:-4}, "c": "${SET:-x}"}'
    )
    done = run(source='for each; do case $each in --config=*) cat "${each#*=}" > given;; esac; done', SET='a "b" \\ c')
    assert done.returncode == 0, done.stderr
    assert json.loads((folder / "given").read_text()) == {"a": 'say "å" ø C:\\x', "b": 4, "c": 'a "b" \\ c'}


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT])
def test_a_signal_that_the_caller_ignores_stops_nothing(folder: Path, number: signal.Signals) -> None:
    """A first load takes hours: people start it with nohup, or in the background of a script, and log out."""
    connectors(folder, "touch started; until [ -e end ]; do sleep 0.1; done", READS_ALL)
    shell = f"trap '' {number.name.removeprefix('SIG')}; exec \"$@\""  # as nohup does
    script = [sys.executable, SCRIPT, folder, "--local", folder / "bin"]
    process = subprocess.Popen(["sh", "-c", shell, "sh", *script], stderr=subprocess.PIPE, text=True)
    until((folder / "started").exists)
    process.send_signal(number)
    (folder / "end").touch()
    assert process.communicate(timeout=240)[1].endswith(" sync: done\n")
    assert process.returncode == 0


INTERRUPTED = """
import os, runpy, shutil, signal, sys
remove = shutil.rmtree
def interrupted(*args, **options):
    os.kill(os.getpid(), signal.SIGTERM)
    remove(*args, **options)
shutil.rmtree = interrupted
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.mark.parametrize("options", [[], ["--check"]])
def test_no_signal_keeps_the_secrets_from_being_removed(folder: Path, options: list[str]) -> None:
    """It comes each time when the private files are about to be removed, as when somebody presses Ctrl-C again and again."""
    connectors(folder, "true", READS_ALL)
    (folder / "tmp").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, SCRIPT, folder, "--local", folder / "bin", *options],
        env={**os.environ, "TMPDIR": str(folder / "tmp")},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 143, done.stderr
    assert "Traceback" not in done.stderr
    assert list((folder / "tmp").iterdir()) == []
