"""Console scripts that start at once, for what starts connectors itself: standalone/sync.py, PyAirbyte, a shell.

`folder()` holds a small program for each console script. It hands its standard streams, arguments, environment and
working directory to a server that has imported the connectors (warm_processes.py). A fork of the server becomes the
console script, takes the signals that the small program gets, and dies with it; the small program ends as the fork does.
"""

import ast
import atexit
import functools
import os
import runpy
import shutil
import signal
import socket
import sys
import tempfile
import threading
from pathlib import Path

from integration_tests import warm_processes

NAMES = ("source-visma", "destination-asana")
INSTALLED = Path(sys.executable).parent
# Python's own start without site-packages takes a hundredth of a second.
CLIENT = """#!{python} -SE
import os, signal, socket
import sys
link = socket.socket(socket.AF_UNIX)
link.connect({address!r})
request = repr(({command!r}, sys.argv[1:], dict(os.environ), os.getcwd())).encode("utf-8", "surrogateescape")
socket.send_fds(link, [len(request).to_bytes(8, "big")], [0, 1, 2])
link.sendall(request)
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, lambda number, _: link.send(bytes([number])))
code = int(link.recv(16) or b"70")
if code < 0:
    signal.signal(-code, signal.SIG_DFL)
    os.kill(os.getpid(), -code)
os._exit(code)
"""


@functools.cache
def folder() -> Path:
    """The folder with the programs, for `--local` and PATH. It is there as long as this process."""
    made = Path(tempfile.mkdtemp(prefix="warm-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    address = str(made / "server")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen()
    warm_processes.fork(_serve, listener)
    listener.close()
    for name in NAMES:
        program = made / name
        program.write_text(CLIENT.format(python=sys.executable, address=address, command=str(INSTALLED / name)))
        program.chmod(0o755)
    return made


def _serve(listener: socket.socket) -> None:
    """Gives each client a keeper. The server is a daemon of the test process and ends with it."""
    while True:
        link, _ = listener.accept()
        keeper = os.fork()
        if not keeper:
            listener.close()
            _keep(link)
        link.close()
        _bury()


def _bury() -> None:
    """Takes leave of the keepers that have ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _keep(link: socket.socket) -> None:
    """Starts the console script for a client, passes signals on, and tells the client how the script has ended."""
    header, streams, *_ = socket.recv_fds(link, 8, 3)
    left, parts = int.from_bytes(header, "big"), []
    while left and (part := link.recv(left)):
        parts.append(part)
        left -= len(part)
    if left or not header:
        os._exit(1)
    request = ast.literal_eval(b"".join(parts).decode("utf-8", "surrogateescape"))
    script = os.fork()
    if not script:
        link.close()
        _become(streams, *request)
    for stream in streams:
        os.close(stream)
    threading.Thread(target=_pass_on, args=(link, script), daemon=True).start()
    status = os.waitstatus_to_exitcode(os.waitpid(script, 0)[1])
    try:
        link.sendall(str(status).encode())
    finally:
        os._exit(0)


def _pass_on(link: socket.socket, script: int) -> None:
    try:
        while numbers := link.recv(16):
            for number in numbers:
                os.kill(script, number)
        os.kill(script, signal.SIGKILL)
    except (ProcessLookupError, ConnectionError):
        pass


def _become(streams: list[int], command: str, arguments: list[str], environment: dict[str, str], place: str) -> None:
    """In a fresh fork: be the console script, with all that its caller has given it, and end."""
    code = 1
    try:
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(place)
        tempfile.tempdir = None
        sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w")
        sys.argv = [command, *arguments]
        runpy.run_path(command, run_name="__main__")
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        threading._shutdown()  # type: ignore[attr-defined]
        for output in (sys.stdout, sys.stderr):
            try:
                output.flush()
            except (OSError, ValueError):
                code = code or 120
        os._exit(code)
