"""Custom fields and their options as Asana holds them."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from destination_asana.board.fields.marks import Mark
from destination_asana.board.fields.option_owners import Owners
from destination_asana.documents.fields import MAX_OPTIONS


@dataclass(slots=True)
class OptionState:
    """An option of an enum field as Asana holds it."""

    gid: str
    name: str
    enabled: bool = True


@dataclass
class CustomField:
    """A custom field as Asana holds it: `name` is the sync's word for it, `title` what people call it; `owners` says whose
    its options are, once that was asked for. `lock` is held
    while its options are changed."""

    gid: str
    name: str
    type: str
    title: str = ""
    mark: Mark | None = None
    precision: int | None = None
    options: dict[str, OptionState] = field(default_factory=dict)
    owners: Owners | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)

    def by_name(self, name: str) -> OptionState | None:
        """The option of this name, in any case."""
        wanted = name.casefold()
        return next((option for option in self.options.values() if option.name.casefold() == wanted), None)

    def by_code(self, code: str, codes: Iterable[str] = ()) -> list[OptionState]:
        """The options of a code: named `{code}` or `{code} {description}`. Of other `codes` (without case) that begin
        with this one and a space, the options are theirs."""
        wanted = code.casefold()
        longer = [each for each in codes if each.startswith(wanted + " ")]
        named = [option for option in self.options.values() if _names(option.name.casefold(), wanted)]
        return [each for each in named if not any(_names(each.name.casefold(), code) for code in longer)]

    def may_disable(self, option: OptionState) -> bool:
        """Asana wants at least one enabled option in a field."""
        return any(other.enabled for other in self.options.values() if other is not option)

    @property
    def full(self) -> bool:
        """True at Asana's limit, which counts disabled options too."""
        return len(self.options) >= MAX_OPTIONS


def _names(name: str, code: str) -> bool:
    return name == code or name.startswith(code + " ")


def options_of(raw: Mapping[str, Any]) -> dict[str, OptionState]:
    """The options of a field as Asana describes it, by gid."""
    return {
        option["gid"]: OptionState(option["gid"], option["name"], option.get("enabled", True))
        for option in raw.get("enum_options") or []
    }
