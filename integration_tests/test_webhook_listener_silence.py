"""Hours pass without a sign of life: the listener's own clock is moved, its server and the sandbox stay real."""

import contextlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import uvicorn
from webhook_listener.app import make_app
from webhook_listener.asana import Asana
from webhook_listener.config import parse
from webhook_listener.database import Database
from webhook_listener.intake import AsanaIntake
from webhook_listener.metrics import Metrics
from webhook_listener.watch import Watch

from integration_tests.listener_board import Board
from integration_tests.listener_process import Listener
from integration_tests.waiting import until

pytest_plugins = ["integration_tests.listener_testing"]


class MovableClock:
    """Seconds since 1970, with the hours that were added."""

    def __init__(self) -> None:
        self.hours = 0.0

    def __call__(self) -> float:
        return time.time() + self.hours * 3600


@contextlib.contextmanager
def serving(app: object, port: int) -> Iterator[None]:
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", lifespan="off"))  # type: ignore[arg-type]
    thread = threading.Thread(target=server.run)
    thread.start()
    until(lambda: server.started)
    yield
    server.should_exit = True
    thread.join()


def test_a_webhook_nothing_is_heard_of_is_replaced(board: Board, tmp_path: Path) -> None:
    """Asana holds it for active, and its deliveries go to somebody who answers in our place."""
    settings = Listener(tmp_path, board.server)
    config = parse(settings.config)
    clock = MovableClock()
    database = Database(config.database_path)
    metrics = Metrics(database, clock)
    intake = AsanaIntake(database, clock, threading.Event())
    assert config.asana is not None
    asana = Asana(config.asana)
    watch = Watch(config=config, database=database, asana=asana, intake=intake, clock=clock, metrics=metrics, every=60)
    with serving(make_app(intake, None, metrics, lambda: True), settings.port):
        watch.step()
        [first] = board.webhooks()
        until(lambda: database.one("SELECT heard_at FROM webhooks WHERE state = 'active'")["heard_at"])  # type: ignore[index]
        clock.hours = 8.5
        watch.step()
        assert board.webhooks() == [first]
        clock.hours = 24
        watch.step()
        [second] = board.webhooks()
        assert second["gid"] != first["gid"]
        watch.step()
        assert board.webhooks() == [second]
        clock.hours = 48
        until(lambda: board.server.control("POST", f"webhooks/{second['gid']}/deliver", {"events": []}))
        watch.step()
        assert board.webhooks() == [second]
    asana.close()
    database.close()
