"""The file of a probe: safe to send to strangers, for its owner alone, and whole or not there at all."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from destination_asana.probe.interview import Outcome


def content(name: str, version: str, outcomes: Iterable[Outcome], left: int) -> dict[str, Any]:
    """The outcomes as JSON. All texts in it are this program's own. `left` is how many tasks could not be
    deleted."""
    return {
        "probe": name,
        "version": version,
        "day": datetime.now(UTC).date().isoformat(),
        "left_in_asana": left,
        "questions": [
            {
                "id": outcome.question.id,
                "question": outcome.question.text,
                "status": outcome.status.value,
                "answer": outcome.word or None,
                "decides": outcome.question.decides,
                "touches": outcome.question.touches,
                "facts": dict(outcome.facts),
            }
            for outcome in outcomes
        ],
    }


def unwritable(path: Path) -> str | None:
    """Why a file cannot be written there, as far as can be seen beforehand."""
    if path.is_dir():
        return "it is a folder"
    if not path.parent.is_dir():
        return "its folder does not exist"
    return None if os.access(path.parent, os.W_OK) else "its folder cannot be written to"


def write(path: Path, value: Any) -> None:
    """Writes JSON beside the file and puts it in its place in one step. Raises OSError; then nothing is left."""
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(value, file, indent=1, ensure_ascii=False)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
