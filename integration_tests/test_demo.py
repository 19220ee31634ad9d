"""The demo, as `make demo` runs it: the embedded engine twice, with nobody to call outside this machine."""

import re
import socket
import threading

import pytest

from integration_tests import demo


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
    monkeypatch.setattr("sys.argv", ["demo"])
    status = demo.main()
    shown = capsys.readouterr()
    assert (status, shown.err) == (0, "")
    assert "900 documents read, 900 tasks created" in shown.out
    assert "3 updated, everything else untouched (897 tasks)" in shown.out
    assert re.search(r"a credit note, below zero: Credit note 200\d{3} · .*: -\d", shown.out)
    assert re.search(r"not in kroner: Invoice 200\d{3} · .* EUR, Open, open", shown.out)
    assert re.search(r"still to do: PO 500\d{3} · .*, Rejected, open", shown.out)
    assert outside == []
