"""`opt_fields`: the comma-separated list with dots and `(a|b)` groups, as a tree, and the choice of a record's fields.

Rules: Asana developer docs, "Input/output options". `gid` is always included. An object requested without naming its
fields comes as a bare reference (`gid`, `resource_type`). Unknown names are ignored.
"""

from collections.abc import Callable
from typing import Any

from .errors import bad

Tree = dict[str, Any]
"""Field name → tree of the fields requested below it; empty if none are."""

Getter = Callable[[Any, Any], Any]


class Kind:
    """The fields of one type of object, and which of them come by default."""

    def __init__(
        self,
        resource_type: str,
        fields: dict[str, Getter],
        compact: str,
        full: str | None = None,
        reference: str = "resource_type",
    ) -> None:
        self.fields: dict[str, Getter] = {"resource_type": lambda thing, caller: resource_type, **fields}
        self.compact = dict.fromkeys(["resource_type", *compact.split()], None)
        self.full = dict.fromkeys(["resource_type", *full.split()], None) if full else dict.fromkeys(self.fields, None)
        self.reference = dict.fromkeys(reference.split(), None)

    def of(self, thing: Any) -> "Kind":
        """The kind that shows `thing`: itself, unless objects of one type have several forms."""
        return self


KINDS: dict[type, Kind] = {}


def plain(*names: str) -> dict[str, Getter]:
    """Getters for fields that are shown as stored."""

    def getter(name: str) -> Getter:
        return lambda thing, caller: getattr(thing, name)

    return {name: getter(name) for name in names}


def parse(text: str | list[str] | None) -> Tree | None:
    """The tree of an `opt_fields` value; None if the caller requested no particular fields."""
    if text is None:
        return None
    if isinstance(text, list):
        text = ",".join(str(part) for part in text)
    tree: Tree = {}
    for path in _split(text, ","):
        for flat in _expand(path.strip()):
            node = tree
            for name in flat.split("."):
                if name and name != "this":
                    node = node.setdefault(name, {})
    return tree


def _split(text: str, separator: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for position, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth < 0:
            break
        if letter == separator and depth == 0:
            parts.append(text[start:position])
            start = position + 1
    if depth:
        raise bad(f"opt_fields: Could not parse the fields given: {text}")
    return [*parts, text[start:]]


def _expand(path: str) -> list[str]:
    opening = path.find("(")
    if opening < 0:
        return [path]
    closing, depth = opening, 0
    for closing in range(opening, len(path)):
        depth += (path[closing] == "(") - (path[closing] == ")")
        if depth == 0:
            break
    before, inside, after = path[:opening], path[opening + 1 : closing], path[closing + 1 :]
    return [flat for choice in _split(inside, "|") for flat in _expand(before + choice.strip() + after)]


def count(tree: Tree | None) -> int:
    """The number of requested fields, which is part of the cost of an answer."""
    return sum(1 + count(below) for below in tree.values()) if tree else 0


def show(thing: Any, tree: Tree | None, caller: Any, full: bool = False) -> dict[str, Any]:
    """The record of `thing`: the fields in `tree`, else its compact or full form."""
    kind = KINDS[type(thing)].of(thing)
    if tree is None:
        return _record(thing, kind, kind.full if full else kind.compact, caller, True)
    return _record(thing, kind, tree, caller, False)


def _record(thing: Any, kind: Kind, tree: Tree, caller: Any, compact: bool) -> dict[str, Any]:
    out = {"gid": thing.gid}
    fields = kind.fields
    for name, below in tree.items():
        getter = fields.get(name)
        if getter is not None:
            value = getter(thing, caller)
            if value is None or isinstance(value, (str, bool, int, float)):
                out[name] = value
            else:
                out[name] = _below(value, below, caller, compact)
    return out


def _below(value: Any, tree: Tree | None, caller: Any, compact: bool) -> Any:
    kind = KINDS.get(type(value))
    if kind is not None:
        kind = kind.of(value)
        wanted = tree or (kind.compact if compact else kind.reference)
        return _record(value, kind, wanted, caller, compact)
    if isinstance(value, (list, tuple)):
        return [_below(item, tree, caller, compact) for item in value]
    if isinstance(value, dict):
        chosen = tree or dict.fromkeys(value, None)
        return {name: _below(value[name], below, caller, compact) for name, below in chosen.items() if name in value}
    return value
