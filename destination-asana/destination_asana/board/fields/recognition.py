"""Recognises the sync's fields among a workspace's custom fields: by mark, then by name, then by the description that
version 0.1.0 gave them. Pure.

A field that is local to one project never counts, because its name is not unique and documents of other projects cannot
have it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from destination_asana.board.fields.marks import mark_in
from destination_asana.documents.fields import DEFINITIONS, FIRST_DESCRIPTIONS, VISMA_ID

Raw = Mapping[str, Any]
_BY_WORDS = {each.description: each.name for each in DEFINITIONS.values()} | {
    words: name for name, words in FIRST_DESCRIPTIONS.items()
}


def is_local(raw: Raw) -> bool:
    """Whether a field belongs to a single project, according to Asana."""
    return raw.get("is_global_to_workspace") is False


def type_of(raw: Raw) -> str:
    """The type of a field, which Asana also calls `type` in an older form."""
    return raw.get("resource_subtype") or raw.get("type") or ""


def recognised(name: str, raws: Iterable[Raw]) -> list[Raw]:
    """The workspace fields that match the sync's field `name`, the best first.

    A mark counts more than a name, and the right type more than age. Of equal fields the older counts, because the
    younger is a copy. The result has more than one field only if several carry the mark.
    """
    known = _by_age(raws)
    marked = [raw for raw in known if is_marked(raw, name)]
    definition = DEFINITIONS.get(name)
    if marked and definition is not None:
        # False sorts before True, and the sort keeps the order of age.
        return sorted(marked, key=lambda raw: type_of(raw) != definition.type)
    return marked or _unmarked(name, known)[:1]


def candidates(raws: Iterable[Raw]) -> list[Raw]:
    """The workspace fields that may hold the Visma IDs: those with the mark, and those with the name or with the
    description of version 0.1.0. Somebody may have copied the field and emptied the description of the first one."""
    known = _by_age(raws)
    first = recognised(VISMA_ID, known)
    return first + [raw for raw in _unmarked(VISMA_ID, known) if raw not in first]


def is_marked(raw: Raw, name: str) -> bool:
    """Whether a field has the sync's mark of the field `name`."""
    mark = mark_in(raw.get("description"))
    return mark is not None and mark.names(name)


def _by_age(raws: Iterable[Raw]) -> list[Raw]:
    return sorted((raw for raw in raws if not is_local(raw)), key=lambda raw: (len(raw["gid"]), raw["gid"]))


def _unmarked(name: str, known: Iterable[Raw]) -> list[Raw]:
    """Fields with the name, then those whose description says that they are the field. Version 0.1.0 went by the name, so
    of two fields with its description, the one with the name is the one it last wrote."""
    definition = DEFINITIONS.get(name)
    named, described = [], []
    for raw in known:
        if _is_named(raw, name):
            named.append(raw)
        elif definition is not None and _described(raw) == name and type_of(raw) == definition.type:
            described.append(raw)
    return named + described


def _described(raw: Raw) -> str | None:
    """The sync's field that an unmarked one is, by the description of version 0.1.0."""
    words = (raw.get("description") or "").strip()
    return _BY_WORDS.get(words) if words else None


def _is_named(raw: Raw, name: str) -> bool:
    if raw["name"].strip().casefold() != name.casefold():
        return False
    mark = mark_in(raw.get("description"))
    # Somebody may have given the name of one of the sync's fields to another of them.
    if mark is None:
        return name not in DEFINITIONS or _described(raw) in (None, name)
    return name not in DEFINITIONS or not any(mark.names(other) for other in DEFINITIONS)


def problem_of(name: str, raw: Raw) -> str | None:
    """The reason why a recognised field cannot be used, in words; None if it can."""
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
