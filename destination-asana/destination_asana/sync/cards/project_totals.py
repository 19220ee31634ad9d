"""The numbers of Visma's projects on the Asana projects that belong to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import add
from typing import Protocol

from destination_asana.board.fields.values import CustomFields
from destination_asana.board.named_projects import NamedProjects
from destination_asana.planning.changes import same
from destination_asana.planning.project_budget import ProjectNumbers
from destination_asana.planning.routing import Route as ProjectRoute
from destination_asana.planning.routing import Subject, wanted_by
from destination_asana.writing.portfolio_numbers import PortfolioExecutor

# The code and the name of a project of Visma, with its numbers; None where they are not known.
Numbered = tuple[str, str, ProjectNumbers | None]


class Totals(Protocol):
    """Takes the numbers of Visma's projects further than their cards."""

    def write(self, numbered: Iterable[Numbered]) -> None:
        """Brings up to date what shows them."""


class ProjectTotals:
    """Adds the numbers of all of Visma's projects that one Asana project stands for."""

    def __init__(
        self,
        projects: NamedProjects,
        fields: CustomFields,
        portfolio: PortfolioExecutor,
        routes: Sequence[ProjectRoute],
        *,
        by_name: bool,
    ) -> None:
        """`by_name`: Asana projects that are named after a project of Visma belong to it."""
        self._projects = projects
        self._fields = fields
        self._portfolio = portfolio
        self._routes = routes
        self._by_name = by_name

    def write(self, numbered: Iterable[Numbered]) -> None:
        """Brings the Asana projects up to date."""
        known = self._projects.by_gid()
        for gid, numbers in self._together(numbered).items():
            project = known.get(gid)
            if project is None or any(each is None for each in numbers):
                # Without the numbers of one of its projects no sum is right.
                continue
            total = reduce(add, (each for each in numbers if each is not None))
            wanted = self._fields.settle(total.fields, "", project.values)
            differing = {
                name: (project.values.get(name), value)
                for name, value in wanted.items()
                if not same(project.values.get(name), value)
            }
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
    """Where no portfolio is named."""

    def write(self, numbered: Iterable[Numbered]) -> None:
        """Nothing."""
