"""Custom fields and their options in Asana."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from destination_asana.board.fields.marks import Mark
from destination_asana.board.fields.option_owners import Owners
from destination_asana.documents.fields import MAX_OPTIONS

OPTION_TYPES = ("enum", "multi_enum")


@dataclass(slots=True)
class OptionState:
    """An option of an enum field in Asana."""

    gid: str
    name: str
    enabled: bool = True


@dataclass
class CustomField:
    """A custom field in Asana: `name` is the sync's name for it, `title` people's; `owners` are the owners of its
    options, once they have been read; `familiar` are the gids of the options that it had when the sync first read it, and of
    those that the sync itself has added or joined. `lock` is held while its options are changed, but not while new ones are
    added: `adding` are the names of those on their way, and `changed` tells when one has come."""

    gid: str
    name: str
    type: str
    title: str = ""
    mark: Mark | None = None
    precision: int | None = None
    options: dict[str, OptionState] = field(default_factory=dict)
    owners: Owners | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)
    adding: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.changed = threading.Condition(self.lock)
        self.familiar = set(self.options)

    def by_name(self, name: str) -> OptionState | None:
        """The option with this name, ignoring case."""
        wanted = name.casefold()
        return next((option for option in self.options.values() if option.name.casefold() == wanted), None)

    def by_code(self, code: str, codes: Iterable[str] = ()) -> list[OptionState]:
        """The options of a code, named `{code}` or `{code} {description}`. Options of other `codes` (in comparable form)
        that begin with this one and a space are left out."""
        wanted = code.casefold()
        longer = [each for each in codes if each.startswith(wanted + " ")]
        named = [option for option in self.options.values() if _names(option.name.casefold(), wanted)]
        return [each for each in named if not any(_names(each.name.casefold(), code) for code in longer)]

    def awaits(self, name: str, code: str) -> bool:
        """Whether an option that is being added may be the one of this name or code, or takes the last room."""
        return len(self.options) + len(self.adding) >= MAX_OPTIONS or any(
            each.casefold() == name.casefold() or _names(each.casefold(), code.casefold()) for each in self.adding
        )

    def may_disable(self, option: OptionState) -> bool:
        """Whether an option may be disabled: Asana requires at least one enabled option in a field."""
        return any(other.enabled for other in self.options.values() if other is not option)

    @property
    def full(self) -> bool:
        """Whether the field is at Asana's limit, which includes disabled options."""
        return len(self.options) >= MAX_OPTIONS


def _names(name: str, code: str) -> bool:
    return name == code or name.startswith(code + " ")


def options_of(raw: Mapping[str, Any]) -> dict[str, OptionState]:
    """The options of a field as Asana describes it, by gid."""
    return {
        option["gid"]: OptionState(option["gid"], option["name"], option.get("enabled", True))
        for option in raw.get("enum_options") or []
    }
