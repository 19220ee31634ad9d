"""What the listener prints is UTF-8, whatever the locale it is started under: its log, its findings, its refusals."""

import contextlib
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from webhook_listener.database import Database

from integration_tests.listener_process import PROGRAM

LOCALES = {
    "latin-1": {"PYTHONIOENCODING": "iso-8859-1"},
    "ascii": {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
}
VISMA_ID = "SupplierInvoiceId:4100251/Invoice/Ø-17"
WHO, DETAIL = "Åsa Łukaszewicz", "betalt 🙂 – to ganger?"


@pytest.fixture
def config(tmp_path: Path) -> dict[str, Any]:
    return {
        "public_url": "https://hooks.example.com",
        "database_path": str(tmp_path / "listener.sqlite"),
        "asana": {
            "credentials": {"auth_type": "personal_access_token", "personal_access_token": "asana-secret"},
            "workspace_gid": "1",
            "project_gids": ["2"],
        },
    }


def run(folder: Path, config: dict[str, Any], locale: str, *words: str) -> tuple[int, bytes, bytes]:
    path = folder / "listener.json"
    path.write_text(json.dumps(config), "utf-8")
    plain = {name: value for name, value in os.environ.items() if name not in ("LC_ALL", "LANG", "LC_CTYPE")}
    done = subprocess.run(
        [PROGRAM.encode(), *(word.encode() for word in words), b"--config", os.fsencode(path)],
        capture_output=True,
        check=False,
        env=plain | LOCALES[locale],
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("locale", LOCALES)
def test_the_log(tmp_path: Path, config: dict[str, Any], locale: str) -> None:
    with contextlib.closing(Database(Path(config["database_path"]))) as database:
        for visma_id, who, detail in ((VISMA_ID, WHO, DETAIL), ("another", "x", None)):
            database.run(
                'INSERT INTO log ("when", visma_id, asana_gid, who, what, detail, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
                *("2026-11-23T10:15:07.120Z", visma_id, "1", who, "commented", detail, "2026-11-23T10:15:08.003Z"),
            )
    code, output, errors = run(tmp_path, config, locale, "log", "--visma-id", VISMA_ID)
    assert (code, errors) == (0, b"")
    (line,) = [json.loads(text) for text in output.decode("utf-8").splitlines()]
    assert (line["visma_id"], line["who"], line["detail"]) == (VISMA_ID, WHO, "betalt 🙂 – to ganger?")


@pytest.mark.parametrize("locale", LOCALES)
def test_what_is_wrong(tmp_path: Path, config: dict[str, Any], locale: str) -> None:
    config["public_url"] = "https://hooks.example.com/?from=asana"
    code, output, errors = run(tmp_path, config, locale, "check")
    assert (code, output) == (2, b"")
    assert errors.decode("utf-8") == "webhook-listener: public_url must end before any “?” or “#”.\n"
