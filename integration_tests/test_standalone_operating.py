"""standalone/sync.py as an operator meets it: its log, the mail about a failure, connectors that do not end, the images.

The connectors are small scripts here, so that they do what real ones do rarely.
"""

import json
import os
import re
import signal
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from integration_tests import warm_programs
from integration_tests.sandbox.harness import AsanaSandbox, VismaSandbox
from integration_tests.waiting import until

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "docs/standalone.md").read_text()
SAYS = """printf '%s\\n' '{{"type":"LOG","log":{{"level":"INFO","message":"{0}"}}}}'"""
STUBBORN = 'trap \'\' TERM\necho \'{"type":"TRACE","trace":{"type":"STREAM_STATUS","of":"begins"}}\'\nwhile :; do sleep 1; done\n'
FAILS = """cat > /dev/null
echo '{"type":"LOG","log":{"level":"ERROR","message":"The token is not valid."}}'
echo '{"type":"TRACE","trace":{"type":"ERROR","emitted_at":1,"error":{"message":"The token is not valid."}}}'
echo 'a line from the operating system' >&2
exit 1
"""
LINE = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (sync|source-visma|destination-asana): ")

Programs = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "visma-asana"
    made.mkdir()
    for name, text in {"source.json": "{}", "destination.json": "{}", "catalog.json": '{"streams": []}'}.items():
        (made / name).write_text(text)
    return made


@pytest.fixture
def programs(tmp_path: Path) -> Programs:
    """Makes scripts in a folder of programs; returns the folder."""

    def make(**scripts: str) -> Path:
        made = tmp_path / "bin"
        made.mkdir(exist_ok=True)
        for name, script in scripts.items():
            program = made / name.replace("_", "-")
            program.write_text(f"#!/bin/sh\n{script}")
            program.chmod(0o755)
        return made

    return make


def command(folder: Path, *options: object) -> list[str]:
    return [sys.executable, str(ROOT / "standalone/sync.py"), str(folder), *map(str, options)]


def sync(folder: Path, *options: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(folder, *options),
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def test_every_line_has_its_time_and_every_run_its_header(folder: Path, programs: Programs) -> None:
    local = programs(source_visma=SAYS.format("one\\ntwo"), destination_asana="cat > /dev/null")
    done = [sync(folder, "--local", local) for _ in range(2)][1]
    assert done.returncode == 0, done.stderr
    lines = done.stderr.splitlines()
    assert re.search(rf"sync: == sync of {folder}, [A-Z][a-z]+day \d\d [A-Z][a-z]+ \d{{4}}, UTC[+-]\d{{4}}", lines[0])
    assert [line for line in lines if not LINE.match(line)] == ["    two"]
    assert lines[-1].endswith(" sync: done")


def test_the_mail_about_a_failure_is_the_end_of_that_run(folder: Path, programs: Programs) -> None:
    local = programs(source_visma=SAYS.format("of the first run"), destination_asana="cat > /dev/null")
    file = folder / "sync.log"
    first = sync(folder, "--local", local, "--log", file)
    assert (first.returncode, first.stdout, first.stderr) == (0, "", "")
    programs(source_visma=SAYS.format("of the second run"), destination_asana=FAILS)
    second = sync(folder, "--local", local, "--log", file)
    assert second.returncode == 1
    assert second.stdout == ""
    assert "of the first run" not in second.stderr
    assert "of the second run" in second.stderr
    assert second.stderr.endswith("sync: destination-asana ended with 1\n")
    log = file.read_text()
    assert log.count(": == sync of ") == 2
    assert log.endswith(second.stderr)
    many = "\n".join(SAYS.format(f"line {number}") for number in range(100))
    programs(source_visma=many, destination_asana=FAILS)
    third = sync(folder, "--local", local, "--log", file)
    assert len(third.stderr.splitlines()) == 30
    assert "second run" not in third.stderr


def test_an_error_is_told_once_and_what_stands_on_standard_error_too(folder: Path, programs: Programs) -> None:
    done = sync(folder, "--local", programs(source_visma="exit 0", destination_asana=FAILS))
    assert done.stderr.count("The token is not valid.") == 1
    assert "destination-asana: a line from the operating system\n" in done.stderr


def test_a_log_that_cannot_be_opened_is_named(folder: Path, programs: Programs) -> None:
    local = programs(source_visma="exit 0", destination_asana="cat > /dev/null")
    done = sync(folder, "--local", local, "--log", folder / "no" / "sync.log")
    assert done.returncode == 2
    assert "no/sync.log cannot be written (No such file or directory)" in done.stderr


@pytest.mark.parametrize(("script", "status"), [("cat > /dev/null", 0), (FAILS, 1), ("cat > /dev/null; exit 3", 1)])
def test_the_line_for_cron_keeps_the_exit_status(folder: Path, programs: Programs, script: str, status: int) -> None:
    line = re.search(r"^0 6 \* \* \*  (.*)$", GUIDE, re.M)
    assert line
    local = programs(source_visma="exit 0", destination_asana=script)
    run = programs(run=f"exec {sys.executable} {ROOT}/standalone/sync.py \"$@\" --local '{local}'\n") / "run"
    (folder / "sync.py").symlink_to(run)
    (folder / "visma-asana.env").write_text("ASANA_TOKEN='with a \"quote\"'\n")
    home = {**os.environ, "HOME": str(folder.parent)}
    done = subprocess.run(["sh", "-c", line[1]], env=home, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == status
    assert bool(done.stderr) == bool(status)
    assert (folder / "sync.log").read_text().count(": == sync of ") == 1


def test_a_connector_that_does_not_end_is_killed(folder: Path, programs: Programs) -> None:
    """The destination has failed, and the source does not hear the signal: its first message says so."""
    local = programs(source_visma=STUBBORN, destination_asana="read message; exit 1")
    done = sync(folder, "--local", local, "--grace", "0.5")
    assert done.returncode == 1
    assert done.stderr.count("source-visma has not ended within 0.5 s and is killed") == 1
    assert done.stderr.endswith("sync: destination-asana ended with 1\n")


def test_a_container_that_does_not_end_is_killed_by_its_id(folder: Path, programs: Programs) -> None:
    """To kill `docker run` alone would leave the container running, and writing."""
    docker = programs(
        docker=f"""case $1 in
kill) echo "$2" > '{folder}/killed';;
run) trap '' TERM
  all="$*"
  while [ "$1" != --cidfile ]; do shift; done
  printf c0ffee > "$2"
  echo "$all" > '{folder}/asked'
  {STUBBORN};;
esac
"""
    )
    path = {**os.environ, "PATH": f"{docker}:{os.environ['PATH']}"}
    process = subprocess.Popen(
        command(folder, "--check", "--grace", "0.5"), env=path, stderr=subprocess.PIPE, text=True
    )
    until(lambda: (folder / "asked").exists() and (folder / "asked").read_text())
    process.send_signal(signal.SIGTERM)
    log = process.communicate(timeout=240)[1]
    assert process.returncode == 143, log
    assert "Traceback" not in log
    assert (folder / "killed").read_text() == "c0ffee\n"
    version = tomllib.loads((ROOT / "source-visma/pyproject.toml").read_text())["project"]["version"]
    assert (folder / "asked").read_text().split()[-3] == f"visma-asana/source-visma:{version}"


def blocks(heading: str) -> list[str]:
    section = GUIDE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^```bash\n(.*?)^```", section, re.M | re.S)


def test_by_hand_the_log_goes_to_the_terminal_and_the_answers_to_the_file(tmp_path: Path) -> None:
    """The commands of the guide, with the installed programs in place of the images."""
    functions, *commands = blocks("One sync by hand")
    assert len(commands) == 2
    local = f"run() {{ program=$1; shift; '{ROOT}/.venv/bin/'$program \"${{@//\\/data/$PWD}}\"; }}"
    script = "\n".join([re.sub(r"^run\(\) .*$", lambda _: local, functions, count=1, flags=re.M), *commands])
    # Unbuffered, the short programs of the guide would lose output when the machine stands still in a write.
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with VismaSandbox() as visma, AsanaSandbox("--set", "requests_per_minute=0") as asana:
        (tmp_path / "source.json").write_text(json.dumps({**visma.config, "start_date": "2026-09-22"}))
        (tmp_path / "destination.json").write_text(json.dumps(asana.config))
        done = subprocess.run(
            ["bash", "-c", script], cwd=tmp_path, env=buffered, capture_output=True, text=True, timeout=240, check=False
        )
        assert done.returncode == 0, done.stderr
        assert len(asana.tasks()) > 20
    assert done.stdout == ""
    answers = [json.loads(line)["type"] for line in (tmp_path / "answers.jsonl").read_text().splitlines()]
    assert answers.count("STATE") >= 10
    assert set(answers) <= {"STATE", "TRACE"}
    for words in ("INFO Starting syncing", "INFO purchase_orders: "):
        assert words in done.stderr
    assert "MemoryMonitor" not in done.stderr
    catalog = json.loads((tmp_path / "catalog.json").read_text())["streams"]
    modes = {stream["stream"]["name"]: stream["sync_mode"] for stream in catalog}
    assert len(modes) == 10
    assert (modes["purchase_orders"], modes["project_budgets"]) == ("incremental", "full_refresh")


def test_a_failed_read_is_told_once_for_each_reason(tmp_path: Path) -> None:
    """The installed source with a secret that Visma does not know: one reason, of which each stream is the victim."""
    with VismaSandbox() as visma:
        config = {**visma.config, "client_secret": "not-the-secret"}
        (tmp_path / "source.json").write_text(json.dumps(config))
        (tmp_path / "destination.json").write_text("{}")
        names = ("purchase_orders", "suppliers")
        streams = [
            {"name": name, "json_schema": {}, "supported_sync_modes": ["full_refresh", "incremental"]} for name in names
        ]
        configured = [
            {"stream": stream, "sync_mode": "full_refresh", "destination_sync_mode": "append"} for stream in streams
        ]
        (tmp_path / "catalog.json").write_text(json.dumps({"streams": configured}))
        local = tmp_path / "bin"
        local.mkdir()
        (local / "source-visma").symlink_to(warm_programs.folder() / "source-visma")
        (local / "destination-asana").write_text("#!/bin/sh\ncat > /dev/null")
        (local / "destination-asana").chmod(0o755)
        done = sync(tmp_path, "--local", local)
    assert done.returncode == 1
    assert done.stderr.count("does not know this client ID") == 1
    assert (
        len(re.findall("Not read to the end: (purchase_orders, suppliers|suppliers, purchase_orders)", done.stderr))
        == 1
    )
    assert "AirbyteTracedException" not in done.stderr
