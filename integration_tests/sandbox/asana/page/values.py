"""Custom field values, due dates and people in the form for the templates."""

from dataclasses import dataclass, field
from typing import Any

from .. import field_values
from ..model import CustomField, EnumOption, Project, Task, User
from . import formats

# The fields on a card, by the names that a sync gives them.
SUPPLIER, AMOUNT, CURRENCY, STATUS, IDENTITY, TYPE, CUSTOMER = (
    "Visma supplier",
    "Visma amount",
    "Visma currency",
    "Visma status",
    "Visma ID",
    "Visma document type",
    "Visma customer",
)


@dataclass(frozen=True)
class Chip:
    text: str
    tone: str = "grey"
    url: str | None = None


@dataclass(frozen=True)
class Shown:
    """A value: `text` for any kind, and `chips` if it consists of options, people or other objects."""

    text: str = ""
    chips: list[Chip] = field(default_factory=list)
    numeric: bool = False

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True)
class Person:
    name: str
    initials: str
    tone: str


@dataclass(frozen=True)
class Due:
    text: str
    iso: str
    overdue: bool


def person(user: User | None) -> Person | None:
    return None if user is None else Person(user.name, formats.initials(user.name), formats.person_tone(user.gid))


def due(task: Task, today: str) -> Due | None:
    """The due date in words; overdue if it has passed and the task is open."""
    if not task.due_on:
        return None
    return Due(formats.day(task.due_on, today), task.due_on, task.due_on < today and not task.completed)


def fields_by_name(project: Project) -> dict[str, CustomField]:
    return {setting.custom_field.name: setting.custom_field for setting in project.settings}


def value(task: Task, field: CustomField | None) -> Any:
    """The stored value, or None without the field or the value."""
    return (task.values or {}).get(field) if field else None


def shown(field: CustomField, stored: Any, today: str) -> Shown:
    """A stored value in the form that people read."""
    if stored is None:
        return Shown()
    if field.resource_subtype == "number":
        plain = field.format not in ("percentage", "currency") and not field.custom_label
        text = f"{stored:,.{field.precision}f}" if plain else field_values.display(field, stored)
        return Shown(str(text), numeric=True)
    if field.resource_subtype == "date":
        return Shown(formats.moment(stored[1]) if stored[1] else formats.day(stored[0], today))
    if field.resource_subtype == "text":
        return Shown(str(stored))
    chips = [_chip(item) for item in (stored if isinstance(stored, list) else [stored])]
    return Shown(", ".join(chip.text for chip in chips), chips)


def _chip(item: Any) -> Chip:
    if isinstance(item, EnumOption):
        return Chip(item.name, formats.option_tone(item))
    if isinstance(item, Task):
        return Chip(item.name, url=f"/0/0/{item.gid}")
    if isinstance(item, Project):
        return Chip(item.name, url=f"/0/{item.gid}/board")
    return Chip(str(item.name))


def amount(task: Task, fields: dict[str, CustomField], today: str) -> str:
    """`35,925.00 NOK`; empty without an amount."""
    field = fields.get(AMOUNT)
    text = shown(field, value(task, field), today).text if field else ""
    return f"{text} {value(task, fields.get(CURRENCY)) or ''}".strip() if text else ""


def status(task: Task, fields: dict[str, CustomField], today: str) -> Chip | None:
    """The first option of the status field."""
    field = fields.get(STATUS)
    chips = shown(field, value(task, field), today).chips if field else []
    return chips[0] if chips else None
