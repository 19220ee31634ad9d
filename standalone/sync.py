#!/usr/bin/env python3
"""One sync of source-visma into destination-asana without a platform: `read | write`, made safe for cron.

    sync.py FOLDER              sync once with the images; the folder holds everything
    sync.py FOLDER --check      only test both connections
    sync.py FOLDER --discover   only write catalog.json (edit it to choose streams)
    sync.py FOLDER --compare    prove that Asana equals Visma: counts, sums, and the documents that differ; writes nothing
    sync.py FOLDER --replay quarantine.jsonl   write what was set aside, without Visma

FOLDER/source.json and FOLDER/destination.json are the connectors' configurations; `${NAME}` and `${NAME:-default}` in
them are taken from the environment, so that secrets can stay out of the files; `${RUN}` is the time at which the run
began. The script adds catalog.json, state.json and .lock; relative paths in destination.json (quarantine_path,
audit_log_path, report_path) are inside the folder. The log goes to standard error; with --log FILE it goes to the file,
and standard error gets only the end of a run that failed.

Exit status: 0 all well; 1 a connector failed (what was acknowledged is kept in state.json); 2 the set-up is wrong or the
disk is full; 3 --compare found differences; 75 another run holds the folder; 128 + N stopped by signal N. Needs Python 3.9 or newer, nothing else.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import datetime
import fcntl
import io
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any

VERSION = "0.2.0"  # which images run, unless --tag says otherwise

# What the destination uses by itself: tasks, options, a project's numbers; the other streams are read on request (--streams).
STREAMS = "accounts,dimension_values,purchase_orders,supplier_invoices,customer_invoices"
STREAMS += ",customer_credit_notes,customer_debit_notes,customer_overdue_charges,projects,project_budgets"
DOCKER_RUN = ["docker", "run", "--rm", "-i", "--init", "--read-only", "--tmpfs", "/tmp"]
DOCKER_RUN += ["--cap-drop", "ALL", "--security-opt", "no-new-privileges"]
UNEQUAL = 3  # exit status
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
GRACE_SECONDS = 20.0  # the connectors need at most half of it; compose gives this script 30
LINES_OF_A_FAILURE = 30

# Line ends of all kinds; and what steers a terminal or turns the direction of writing: a text that a log line repeats must
# not pass for a line of its own.
LINE_ENDS = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
DECEPTIVE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

Message = dict[str, Any]


class SetupError(Exception):
    """The folder, a configuration or the machine is not ready; the message says what to do."""


class Log:
    """Where the log goes, line by line, each with its time. It keeps the last lines for whoever must hear of a failure."""

    def __init__(self) -> None:
        self.file: IO[str] = sys.stderr
        self.end: collections.deque[str] = collections.deque(maxlen=LINES_OF_A_FAILURE)
        self._errors: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    def open(self, path: Path) -> None:
        try:
            self.file = open(path, "a", encoding="utf-8", errors="backslashreplace")  # noqa: SIM115
        except OSError as error:
            raise SetupError(f"the log {path} cannot be written ({error.strerror})") from None

    def __call__(self, who: str, text: str) -> None:
        line = f"{datetime.datetime.now():%Y-%m-%d %H:%M:%S} {who}: " + DECEPTIVE.sub(
            " ", LINE_ENDS.sub("\n    ", text)
        )
        with self._lock:
            self.end.append(line)
            with contextlib.suppress(OSError, ValueError):  # a full disk or a closed terminal must not end the sync
                print(line, file=self.file, flush=True)

    def error(self, who: str, level: str, text: str) -> None:
        """Logs an error once: a connector reports it for people and for programs, and for every stream it concerns."""
        with self._lock:
            known = (who, text) in self._errors
            self._errors.add((who, text))
        if not known:
            self(who, f"{level} {text}")

    def failed(self) -> None:
        """Repeats the end of this run on standard error, which cron mails, if the log itself goes elsewhere."""
        if self.file is not sys.stderr:
            with contextlib.suppress(OSError):
                print("\n".join(self.end), file=sys.stderr, flush=True)


log = Log()


class Process(subprocess.Popen[bytes]):
    """A running connector. What it says on standard error goes to the log."""

    def __init__(self, name: str, command: list[str], grace: float = GRACE_SECONDS, **options: Any) -> None:
        self.name, self.grace = name, grace
        self.ending = False
        self.cut_off = False  # the other side ended before it had taken everything
        self.container: Path | None = None  # the file in which docker leaves the container's ID
        # A session of its own, so that Ctrl-C reaches only this script, which stops all in good order.
        super().__init__(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, **options)
        self.complaints = threading.Thread(target=self._complain, daemon=True)
        self.complaints.start()

    def _complain(self) -> None:
        for line in self.stderr or ():
            log(self.name, line.decode(errors="replace").rstrip())

    def end(self) -> None:
        """Asks the connector to end, and kills it if it has not done so some seconds later."""
        if self.poll() is None:
            self.terminate()
        if self.poll() is None and not self.ending:
            self.ending = True
            timer = threading.Timer(self.grace, self.end_now)
            timer.daemon = True
            timer.start()

    def end_now(self) -> None:
        if self.poll() is None:
            log("sync", f"{self.name} has not ended within {self.grace:g} s and is killed")
            if self.container and self.container.exists():  # to kill `docker run` would leave the container running
                subprocess.run(["docker", "kill", self.container.read_text()], capture_output=True, check=False)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        code = super().wait(timeout)
        if threading.current_thread() is not self.complaints:
            self.complaints.join(5)  # a process that it started may hold its standard error
        return code


class Connector:
    """A connector as an image or as a program of this machine. `files` is the folder its arguments refer to.

    It holds `lock`, too: when this script is killed, no other run begins before the connectors have ended.
    """

    def __init__(self, name: str, args: argparse.Namespace, files: Path, folder: Path, lock: int) -> None:
        self.name, self.args, self.files, self.folder, self.lock = name, args, files, folder, lock
        self.config = name.partition("-")[0] + ".json"

    def start(self, verb: str, **options: str) -> Process:
        """Starts `NAME verb --config … --catalog …`; options name files in `files`. Returns the process."""
        container = None
        if self.args.local is None:
            inside, user = "/run/sync", f"{os.getuid()}:{os.getgid()}"
            mounts = ["-v", f"{self.files}:{inside}:ro", "-v", f"{self.folder}:/data", "-w", "/data", "--user", user]
            image = f"{self.args.registry}/{self.name}:{self.args.tag}"
            container = self.files / f"{self.name}.{verb}.container"
            identity = ["--cidfile", str(container)]
            command = [*DOCKER_RUN, *identity, *mounts, *shlex.split(self.args.docker_args), image]
        else:
            inside, command = str(self.files), [os.path.join(self.args.local, self.name)]
        command += [verb, *(f"--{key}={inside}/{value}" for key, value in options.items())]
        try:
            process = Process(
                self.name,
                command,
                self.args.grace,
                stdin=subprocess.PIPE if verb == "write" else subprocess.DEVNULL,
                cwd=self.folder,
                pass_fds=[self.lock],
            )
            process.container = container
            return process
        except FileNotFoundError:
            raise SetupError(f"{command[0]} is not found: install it or extend PATH (cron's is short)") from None

    def ask(self, verb: str, kind: str, **options: str) -> Message | None:
        """Runs a short command and returns its one message of the type `kind`, or None."""
        answer = None
        with Running() as running:
            process = running.add(self.start(verb, **options))
            for line in lines_of(process):
                message = log_or_parse(self.name, line)
                if message and message.get("type") == kind:
                    answer = message
            process.wait()
        if running.signals:
            sys.exit(128 + running.signals[0])
        return answer


class Recording:
    """A file of messages in the source's place, such as what the destination has set aside."""

    def __init__(self, path: Path) -> None:
        self.path, self.name, self.config = path.resolve(), path.name, ""
        if not path.is_file():
            raise SetupError(f"{path} is not there: nothing to replay")

    def start(self, _verb: str, **_options: str) -> Process:
        return Process(self.name, ["cat", str(self.path)], stdin=subprocess.DEVNULL)


class State:
    """state.json: the last acknowledged state of each stream, as `source-visma read --state` takes it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        remedy = "remove it, then all is read again"
        messages = parsed(path, remedy) if path.exists() else []
        if not isinstance(messages, list) or not all(isinstance(message, dict) for message in messages):
            raise SetupError(f"{path} is not a list of states: {remedy}")
        self.by_stream = {self.key(message): message for message in messages}

    @staticmethod
    def key(message: Message) -> tuple[str | None, str | None]:
        stream = message.get("stream")
        descriptor = stream.get("stream_descriptor", {}) if isinstance(stream, dict) else {}
        return (descriptor.get("namespace"), descriptor.get("name"))  # (None, None): a state of the whole source

    def keep(self, message: Message) -> None:
        """Takes an acknowledged state over at once: a run that dies later starts from here."""
        state: Message = {key: message[key] for key in ("type", "stream", "global", "data") if key in message}
        if "stream" not in state:
            self.by_stream.clear()
        self.by_stream[self.key(state)] = state
        replace(self.path, json.dumps(list(self.by_stream.values()), indent=1))


def replace(path: Path, text: str) -> None:
    """Writes a file so that a reader or a power cut sees the old or the new one, never a part."""
    temporary = path.with_name(f".{path.name}.new")
    try:
        with open(temporary, "w", encoding="utf-8") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        raise SetupError(f"{path} cannot be written ({error.strerror}): make room, or see whose it is") from None


def parsed(path: Path, remedy: str) -> Any:
    """The content of a JSON file that people may have edited, with or without a byte order mark."""
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise SetupError(f"{path} is not valid JSON ({error}): {remedy}") from None
    except RecursionError:
        raise SetupError(f"{path} is nested too deeply: {remedy}") from None


def lines_of(process: Process) -> Iterable[bytes]:
    """Standard output of a connector, line by line."""
    return process.stdout or ()


def heeded() -> list[signal.Signals]:
    """The signals that stop a run, without those that whoever started it has ignored (`nohup`, a background job)."""
    return [number for number in STOP_SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]


class Running:
    """The connectors that run inside a `with` block: none stays behind when it ends early.

    A signal to stop ends them all, also one that is just being started, and leaves its number in `signals`.
    """

    def __init__(self) -> None:
        self.processes: list[Process] = []
        self.signals: list[int] = []

    def __enter__(self) -> Running:
        self.before = {number: signal.signal(number, self.stop) for number in heeded()}
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind:
            for process in self.processes:
                process.end()
            for process in self.processes[-1:]:  # whose output was being read: a full pipe must not keep it from ending
                for _line in lines_of(process):
                    pass
            for process in self.processes:
                process.wait()
        for number, handler in self.before.items():
            signal.signal(number, handler)

    def add(self, process: Process) -> Process:
        self.processes.append(process)
        if self.signals:  # while it started
            process.end()
        return process

    def stop(self, number: int, _frame: object) -> None:
        self.signals.append(number)
        for process in self.processes:
            process.end()


def log_or_parse(who: str, line: bytes) -> Message | None:
    """The message on a line of connector output; what is meant for people goes to the log and comes back as None."""
    try:
        message: Message = json.loads(line)
        kind = message["type"]
        if kind == "LOG":
            level = message["log"]["level"]
            text, _, _stack = message["log"]["message"].partition("\nTraceback (most recent call last):")
        elif kind == "TRACE" and message["trace"]["type"] == "ERROR":
            level, text = "ERROR", message["trace"]["error"]["message"]
        else:
            return message
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):  # of another form than the protocol's
        log(who, line.decode(errors="replace").rstrip())
        return None
    if kind == "TRACE" or level in ("ERROR", "FATAL"):
        log.error(who, level, str(text))
    else:
        log(who, f"{level} {text}")
    return None


def broken(line: bytes) -> bool:
    """Whether the line begins like a message and is none that can be read."""
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return line.lstrip(b"\xef\xbb\xbf \t").startswith(b"{")
    return False


def resolved(path: Path) -> str:
    """A configuration with every `${NAME}` and `${NAME:-default}` replaced from the environment."""

    def value(match: re.Match[str]) -> str:
        name, default = match.groups()
        text = os.environ.get(name)
        if text:
            return json.dumps(text)[1:-1]
        if default is None:
            raise SetupError(f"{path.name} refers to ${{{name}}}, which is not set in the environment")
        return str(default)  # it stands in JSON already

    try:
        text = path.read_text(encoding="utf-8-sig")  # as some editors save it
        config = json.loads(re.sub(r"\$\{(\w+)(?::-([^}]*))?\}", value, text))
    except FileNotFoundError:
        raise SetupError(f"{path} is missing: it is the configuration of the connector") from None
    except ValueError as error:
        raise SetupError(f"{path} is not valid JSON: {error}") from None
    if not isinstance(config, dict):
        raise SetupError(f"{path} is not a configuration: it must begin with {{ and end with }}")
    return json.dumps(config)


def configured_catalog(source: Connector, streams: str) -> Message:
    """The catalog of `discover` with the wanted streams (`*`: all) chosen, incremental where the source can."""
    answer = source.ask("discover", "CATALOG", config=source.config)
    if answer is None:
        raise SetupError("source-visma discover failed; the reason stands above")
    found = {stream["name"]: stream for stream in answer["catalog"]["streams"]}
    wanted = list(found) if streams == "*" else streams.split(",")
    unknown = [name for name in wanted if name not in found]
    if unknown:
        raise SetupError(f"no such stream: {', '.join(unknown)}. There are: {', '.join(found)}")
    return {
        "streams": [
            {
                "stream": found[name],
                "sync_mode": "incremental" if "incremental" in found[name]["supported_sync_modes"] else "full_refresh",
                "cursor_field": found[name].get("default_cursor_field") or [],
                "destination_sync_mode": "append_dedup",
                "primary_key": found[name].get("source_defined_primary_key") or [],
            }
            for name in wanted
        ]
    }


def pump(source: Process, target: IO[bytes]) -> None:
    """Hands the source's messages on; its log and errors go to people, since the pipe ends in the destination."""
    for line in lines_of(source):
        record = line.startswith(b'{"type":"RECORD"')
        # What begins like a message goes on even if it is broken: the destination then holds the states behind it.
        if (record or log_or_parse("source-visma", line) or broken(line)) and not source.cut_off:
            try:
                target.write(line)
                if not record:
                    target.flush()  # a state must not wait for the records behind it
            except BrokenPipeError:  # the destination's exit status says why; the source must not stay in a full pipe
                source.cut_off = True
                source.end()
    try:
        target.close()
    except BrokenPipeError:
        source.cut_off = True


def not_taken(_line: bytes) -> bool:
    """Leaves a line of the destination's output to the log."""
    return False


def sync(
    source: Connector | Recording,
    destination: Connector,
    state: State,
    take: Callable[[bytes], bool] = not_taken,
) -> int:
    """Runs the pair once. Returns the exit status: 0 only when both sides ended well. `take` is offered each line of the
    destination's output first."""
    with_state = {"state": state.path.name} if state.by_stream else {}
    with Running() as running:
        reader = running.add(source.start("read", config=source.config, catalog="catalog.json", **with_state))
        writer = running.add(destination.start("write", config=destination.config, catalog="catalog.json"))
        thread = threading.Thread(target=pump, args=(reader, writer.stdin))
        thread.start()
        for line in lines_of(writer):
            message = None if take(line) else log_or_parse("destination-asana", line)
            if message and message["type"] == "STATE":
                state.keep(message["state"])
        codes = {"destination-asana": writer.wait()}
        if codes["destination-asana"]:
            reader.end()  # it may be waiting for Visma, for up to an hour
        thread.join()
        codes[source.name] = reader.wait()
    ended = (-signal.SIGTERM, 128 + signal.SIGTERM, -signal.SIGKILL, 128 + signal.SIGKILL)
    if codes["destination-asana"] and codes[source.name] in ended:
        del codes[source.name]  # ended because of the other
    failed = [f"{name} ended with {code}" for name, code in codes.items() if code]
    signals = running.signals
    if reader.cut_off and not codes["destination-asana"]:  # whose status says that all is well
        failed = [f"destination-asana ended before {source.name}"]
    log("sync", "stopped by a signal" if signals else " and ".join(failed) or "done")
    return 128 + signals[0] if signals else int(bool(failed))


def comparison_in(line: bytes) -> str | None:
    """The text of a log line in which the destination compares both sides, or None."""
    try:
        text = json.loads(line)["log"]["message"]
    except (ValueError, TypeError, KeyError):
        return None
    return str(text) if str(text).startswith(("Comparison: ", "Comparison, ")) else None


def compare(source: Connector, destination: Connector, files: Path) -> int:
    """Reads everything from Visma into a dry run of the destination, and prints how both sides compare. Writes nothing.
    Returns the exit status: 0 when they are equal, UNEQUAL when not."""
    catalog, config = (json.loads((files / name).read_text("utf-8")) for name in ("catalog.json", destination.config))
    for stream in catalog["streams"]:
        stream["sync_mode"] = "full_refresh"
    replace(files / "catalog.json", json.dumps(catalog))
    replace(files / destination.config, json.dumps({**config, "dry_run": True, "adopt": "off"}))
    said: list[str] = []

    def take(line: bytes) -> bool:
        text = comparison_in(line)
        if text is not None:
            said.append(text)
            with contextlib.suppress(OSError):
                print(DECEPTIVE.sub(" ", LINE_ENDS.sub(" ", text)), flush=True)
        return text is not None

    code = sync(source, destination, State(files / "no-state.json"), take)
    if code:
        return code
    if not said:
        log("sync", "nothing was compared: catalog.json has no stream of documents")
        return 1
    return 0 if said[-1].startswith("Comparison: Asana equals Visma") else UNEQUAL


def check(connectors: Iterable[Connector]) -> int:
    """Runs `check` of both connectors and logs what they say. Returns the exit status."""
    failed = False
    for connector in connectors:
        answer = connector.ask("check", "CONNECTION_STATUS", config=connector.config)
        status = answer["connectionStatus"] if answer else {"status": "FAILED", "message": "no answer; see above"}
        log(connector.name, f"{status['status']} {status.get('message') or ''}".rstrip())
        failed |= status["status"] != "SUCCEEDED"
    return int(failed)


def run(args: argparse.Namespace, folder: Path, files: Path, lock: int) -> int:
    """Does what the arguments ask for, with `files` as the private place for what the connectors are given."""
    source, destination = (Connector(name, args, files, folder, lock) for name in ("source-visma", "destination-asana"))
    for connector in (source, destination):
        replace(files / connector.config, resolved((args.configs or folder) / connector.config))
    if args.check:
        return check((source, destination))
    catalog, state = folder / "catalog.json", State(folder / "state.json")
    if args.discover or not catalog.exists():
        replace(catalog, json.dumps(configured_catalog(source, args.streams), indent=1))
    if args.discover:
        return 0
    chosen = parsed(catalog, "correct it, or let --discover write it anew")
    streams = chosen.get("streams") if isinstance(chosen, dict) else None
    if not isinstance(streams, list) or not all(isinstance(stream, dict) for stream in streams):
        raise SetupError(f"{catalog} lists no streams: correct it, or let --discover write it anew")
    replace(files / catalog.name, json.dumps(chosen))
    replace(files / state.path.name, json.dumps(list(state.by_stream.values())))
    if args.compare:
        return compare(source, destination, files)
    return sync(Recording(args.replay) if args.replay else source, destination, state)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("folder", type=Path)
    add("--configs", type=Path, metavar="DIR", help="where source.json and destination.json are (default: FOLDER)")
    add("--check", action="store_true", help="only test both connections")
    add("--compare", action="store_true", help="read everything from Visma and compare it with Asana; write nothing")
    add("--discover", action="store_true", help="only write catalog.json, over what is there")
    add(
        "--replay", type=Path, metavar="FILE", help="write what is in FILE (quarantine.jsonl) in place of reading Visma"
    )
    add("--streams", default=STREAMS, help="what a new catalog.json chooses, '*' for all (default: %(default)s)")
    add("--local", metavar="DIR", nargs="?", const="", help="the programs in DIR (or on PATH) instead of the images")
    add("--registry", default="visma-asana", help="where the images are (default: %(default)s)")
    add("--tag", default=VERSION, help="which images (default: %(default)s)")
    add("--docker-args", default="", help="more arguments of docker run, such as '--network host'")
    add(
        "--log",
        type=Path,
        metavar="FILE",
        help="append the log to FILE; the end of a failed run goes to standard error",
    )
    add(
        "--grace",
        type=float,
        default=GRACE_SECONDS,
        metavar="SECONDS",
        help="how long a connector may take to end before it is killed (default: %(default)g)",
    )
    for stream in (sys.stdout, sys.stderr):  # names and texts go out as UTF-8 in any locale
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    args = parser.parse_args()
    os.umask(0o077)  # what a run leaves is for its owner alone: state, log, and what the connectors write
    args.local = args.local and os.path.abspath(args.local)  # the programs run inside the folder
    folder = args.folder.resolve()
    os.environ.setdefault("RUN", time.strftime("%Y-%m-%dT%H%M%S"))
    for number in heeded():  # so that the private files are removed and no connector stays behind
        signal.signal(number, stop)
    try:
        files = tempfile.mkdtemp(prefix="visma-asana-")
    except OSError as error:
        log("sync", str(error))
        return 2
    with removed(files), removed(files):  # twice, because a signal may interrupt one
        return finished(args, folder, Path(files))


def stop(number: int, _frame: object) -> None:
    """Ends the script in good order, undisturbed by further signals."""
    for each in STOP_SIGNALS:
        signal.signal(each, lambda *_: None)
    sys.exit(128 + number)


@contextlib.contextmanager
def removed(folder: str) -> Iterator[None]:
    """Removes a folder of private files when the block ends."""
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def finished(args: argparse.Namespace, folder: Path, files: Path) -> int:
    """Does what the arguments ask for, and says how it ended. Returns the exit status."""
    code = 2
    try:
        if args.log:
            log.open(args.log)
        code = locked(args, folder, files)
    except SetupError as error:
        log("sync", str(error))
    except SystemExit as stopped:
        code = int(stopped.code or 0)
        log("sync", "stopped by a signal")
    if code:
        log.failed()
    return code


def locked(args: argparse.Namespace, folder: Path, files: Path) -> int:
    """Does what the arguments ask for, if no other run holds the folder. Returns the exit status."""
    images = f"{args.registry}, {args.tag}" if args.local is None else "installed programs"
    what = next((name for name in ("check", "compare", "discover", "replay") if getattr(args, name)), "sync")
    log("sync", f"== {what} of {folder}, {datetime.datetime.now().astimezone():%A %d %B %Y, UTC%z} ({images})")
    try:
        with open(folder / ".lock", "a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return run(args, folder, files, lock.fileno())
    except BlockingIOError:
        log("sync", f"another run holds {folder}; nothing done")
        return 75
    except (SetupError, OSError) as error:
        log("sync", str(error))
        return 2


if __name__ == "__main__":
    sys.exit(main())
