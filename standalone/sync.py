#!/usr/bin/env python3
"""One sync of source-visma into destination-asana without a platform: `read | write`, made safe for cron.

    sync.py FOLDER              sync once with the images; the folder holds everything
    sync.py FOLDER --check      only test both connections
    sync.py FOLDER --discover   only write catalog.json (edit it to choose streams)
    sync.py FOLDER --replay quarantine.jsonl   write what was set aside, without Visma

FOLDER/source.json and FOLDER/destination.json are the connectors' configurations; `${NAME}` and `${NAME:-default}` in
them are taken from the environment, so that secrets can stay out of the files. The script adds catalog.json, state.json
and .lock; relative paths in destination.json (quarantine_path, audit_log_path) are inside the folder. The log goes to
standard error.

Exit status: 0 all well; 1 a connector failed (what was acknowledged is kept in state.json); 2 the set-up is wrong or the
disk is full; 75 another run holds the folder; 128 + N stopped by signal N. Needs Python 3.9 or newer, nothing else.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

# What the destination makes tasks or enum options of by itself; the other streams are read on request (--streams).
STREAMS = "accounts,dimension_values,purchase_orders,supplier_invoices,customer_invoices"
STREAMS += ",customer_credit_notes,customer_debit_notes,customer_overdue_charges"
DOCKER_RUN = ["docker", "run", "--rm", "-i", "--init", "--read-only", "--tmpfs", "/tmp"]
DOCKER_RUN += ["--cap-drop", "ALL", "--security-opt", "no-new-privileges"]
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

Message = dict[str, Any]


class SetupError(Exception):
    """The folder, a configuration or the machine is not ready; the message says what to do."""


class Connector:
    """A connector as an image or as a program of this machine. `files` is the folder its arguments refer to.

    It holds `lock`, too: when this script is killed, no other run begins before the connectors have ended.
    """

    def __init__(self, name: str, args: argparse.Namespace, files: Path, folder: Path, lock: int) -> None:
        self.name, self.args, self.files, self.folder, self.lock = name, args, files, folder, lock
        self.config = name.partition("-")[0] + ".json"

    def start(self, verb: str, **options: str) -> subprocess.Popen[bytes]:
        """Starts `NAME verb --config … --catalog …`; options name files in `files`. Returns the process."""
        if self.args.local is None:
            inside, user = "/run/sync", f"{os.getuid()}:{os.getgid()}"
            mounts = ["-v", f"{self.files}:{inside}:ro", "-v", f"{self.folder}:/data", "-w", "/data", "--user", user]
            image = f"{self.args.registry}/{self.name}:{self.args.tag}"
            command = [*DOCKER_RUN, *mounts, *shlex.split(self.args.docker_args), image]
        else:
            inside, command = str(self.files), [os.path.join(self.args.local, self.name)]
        command += [verb, *(f"--{key}={inside}/{value}" for key, value in options.items())]
        try:
            return subprocess.Popen(
                command,
                stdin=subprocess.PIPE if verb == "write" else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                cwd=self.folder,
                pass_fds=[self.lock],
                start_new_session=True,  # so that Ctrl-C reaches only this script, which stops both in good order
            )
        except FileNotFoundError:
            raise SetupError(f"{command[0]} is not found: install it or extend PATH (cron's is short)") from None

    def ask(self, verb: str, kind: str, **options: str) -> Message | None:
        """Runs a short command and returns its one message of the type `kind`, or None."""
        process, answer = self.start(verb, **options), None
        with ended_with_us([process]):
            for line in lines_of(process):
                message = log_or_parse(self.name, line)
                if message and message.get("type") == kind:
                    answer = message
            process.wait()
        return answer


class Recording:
    """A file of messages in the source's place, such as what the destination has set aside."""

    def __init__(self, path: Path) -> None:
        self.path, self.name, self.config = path.resolve(), path.name, ""
        if not path.is_file():
            raise SetupError(f"{path} is not there: nothing to replay")

    def start(self, _verb: str, **_options: str) -> subprocess.Popen[bytes]:
        command = ["cat", str(self.path)]
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, start_new_session=True)


class State:
    """state.json: the last acknowledged state of each stream, as `source-visma read --state` takes it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            messages = json.loads(path.read_bytes()) if path.exists() else []  # with or without a byte order mark
        except ValueError as error:
            raise SetupError(f"{path} is not valid JSON ({error}): remove it, then all is read again") from None
        self.by_stream = {self.key(message): message for message in messages}

    @staticmethod
    def key(message: Message) -> tuple[str | None, str | None]:
        descriptor = message.get("stream", {}).get("stream_descriptor", {})
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


def lines_of(process: subprocess.Popen[bytes]) -> Iterable[bytes]:
    """Standard output of a connector, line by line."""
    return process.stdout or ()


@contextlib.contextmanager
def ended_with_us(processes: list[subprocess.Popen[bytes]]) -> Iterator[None]:
    """Leaves no connector behind when what is inside ends early."""
    try:
        yield
    except BaseException:
        for process in processes:
            process.terminate()
        for process in processes[-1:]:  # whose output was being read: a full pipe must not keep it from ending
            for _ in lines_of(process):
                pass
        for process in processes:
            process.wait()
        raise


def log(who: str, text: str) -> None:
    with contextlib.suppress(OSError):  # a full disk or a closed terminal must not end the sync
        print(f"{who}: {text}", file=sys.stderr, flush=True)


def log_or_parse(who: str, line: bytes) -> Message | None:
    """The message on a line of connector output; what is meant for people goes to the log and comes back as None."""
    try:
        message = json.loads(line)
        kind = message["type"]
    except (ValueError, TypeError, KeyError):
        log(who, line.decode(errors="replace").rstrip())
        return None
    if kind == "LOG":
        text, _, _stack = message["log"]["message"].partition("\nTraceback (most recent call last):")
        log(who, f"{message['log']['level']} {text}")
        return None
    if kind == "TRACE" and message["trace"]["type"] == "ERROR":
        log(who, f"ERROR {message['trace']['error']['message']}")
        return None
    return message


def broken(line: bytes) -> bool:
    """Whether the line begins like a message and is none that can be read."""
    try:
        json.loads(line)
    except ValueError:
        return line.lstrip(b"\xef\xbb\xbf \t").startswith(b"{")
    return False


def resolved(path: Path) -> str:
    """A configuration with every `${NAME}` and `${NAME:-default}` replaced from the environment."""

    def value(match: re.Match[str]) -> str:
        name, default = match.groups()
        text = os.environ.get(name) or default
        if text is None:
            raise SetupError(f"{path.name} refers to ${{{name}}}, which is not set in the environment")
        return json.dumps(text)[1:-1]

    try:
        text = path.read_text(encoding="utf-8-sig")  # as some editors save it
        return json.dumps(json.loads(re.sub(r"\$\{(\w+)(?::-([^}]*))?\}", value, text)))
    except FileNotFoundError:
        raise SetupError(f"{path} is missing: it is the configuration of the connector") from None
    except ValueError as error:
        raise SetupError(f"{path} is not valid JSON: {error}") from None


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


def pump(source: subprocess.Popen[bytes], target: IO[bytes]) -> None:
    """Hands the source's messages on; its log and errors go to people, since the pipe ends in the destination."""
    gone = False
    for line in lines_of(source):
        record = line.startswith(b'{"type":"RECORD"')
        # What begins like a message goes on even if it is broken: the destination then holds the states behind it.
        if (record or log_or_parse("source-visma", line) or broken(line)) and not gone:
            try:
                target.write(line)
                if not record:
                    target.flush()  # a state must not wait for the records behind it
            except BrokenPipeError:  # the destination's exit status says why; the source must not stay in a full pipe
                gone = True
                source.terminate()
    with contextlib.suppress(BrokenPipeError):
        target.close()


def sync(source: Connector | Recording, destination: Connector, state: State) -> int:
    """Runs the pair once. Returns the exit status: 0 only when both sides ended well."""
    with_state = {"state": state.path.name} if state.by_stream else {}
    running: list[subprocess.Popen[bytes]] = []
    stopped: list[int] = []

    def stop(number: int, _frame: object) -> None:
        stopped.append(number)
        for process in running:
            process.terminate()

    for number in STOP_SIGNALS:
        signal.signal(number, stop)
    with ended_with_us(running):
        reader = source.start("read", config=source.config, catalog="catalog.json", **with_state)
        running.append(reader)
        writer = destination.start("write", config=destination.config, catalog="catalog.json")
        running.append(writer)
        if stopped:  # while they started
            stop(stopped.pop(), None)
        thread = threading.Thread(target=pump, args=(reader, writer.stdin))
        thread.start()
        for line in lines_of(writer):
            message = log_or_parse("destination-asana", line)
            if message and message["type"] == "STATE":
                state.keep(message["state"])
        codes = {"destination-asana": writer.wait()}
        if codes["destination-asana"]:
            reader.terminate()  # it may be waiting for Visma, for up to an hour
        thread.join()
        codes[source.name] = reader.wait()
    if codes["destination-asana"] and codes[source.name] in (-signal.SIGTERM, 128 + signal.SIGTERM):
        del codes[source.name]  # ended because of the other
    failed = [f"{name} ended with {code}" for name, code in codes.items() if code]
    log("sync", "stopped by a signal" if stopped else " and ".join(failed) or "done")
    return 128 + stopped[0] if stopped else int(bool(failed))


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
    for path in (catalog, state.path):
        if path.exists():
            replace(files / path.name, path.read_text(encoding="utf-8"))
    return sync(Recording(args.replay) if args.replay else source, destination, state)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("folder", type=Path)
    add("--configs", type=Path, metavar="DIR", help="where source.json and destination.json are (default: FOLDER)")
    add("--check", action="store_true", help="only test both connections")
    add("--discover", action="store_true", help="only write catalog.json, over what is there")
    add(
        "--replay", type=Path, metavar="FILE", help="write what is in FILE (quarantine.jsonl) in place of reading Visma"
    )
    add("--streams", default=STREAMS, help="what a new catalog.json chooses, '*' for all (default: %(default)s)")
    add("--local", metavar="DIR", nargs="?", const="", help="the programs in DIR (or on PATH) instead of the images")
    add("--registry", default="visma-asana", help="where the images are (default: %(default)s)")
    add("--tag", default="dev", help="which images (default: %(default)s)")
    add("--docker-args", default="", help="more arguments of docker run, such as '--network host'")
    args = parser.parse_args()
    args.local = args.local and os.path.abspath(args.local)  # the programs run inside the folder
    folder = args.folder.resolve()
    for number in STOP_SIGNALS:  # so that the private files are removed and no connector stays behind
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    try:
        with open(folder / ".lock", "a") as lock, tempfile.TemporaryDirectory(prefix="visma-asana-") as files:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return run(args, folder, Path(files), lock.fileno())
    except BlockingIOError:
        log("sync", f"another run holds {folder}; nothing done")
        return 75
    except (SetupError, OSError) as error:
        log("sync", str(error))
        return 2


if __name__ == "__main__":
    sys.exit(main())
