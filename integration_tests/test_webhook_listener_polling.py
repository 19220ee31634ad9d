"""The listener without a public address: it polls Asana's events, and says so."""

import os
import re
import subprocess
from pathlib import Path

from integration_tests.listener_board import FIRST, KARI, SECOND, Board
from integration_tests.listener_process import Listener
from integration_tests.waiting import until

pytest_plugins = ["integration_tests.listener_testing"]
ROOT = Path(__file__).parents[1]


def test_events_are_polled_and_said_to_be(board: Board, tmp_path: Path) -> None:
    with Listener(tmp_path, board.server) as listener:
        del listener.config["public_url"]
        status, words = listener.check()
        assert status == 0, words
        assert "ok     public_url: none is set, so nothing is delivered" in words
        assert "its events are polled as soon as `webhook-listener serve` runs" in words
        listener.start()
        until(lambda: board.looks() > 1)
        board.complete()
        board.person("POST", f"/tasks/{board.gids[SECOND]}/stories", {"text": "Who ordered this?"})
        until(lambda: len(listener.told()) == 2)
        assert sorted(listener.told()) == [("commented", KARI), ("completed", KARI)]
        said = listener.log_path.read_text()
        assert said.count("No public_url is set: Asana's events are polled every 0.5 s") == 1
        assert "ERROR" not in said
        assert board.webhooks() == []
        status, words = listener.check()
        assert status == 0, words
        assert re.search(r"ok     project .*: its events are polled; last read 20", words)


def test_a_webhook_goes_when_the_address_goes(board: Board, tmp_path: Path) -> None:
    with Listener(tmp_path, board.server) as listener:
        listener.start()
        until(board.webhooks)
        assert listener.stop() == 0
        listener.config["public_url"] = ""
        listener.start()
        until(lambda: not board.webhooks())
        board.complete()
        until(lambda: listener.told(FIRST) == [("completed", KARI)])


def test_a_token_that_may_not_poll_is_an_error(board: Board, tmp_path: Path) -> None:
    with Listener(tmp_path, board.server) as listener:
        listener.config["public_url"] = None
        listener.config["asana"]["credentials"]["personal_access_token"] = "sandbox-asana-scoped-token"
        status, words = listener.check()
        assert status == 1
        assert "Events API, which needs full permissions. Without public_url the log stays empty." in words


def test_the_readme_is_tried_word_by_word(board: Board, tmp_path: Path) -> None:
    """The commands of the chapter "Try it", at the repository's root."""
    readme = (ROOT / "webhook-listener/README.md").read_text()
    chapter = readme.partition("## Try it\n")[2].partition("\n## ")[0]
    first, third = re.findall(r"^```bash\n(.*?)^```", chapter, re.M | re.S)
    config = (ROOT / "webhook-listener/listener.sandbox.json").read_text()
    own = tmp_path / "listener.sandbox.json"
    with Listener(tmp_path) as spare:
        own.write_text(
            config.replace(".cache/listener-sandbox.sqlite", str(tmp_path / "listener.sqlite")).replace(
                "127.0.0.1:8090", f"127.0.0.1:{spare.port}"
            )
        )

    def shell(commands: str, log: Path) -> subprocess.Popen[bytes]:
        text = commands.replace("http://localhost:8002", board.server.url)
        text = text.replace("webhook-listener/listener.sandbox.json", str(own)).replace("sleep 5; ", "")
        with log.open("wb") as output:
            return subprocess.Popen(["bash", "-c", text], cwd=ROOT, stdout=output, stderr=output, env={**os.environ})

    check, serve = first.rsplit("\n", 2)[0], "exec " + first.rsplit("\n", 2)[1]
    shell(check, tmp_path / "check").wait(240)
    assert "polls Asana's events" in (tmp_path / "check").read_text()
    assert "TO DO" not in (tmp_path / "check").read_text()
    address = first.partition("\n")[0]
    process = shell(f"{address}\n{serve}", tmp_path / "serve")
    try:
        until(lambda: "polled every 2 s" in (tmp_path / "serve").read_text() and board.looks() > 1)
        shell(third, tmp_path / "third").wait(240)

        def told() -> str:
            shell(third.rpartition("\nsleep")[2].replace(" 5; ", ""), tmp_path / "log").wait(240)
            return (tmp_path / "log").read_text()

        until(lambda: KARI in told())
        assert '"what": "completed"' in told()
    finally:
        process.terminate()
        process.wait(240)
