"""The head of a project's page: the amounts of the orders among its tasks, and the project's own numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .. import field_values
from ..model import Project, Task
from . import values

COMMITTED, RECEIVED, INVOICED, REMAINING, BUDGET, ACTUAL = (
    f"Visma {name}" for name in ("committed", "received", "invoiced", "remaining", "budget", "actual")
)
OF_ORDERS = (COMMITTED, RECEIVED, INVOICED, REMAINING)
OF_PROJECT = (BUDGET, COMMITTED, ACTUAL, REMAINING)


@dataclass(frozen=True)
class Sum:
    """A sum with the name of its field, in the form that people read."""

    name: str
    text: str
    below_zero: bool = False


@dataclass(frozen=True)
class CurrencySums:
    """The orders in one currency. Orders in different currencies are never added."""

    currency: str
    orders: int
    sums: list[Sum]


@dataclass(frozen=True)
class Budget:
    """A project's own numbers. `used` and `ordered` are parts of the budget in percent, together at most 100."""

    sums: list[Sum]
    used: int
    ordered: int
    over: bool


def of_order(task: Task) -> CurrencySums | None:
    """The amounts of one order; None for any other task."""
    return next(iter(of_orders([task])), None)


def of_orders(tasks: Iterable[Task]) -> list[CurrencySums]:
    """Sums by currency, the one with most orders first; cards of projects do not count. It does not matter whether the
    fields are columns of the project, because a task has all of them."""
    found: dict[str, list[dict[str, Any]]] = {}
    for task in tasks:
        held = {field.name: value for field, value in (task.values or {}).items()}
        if held.get(RECEIVED) is not None:
            found.setdefault(str(held.get(values.CURRENCY) or ""), []).append(held)
    return [
        CurrencySums(
            currency, len(orders), [_sum(name, sum(held.get(name) or 0.0 for held in orders)) for name in OF_ORDERS]
        )
        for currency, orders in sorted(found.items(), key=lambda each: (-len(each[1]), each[0]))
    ]


def of_project(project: Project) -> Budget | None:
    """The project's numbers in its own fields; None if it has none."""
    held = {each.custom_field.name: each.value for each in field_values.of_project(project)}
    numbers = {name: float(held[name]) for name in OF_PROJECT if held.get(name) is not None}
    if BUDGET not in numbers:
        return None
    sums = [_sum(name, number) for name, number in numbers.items()]
    budget, actual = numbers[BUDGET], numbers.get(ACTUAL, 0.0)
    still_ordered = budget - actual - numbers.get(REMAINING, 0.0)
    used = _percent(actual, budget)
    ordered = min(100 - used, _percent(still_ordered, budget))
    return Budget(sums, used, ordered, numbers.get(REMAINING, 0.0) < 0)


def _sum(name: str, number: float) -> Sum:
    return Sum(name.removeprefix("Visma ").capitalize(), f"{number:,.2f}", number < 0)


def _percent(part: float, whole: float) -> int:
    return max(0, min(100, round(100 * part / whole))) if whole > 0 else 0
