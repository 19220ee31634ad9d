"""destination-asana run as a process against the sandbox Asana: a fixture that runs it and tells what came of it."""

import io
import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from integration_tests import openapi, warm_processes
from integration_tests.destination_messages import Message, catalog
from integration_tests.sandbox.harness import AsanaSandbox
from integration_tests.waiting import until

CONNECTOR = Path(__file__).parents[1] / ".venv/bin/destination-asana"
BOT = "Finance Bot"
KARI = "kari.nordmann@nordlys.example"
SECRETS = ("sandbox-asana-token", "sandbox-asana-secret", "sandbox-asana-refresh")


# --- running ---------------------------------------------------------------------------------------------------------


@dataclass
class Run:
    """What one run of the connector left: exit code, standard output by kind of message."""

    code: int | None
    output: str
    errors: str
    messages: list[Message] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.messages = [json.loads(text) for text in io.StringIO(self.output)]  # other line ends may stand in texts

    def of(self, kind: str) -> list[Message]:
        return [message for message in self.messages if message["type"] == kind]

    @property
    def states(self) -> list[Message]:
        return [message["state"] for message in self.of("STATE")]

    @property
    def state_ids(self) -> list[int]:
        return [each["id"] for each in self.states]

    @property
    def log(self) -> str:
        return "\n".join(f"{m['log']['level']} {m['log']['message']}" for m in self.of("LOG"))

    @property
    def warnings(self) -> list[str]:
        return [m["log"]["message"] for m in self.of("LOG") if m["log"]["level"] == "WARN"]

    @property
    def error(self) -> Message:
        """The one TRACE ERROR."""
        errors = [m["trace"]["error"] for m in self.of("TRACE") if m["trace"]["type"] == "ERROR"]
        assert len(errors) == 1, self.output
        error: Message = errors[0]
        return error

    @property
    def verdict(self) -> Message:
        """The answer of `check`."""
        [answer] = self.of("CONNECTION_STATUS")
        verdict: Message = answer["connectionStatus"]
        return verdict


class Destination:
    """The connector's command line, configured for one sandbox Asana."""

    def __init__(self, asana: AsanaSandbox, folder: Path) -> None:
        self.asana = asana
        self.folder = folder
        self.runs = 0
        self.secrets = list(SECRETS)

    # running

    def start(self, *messages: Message | str, configured: dict[str, Any] | None = None, **config: Any) -> Any:
        """Begins a `write` in a warm process; gives the process, for `finish`."""
        return self._launch(self._arguments(messages, configured, config), _lines(messages))

    def talk(self, configured: dict[str, Any], **config: Any) -> Any:
        """Begins a `write` in a warm process with its input left open; gives the process, with `stdin` and `stdout`."""
        process = self._launch(self._arguments((), configured, config), None)
        process.stdin = os.fdopen(os.open(f"{process.stem}.in", os.O_WRONLY), "w")
        process.stdout = os.fdopen(os.open(f"{process.stem}.out", os.O_RDONLY))
        return process

    def _launch(self, arguments: list[str], stdin: str | None) -> Any:
        """Without a text for standard input, that and standard output are pipes."""
        self.runs += 1
        stem = self.folder / f"run{self.runs}"
        if stdin is None:
            os.mkfifo(f"{stem}.in")
            os.mkfifo(f"{stem}.out")
        else:
            Path(f"{stem}.in").write_text(stdin)
        return self._started(arguments, stem, f"{stem}.in")

    def launch(self, arguments: list[str], stdin: str) -> Any:
        """Begins any command in a warm process, with a file as standard input; gives the process, for `finish`."""
        self.runs += 1
        return self._started(arguments, self.folder / f"run{self.runs}", stdin)

    def _started(self, arguments: list[str], stem: Path, stdin: str) -> Any:
        process = warm_processes.start(CONNECTOR, arguments, stdin, f"{stem}.out", f"{stem}.err")
        process.stem = stem
        return process

    def killed(self, *messages: Message | str, requests: int, **config: Any) -> Any:
        """A `write` that is killed once Asana has had so many requests of it, or that ends before. Gives the process, after
        all that was under way is applied."""
        before = self.asana.stats()["last_number"]
        process = self.start(*messages, **config)
        until(lambda: self.asana.stats()["last_number"] >= before + requests or not process.is_alive())
        process.kill()
        process.join(240)
        until(self.asana.at_rest)
        return process

    def finish(self, process: Any, timeout: float = 240) -> Run:
        process.join(timeout)
        assert process.exitcode is not None, "the connector does not end"
        output, errors = (Path(f"{process.stem}.{end}").read_text() for end in ("out", "err"))
        return self._checked(Run(process.exitcode, output, errors))

    def write(
        self,
        *messages: Message | str,
        configured: dict[str, Any] | None = None,
        code: int = 0,
        cold: bool = False,
        **config: Any,
    ) -> Run:
        """Runs `write` over these messages (a string goes in as it is). `configured` is the catalog; by default it lists
        every stream the messages name. `config` is laid over the sandbox's settings; asserts the exit code."""
        if cold or os.environ.get("DESTINATION_COLD"):
            arguments = self._arguments(messages, configured, config)
            done = subprocess.run(
                [CONNECTOR, *arguments],
                input=_lines(messages),
                capture_output=True,
                text=True,
                timeout=240,
                check=False,
            )
            run = self._checked(Run(done.returncode, done.stdout, done.stderr))
        else:
            run = self.finish(self.start(*messages, configured=configured, **config))
        assert run.code == code, f"exit code {run.code}\n{run.log}\n{run.errors}"
        return run

    def check(self, **config: Any) -> Run:
        return self.command("check", "--config", self.file("config", self.config(**config)))

    def command(self, *arguments: str) -> Run:
        """Any command of the console script."""
        return self.finish(self._launch(list(arguments), ""))

    def open(self, configured: dict[str, Any], **config: Any) -> "subprocess.Popen[str]":
        """The console script with pipes, its input left open; standard output is buffered as Python would by itself."""
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
        command = [str(CONNECTOR), *self._arguments((), configured, config)]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=environment)

    def arguments(self, *messages: Message | str, **config: Any) -> list[str]:
        """What `write` would be run with; the messages lie in `in.jsonl` of the folder."""
        (self.folder / "in.jsonl").write_text(_lines(messages))
        return self._arguments(messages, None, config)

    def config(self, **config: Any) -> dict[str, Any]:
        merged = {**self.asana.config, **config}
        return {name: value for name, value in merged.items() if value is not None}

    def file(self, name: str, content: Any) -> str:
        path = self.folder / f"{name}{self.runs}.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return str(path)

    def _arguments(self, messages: Any, configured: dict[str, Any] | None, config: dict[str, Any]) -> list[str]:
        if configured is None:
            named = [m["record"]["stream"] for m in messages if isinstance(m, dict) and m["type"] == "RECORD"]
            configured = catalog(*dict.fromkeys(named))
        paths = self.file("config", self.config(**config)), self.file("catalog", configured)
        return ["write", "--config", paths[0], "--catalog", paths[1]]

    def _checked(self, run: Run) -> Run:
        """What holds for every run, whatever it is about."""
        for secret in self.secrets:
            assert secret not in run.output + run.errors
        assert "Traceback" not in run.errors, run.errors
        return run

    # what Asana holds

    @property
    def tasks(self) -> dict[str, Message]:
        """The live tasks by Visma ID; asserts that no two carry the same."""
        found = self.asana.tasks()
        by_id = {task["fields"]["Visma ID"]: task for task in found}
        assert len(by_id) == len(found), "two tasks carry one Visma ID"
        return by_id

    def task(self, visma_id: str) -> Message:
        return self.tasks[visma_id]

    def field(self, name: str) -> Message:
        """A custom field of the workspace, with its options in order."""
        [found] = [each for each in self.asana.state()["custom_fields"] if each["name"] == name]
        named: Message = found
        return named

    def options(self, name: str = "Visma GL accounts", enabled: bool | None = True) -> list[str]:
        return [o["name"] for o in self.field(name)["options"] if enabled is None or o["enabled"] is enabled]

    @property
    def attention(self) -> list[Message]:
        """The tasks in the section `Needs attention`."""
        tasks = self.asana.state(AsanaSandbox.PROJECT)["tasks"]
        return [task for task in tasks if task["memberships"][0]["section"] == "Needs attention"]

    def requests(self, *methods: str) -> list[Message]:
        """The API requests of the connector since the log was cleared, oldest first."""
        return [e for e in self.asana.log() if e.get("user") == BOT and (not methods or e["method"] in methods)]

    @property
    def written(self) -> list[str]:
        """Method and path of every request that writes, since the log was cleared."""
        return [f"{entry['method']} {entry['path']}" for entry in self.requests("POST", "PUT", "DELETE")]

    @property
    def disturbed(self) -> bool:
        """Whether a fault has met a request."""
        return any(fault["hit"] for fault in self.asana.control("GET", "faults"))

    def refuse_tasks(self, message: str, body: str) -> None:
        """Has Asana refuse each write of tasks whose body matches a pattern."""
        self.asana.fault(action="error", status=400, message=message, path=r"^/tasks\?", body=body, times=None)

    def fresh_log(self) -> None:
        """Clears the request log, after holding what it had against the official document."""
        judge(self.asana)
        self.asana.clear_log()

    def as_person(self, method: str, path: str, **data: Any) -> Any:
        return self.asana.as_person(method, path, data=data)


def judge(asana: AsanaSandbox) -> None:
    """Holds every request the connector has sent against the official document, where that is at hand."""
    if not openapi.available():
        return
    document = openapi.asana()
    sent = [entry for entry in asana.log() if entry.get("user") == BOT and not entry["path"].startswith("/-/")]
    problems = {text for entry in sent for text in document.request_problems(entry)}
    assert problems == set()


def lines_of(task: Message, *, open_only: bool = True) -> list[str]:
    """The names of a task's subtasks, in order."""
    return [item["name"] for item in task["subtasks"] if not (open_only and item["completed"])]


def comments(task: Message) -> list[str]:
    return [story["text"] for story in task["stories"] if story["type"] == "comment_added"]


def _lines(messages: Any) -> str:
    return "".join((m if isinstance(m, str) else json.dumps(m)) + "\n" for m in messages)


# --- fixtures --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def destination_server() -> Iterator[AsanaSandbox]:
    """One sandbox Asana for all tests of the destination."""
    with AsanaSandbox() as server:
        yield server


@pytest.fixture
def destination(destination_server: AsanaSandbox, tmp_path: Path) -> Iterator[Destination]:
    """The connector and a fresh sandbox without rate limits; at the end all its requests are judged."""
    destination_server.reset(record_bodies=True, requests_per_minute=0, cost_per_minute=0)
    yield Destination(destination_server, tmp_path)
    judge(destination_server)
