"""Which of a workspace's custom fields is which of the sync's: by its mark, then by its name. Pure.

A field local to one project is never taken: its name is not unique, and documents of other projects cannot have it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from destination_asana.board.fields.marks import mark_in
from destination_asana.documents.fields import DEFINITIONS

Raw = Mapping[str, Any]


def is_local(raw: Raw) -> bool:
    """Whether a field belongs to one project alone, as Asana says it."""
    return raw.get("is_global_to_workspace") is False


def type_of(raw: Raw) -> str:
    """A field's type; Asana calls the older name of the same thing `type`."""
    return raw.get("resource_subtype") or raw.get("type") or ""


def recognised(name: str, raws: Iterable[Raw]) -> list[Raw]:
    """The workspace fields that are the sync's field `name`, the one to use first.

    A mark counts more than a name, the right type more than age, and of equals the older field counts: it is a copy
    that is younger. More than one comes back only where several carry the mark.
    """
    known = sorted((raw for raw in raws if not is_local(raw)), key=lambda raw: (len(raw["gid"]), raw["gid"]))
    marked = [raw for raw in known if (mark := mark_in(raw.get("description"))) and mark.names(name)]
    definition = DEFINITIONS.get(name)
    if marked and definition is not None:
        # False sorts before True, and the sort keeps the order of age.
        return sorted(marked, key=lambda raw: type_of(raw) != definition.type)
    return marked or [raw for raw in known if _is_named(raw, name)][:1]


def _is_named(raw: Raw, name: str) -> bool:
    if raw["name"].strip().casefold() != name.casefold():
        return False
    mark = mark_in(raw.get("description"))
    # Somebody may have given the name of one of the sync's fields to another one of them.
    return mark is None or name not in DEFINITIONS or not any(mark.names(other) for other in DEFINITIONS)


def problem_of(name: str, raw: Raw) -> str | None:
    """Why a recognised field cannot be used, in words; None for one that can."""
    title = raw["name"]
    called = f"“{title}”" if title == name else f"“{title}” (by its description the sync's “{name}”)"
    definition = DEFINITIONS.get(name)
    if definition is not None and type_of(raw) != definition.type:
        return (
            f"The workspace has a custom field {called} of type {type_of(raw)}, but this connector needs it to be "
            f"{definition.type}. Turn it back into that type, or rename it in Asana and take the sync's line out of its "
            "description, then run the sync again. Nothing was written."
        )
    if raw.get("is_formula_field") or raw.get("is_value_read_only"):
        return (
            f"The custom field {called} cannot be written (it is a formula or read-only for the token's user). Rename or "
            "remove that field in Asana, or give the user the right to edit it. Nothing was written."
        )
    return None
