"""The numbers of Visma projects on the Asana projects that belong to them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import add
from typing import Protocol

from destination_asana.board import NamedProjects
from destination_asana.board.fields import CustomFields
from destination_asana.documents import Subject, number_value
from destination_asana.planning import same
from destination_asana.planning.cards import NO_NUMBERS, ProjectNumbers
from destination_asana.planning.routing import ProjectRoute, wanted_by
from destination_asana.writing.projects import PortfolioExecutor

# The code and name of a Visma project, with its numbers, or None if they are unknown.
Numbered = tuple[str, str, ProjectNumbers | None]


class Totals(Protocol):
    """Writes the numbers of Visma projects to places other than their cards."""

    def write(self, numbered: Iterable[Numbered], left: Collection[str]) -> None:
        """Updates these places. `left` are Asana projects that cards were in before."""


class ProjectTotals:
    """Adds up the numbers of all Visma projects that share one Asana project."""

    def __init__(
        self,
        projects: NamedProjects,
        fields: CustomFields,
        portfolio: PortfolioExecutor,
        routes: Sequence[ProjectRoute],
        *,
        by_name: bool,
        usable: Callable[[str], bool],
    ) -> None:
        """With `by_name`, an Asana project that is named after a Visma project belongs to it. `usable` tells whether the
        token's user may edit a project."""
        self._usable = usable
        self._projects = projects
        self._fields = fields
        self._portfolio = portfolio
        self._routes = routes
        self._by_name = by_name

    def write(self, numbered: Iterable[Numbered], left: Collection[str]) -> None:
        """Updates the Asana projects. One that cards have left, and to which no Visma project belongs any more, loses its
        numbers."""
        together = self._together(numbered)
        for gid, numbers in together.items():
            # Without the numbers of all its projects, no sum is right.
            if not any(each is None for each in numbers):
                self._show(gid, reduce(add, (each for each in numbers if each is not None)).fields)
        for gid in sorted(set(left) - set(together)):
            self._show(gid, dict.fromkeys(NO_NUMBERS.fields))

    def _show(self, gid: str, numbers: Mapping[str, float | None]) -> None:
        project = self._projects.by_gid().get(gid)
        if project is None:
            return
        wanted = self._fields.values.wanted(numbers, "", project.values)
        differing = {
            name: (number_value(project.values, name), value)
            for name, value in wanted.items()
            if not same(number_value(project.values, name), value)
        }
        if differing and self._usable(gid):
            self._portfolio.apply(project, differing)

    def _together(self, numbered: Iterable[Numbered]) -> Mapping[str, list[ProjectNumbers | None]]:
        found: dict[str, list[ProjectNumbers | None]] = {}
        for code, name, numbers in numbered:
            for gid in self._belonging(code, name):
                found.setdefault(gid, []).append(numbers)
        return found

    def _belonging(self, code: str, name: str) -> Iterator[str]:
        names = {gid: each.name for gid, each in self._projects.by_gid().items()} if self._by_name else {}
        wanted = wanted_by(Subject(projects=((code, name),)), self._routes, names, "")
        yield from (each.project_gid for each in wanted.memberships if each.project_gid)
        yield from wanted.left_out


class NoTotals:
    """For settings without a portfolio."""

    def write(self, numbered: Iterable[Numbered], left: Collection[str]) -> None:
        """Does nothing."""
