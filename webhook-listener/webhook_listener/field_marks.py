"""Which custom field of a task is the sync's: by the mark that the sync leaves in the field's description. Pure.

A mark is `[Visma sync: field=Visma ID; …]`. It names the field as the sync calls it, whatever people call it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

VISMA_ID = "Visma ID"
_MARK = re.compile(r"\[\s*visma\s+sync\s*:([^\[\]]*)\]", re.IGNORECASE)
# The names of unmarked fields of the sync begin with this.
_PREFIX = "Visma "

Field = Mapping[str, Any]


def marked_as(field: Field) -> str | None:
    """The sync's own name for a field, according to its mark; None without a mark. If there are several, the last counts."""
    for mark in reversed(_MARK.findall(str(field.get("description") or ""))):
        for part in mark.split(";"):
            name, _, value = part.partition("=")
            if name.strip().casefold() == "field" and value.strip():
                return unquote(" ".join(value.split()))
    return None


def is_the_syncs(field: Field) -> bool:
    """Whether the sync owns a field: by its mark, or by its name if it has no mark."""
    return marked_as(field) is not None or str(field.get("name") or "").startswith(_PREFIX)


def visma_id_in(fields: Iterable[Field]) -> str | None:
    """The Visma ID among the fields of a task; None for a task that is not a document. A field with the mark counts before
    one with the name, and the older of two before its copy. A field of a single project is never the sync's."""
    known = sorted(fields, key=lambda field: (len(str(field.get("gid"))), str(field.get("gid"))))
    shared = [field for field in known if field.get("is_global_to_workspace") is not False]
    marked = [field for field in shared if (marked_as(field) or "").casefold() == VISMA_ID.casefold()]
    named = [field for field in shared if field.get("name") == VISMA_ID and marked_as(field) is None]
    for field in (*marked, *named):
        if field.get("text_value"):
            return str(field["text_value"]).strip()
    return None
