"""The console script `webhook-listener`: serve, check, log."""

from __future__ import annotations

import argparse
import io
import json
import os
import sqlite3
import sys
from typing import TextIO

from webhook_listener import migrations
from webhook_listener.config import Config, ConfigError, load
from webhook_listener.redaction import add_secret, escaped, plain, redacted, set_up_logging

WATCH_SECONDS = 30.0
# Saving one document in Visma raises several events, and releasing a batch raises one for each document. One sync should
# serve all of them.
QUIET_SECONDS = 5.0
COLUMNS = ("when", "visma_id", "asana_gid", "who", "what", "detail", "recorded_at")


def run() -> None:
    """The entry point. Exit status: 0 for success, 1 if `check` found a problem, 2 for a wrong configuration."""
    sys.stdout, sys.stderr = _prepared(sys.stdout), _prepared(sys.stderr)
    options = _parser().parse_args()
    set_up_logging()
    try:
        config = load(options.config)
        for secret in config.secrets:
            add_secret(secret)
        sys.exit(options.action(config, options))
    except ConfigError as error:
        print(plain(redacted(f"webhook-listener: {error}")), file=sys.stderr)  # noqa: T201
        sys.exit(2)


def _prepared(stream: TextIO) -> TextIO:
    """The stream, which writes UTF-8 in any locale and escapes an unpaired surrogate, which has no UTF-8 form.

    It is buffered even where Python would not (PYTHONUNBUFFERED). Without a buffer, Python drops what a full pipe has not taken
    when the process is paused and goes on, as by `docker pause`.
    """
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    if isinstance(stream.buffer, io.RawIOBase):
        return open(stream.fileno(), "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)
    stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    return stream


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="webhook-listener", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    serve = verbs.add_parser("serve", help="receive webhooks until stopped")
    serve.set_defaults(action=_serve)
    serve.add_argument(
        "--watch-seconds", type=float, default=WATCH_SECONDS, help="seconds between two checks at Asana (%(default)s)"
    )
    serve.add_argument(
        "--quiet-seconds",
        type=float,
        default=QUIET_SECONDS,
        help="seconds without a Visma event before a sync starts (%(default)s)",
    )
    verbs.add_parser("check", help="check the configuration and both services").set_defaults(action=_check)
    log = verbs.add_parser("log", help="print the log, oldest first, as JSON lines")
    log.set_defaults(action=_log)
    log.add_argument("--visma-id", type=_text, help="only this document, e.g. SupplierInvoiceId:4100251/Invoice/200123")
    for verb in verbs.choices.values():
        verb.add_argument("--config", required=True, metavar="listener.json")
    return parser


def _text(argument: str) -> str:
    """The argument decoded as UTF-8, which the shell sends whatever the locale of this process is."""
    try:
        return os.fsencode(argument).decode("utf-8")
    except UnicodeDecodeError:
        return argument


def _serve(config: Config, options: argparse.Namespace) -> int:
    # `log` need not load modules that only the server uses.
    from webhook_listener.server import serve  # noqa: PLC0415

    serve(config, every=options.watch_seconds, quiet=options.quiet_seconds)
    return 0


def _check(config: Config, options: argparse.Namespace) -> int:
    from webhook_listener.check import check  # noqa: PLC0415

    findings = check(config)
    for finding in findings:
        print(plain(redacted(str(finding))))  # noqa: T201
    return 1 if any(finding.bad for finding in findings) else 0


def _log(config: Config, options: argparse.Namespace) -> int:
    """Prints the log. Only reads, so it may run beside the server."""
    if not config.database_path.exists():
        raise ConfigError(
            f"database_path: {config.database_path} does not exist yet; it appears when `serve` first runs."
        )
    wanted = options.visma_id
    columns = ", ".join(f'"{name}"' for name in COLUMNS)
    try:
        migrations.check_readable(config.database_path)
        connection = sqlite3.connect(f"{config.database_path.absolute().as_uri()}?mode=ro", uri=True, timeout=5)
        rows = connection.execute(
            f'SELECT {columns} FROM log WHERE ? IS NULL OR visma_id = ? COLLATE NOCASE ORDER BY "when", id',  # noqa: S608
            (wanted, wanted),
        )
        for row in rows:
            print(escaped(json.dumps(dict(zip(COLUMNS, row, strict=True)), ensure_ascii=False)))  # noqa: T201
    except sqlite3.Error as error:
        raise ConfigError(
            f"database_path: {config.database_path} cannot be read ({error}). Run `log` as the user `serve` runs as."
        ) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
