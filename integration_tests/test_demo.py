"""The demo, as `make demo` runs it: the embedded engine twice, with nobody to call outside this machine."""

import re
import socket
import threading
from pathlib import Path

import pytest

from integration_tests import demo, warm_programs


@pytest.fixture
def outside(monkeypatch):
    """Everything that would leave this machine goes to a proxy that only counts; the list of first lines it was sent."""
    asked = []
    listener = socket.create_server(("127.0.0.1", 0))

    def listen():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                asked.append(connection.recv(200))

    threading.Thread(target=listen, daemon=True).start()
    proxy = f"http://127.0.0.1:{listener.getsockname()[1]}"
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, proxy)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1,localhost")
    yield asked
    listener.close()


@pytest.mark.timeout(600)
def test_demo(monkeypatch, tmp_path, capsys, outside):
    monkeypatch.setattr(demo, "WORK", tmp_path / "demo")
    monkeypatch.setattr(demo, "PROGRAMS", warm_programs.folder())
    monkeypatch.setattr("sys.argv", ["demo"])
    status = demo.main()
    output = capsys.readouterr()
    assert (status, output.err) == (0, "")
    assert "900 documents and 12 projects read, 912 tasks created" in output.out
    assert "3 updated, everything else untouched (909 tasks)" in output.out
    assert re.search(
        r"- assigned by supplier: Kari Nordmann \d+, Søren Østergaard \d+, Åsa Lindström \d+ of \d+ open documents",
        output.out,
    )
    # Found by name, and by an entry of the settings.
    assert "- P1001 Hotell Nordlys, lobby og bar: 180 documents; budget 3,262,000, committed 2,194,300" in output.out
    assert "- Lageret i Oslo flytter: 171 documents; budget 2,972,000" in output.out
    assert "remaining -53,299" in output.out
    story = "committed 7,940.00, received 5,955.00, invoiced 5,955.00, remaining 1,985.00 NOK"
    assert f"PO 500223 · Diverse leverandører: {story} (Invoice 200355 and Invoice 200363)" in output.out
    assert re.search(r"a credit note, below zero: Credit note 200\d{3} · .*: -\d", output.out)
    assert re.search(r"not in kroner: Invoice 200\d{3} · .* EUR, Open, open", output.out)
    assert re.search(r"still to do: PO 500\d{3} · .*, Rejected, open", output.out)
    assert outside == []


def test_a_second_demo_in_one_checkout_is_told_of_the_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo, "WORK", tmp_path / "demo")
    monkeypatch.setattr("sys.argv", ["demo"])
    with demo.working_folder():
        assert demo.main() == 1
    said = capsys.readouterr()
    assert said.err.startswith("\nThe demo failed: another demo is running in ")
    assert said.err.count("\n") == 2
    with demo.working_folder():
        assert [path.name for path in demo.WORK.iterdir()] == [".lock"]


def test_a_checkout_that_cannot_be_written_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file in the way stands for a read-only checkout, which does not stop root."""
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(demo, "WORK", tmp_path / "file" / "demo")
    monkeypatch.setattr("sys.argv", ["demo"])
    assert demo.main() == 1
    said = capsys.readouterr().err
    assert "demo cannot be written (Not a directory)" in said
    assert "run it in a checkout of your own" in said
