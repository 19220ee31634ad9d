"""Projects as the lines of documents name them: most lines one of the company's, some the non-project code, some none."""

from __future__ import annotations

import zlib

from integration_tests.sandbox.visma.company import names
from integration_tests.sandbox.visma.store import Record

# Projects that people may still enter on documents.
_USED = ("P1001", "P1002", "P1003", "P2002", "P0901", "P 2001", "P1005", "P1006", "P2003")
NON_PROJECT = "X"


def reference(project_id: str) -> Record:
    """A project as other records name it."""
    number, _, description = next(row[:3] for row in names.rows(names.PROJECTS) if row[1] == project_id)
    return {"internalId": int(number), "id": project_id, "description": description}


def on_line(*parts: object) -> Record:
    """``project`` and ``projectTask`` of a line, the same every time for the same parts; empty on a few lines."""
    dice = zlib.crc32("/".join(str(part) for part in parts).encode()) % 20
    if dice == 19:
        return {}
    if dice >= 13:
        return {"project": reference(NON_PROJECT)}
    project = reference(_USED[dice % len(_USED)])
    return {
        "project": project,
        "projectTask": {"internalId": project["internalId"] * 10 + 1, "id": "01", "description": "Innkjøp"},
    }


def of_line(line: Record) -> Record:
    """``project`` and ``projectTask`` as another document's line has them."""
    return {name: line[name] for name in ("project", "projectTask") if name in line}
