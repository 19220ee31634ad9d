"""The server process: one for each database file. It stops on SIGTERM without losing anything."""

from __future__ import annotations

import fcntl
import logging
import signal
import socket
from types import FrameType
from typing import IO, Any

import uvicorn

from webhook_listener import files
from webhook_listener.config import Config, ConfigError
from webhook_listener.impatience import ImpatientProtocol
from webhook_listener.listener import STOP_SECONDS, Listener

logger = logging.getLogger(__name__)
CONNECTIONS = 128


def serve(config: Config, every: float, quiet: float) -> None:
    """Serves until SIGTERM or SIGINT. Raises ConfigError if the address or the database is not available."""
    with _only_one(config):
        listener = Listener(config, every=every, quiet=quiet)
        try:
            listening = _socket(config)
        except OSError as error:
            raise ConfigError(f"listen: {config.host}:{config.port} cannot be used ({error.strerror}).") from None
        server = uvicorn.Server(_settings(listener.app))
        _stop_on_signals(server)
        # The socket already listens, so requests that come before the server runs wait for it.
        listener.start()
        if files.open_to_others(config.database_path):
            logger.warning(files.OPEN_TO_OTHERS.format(path=config.database_path))
        if not config.public_url:
            logger.info(f"No public_url is set: Asana's events are polled every {every:g} s, and nothing is delivered.")
        server.run(sockets=[listening])
        listener.stop()
        logger.info("Stopped; what was accepted and not worked off waits for the next start.")


def _stop_on_signals(server: uvicorn.Server) -> None:
    """Stops the server on a signal. uvicorn raises that signal again when it has ended, which must not interrupt the rest of
    the shutdown."""

    def stop(number: int, frame: FrameType | None) -> None:
        server.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)


def _settings(app: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=ImpatientProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=int(STOP_SECONDS),
        h11_max_incomplete_event_size=16 * 1024,
    )


def _only_one(config: Config) -> IO[bytes]:
    """Locks the database for this process. The kernel releases the lock, however the process ends."""
    path = config.database_path.with_name(config.database_path.name + ".lock")
    try:
        files.make_folder_of(path)
        lock = open(path, "wb", opener=files.private)  # noqa: SIM115
    except OSError as error:
        raise ConfigError(f"database_path: {path} cannot be written ({error.strerror}).") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise ConfigError(f"database_path: another listener is running with {config.database_path}.") from None
    return lock


def _socket(config: Config) -> socket.socket:
    """Binds the address. From now on, connections wait until they are accepted."""
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((config.host, config.port))
    listening.listen()
    return listening
