"""Which Asana projects a document stands in, beside the register, and what changes when its routes do. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

# Asana's limit of projects for one task.
MOST = 20
PROJECT, COST_CENTER, BRANCH, SUPPLIER = "project", "cost_center", "branch", "supplier"

Named = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class Route:
    """One entry of `project_routes`."""

    by: str
    value: str
    project_gid: str
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """A project a task stands in, and the section it is put into when it joins."""

    project_gid: str
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What routes look at: pairs of a code and a name. The code for "no project" is not among the projects."""

    projects: tuple[Named, ...] = ()
    cost_centers: tuple[Named, ...] = ()
    branches: tuple[Named, ...] = ()
    suppliers: tuple[Named, ...] = ()

    def of(self, by: str) -> tuple[Named, ...]:
        """The pairs that a kind of route looks at."""
        found = {
            PROJECT: self.projects,
            COST_CENTER: self.cost_centers,
            BRANCH: self.branches,
            SUPPLIER: self.suppliers,
        }
        return found.get(by, ())


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where a document is to stand: the register first. `left_out`: projects beyond Asana's limit."""

    memberships: tuple[Membership, ...]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a task says of its routes: the projects they named when it was last written, and which of them the sync put it
    into."""

    wanted: frozenset[str] = field(default_factory=frozenset)
    put: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Moves:
    """Projects to join and to leave, those that find no room, and what is remembered when all that is done."""

    join: tuple[Membership, ...]
    leave: tuple[str, ...]
    left_out: tuple[str, ...]
    remembered: Remembered


def fits(value: str, code: str | None, name: str | None) -> bool:
    """Whether a code or a name is the value, or fits its pattern (`*` any text, `?` one character), without case."""
    wanted = _compared(value)
    pattern = "".join({"*": ".*", "?": "."}.get(character, re.escape(character)) for character in wanted)
    return any(re.fullmatch(pattern, _compared(text), re.DOTALL) for text in (code, name) if text)


def names_project(asana_name: str, project_id: str) -> bool:
    """Whether an Asana project is named after a project of Visma: `P1001`, `P1001 Website`, `P1001: …`, `[P1001] …`."""
    name, wanted = _compared(asana_name), _compared(project_id)
    forms = (wanted, f"{wanted}:", f"[{wanted}]")
    return bool(wanted) and any(name == form or name.startswith(f"{form} ") for form in forms)


def wanted_by(subject: Subject, routes: Iterable[Route], by_name: Mapping[str, str], register: str) -> Wanted:
    """Where a document is to stand. `by_name` are names of Asana projects by gid, those that are not archived and can be
    written to; empty where projects are not found by name."""
    found = [Membership(register)]
    found += [
        Membership(route.project_gid, route.section)
        for route in routes
        if any(fits(route.value, code, name) for code, name in subject.of(route.by))
    ]
    found += [
        Membership(gid)
        for gid, name in by_name.items()
        if any(code and names_project(name, code) for code, _ in subject.projects)
    ]
    once = _once(found)
    return Wanted(once[:MOST], tuple(each.project_gid for each in once[MOST:]))


def moves(wanted: Wanted, present: Collection[str], remembered: Remembered, register: str) -> Moves:
    """What changes, now that the routes are these and the task stands in the projects `present`.

    As long as the routes name the same projects, what people did stays. A project that no longer fits is left only if the
    sync put the task there; the register never is.
    """
    names = {each.project_gid for each in wanted.memberships} - {register}
    leave = tuple(sorted((remembered.put & set(present)) - names - {register}))
    new = [
        each
        for each in wanted.memberships
        if each.project_gid not in remembered.wanted
        and each.project_gid not in present
        and each.project_gid != register
    ]
    room = max(0, MOST - len(set(present) | {register}) + len(leave))
    join, beyond = tuple(new[:room]), tuple(each.project_gid for each in new[room:])
    done = frozenset(names - set(beyond))
    put = (remembered.put & names) | {each.project_gid for each in join}
    return Moves(join, leave, (*wanted.left_out, *beyond), Remembered(done, frozenset(put)))


def _once(memberships: Sequence[Membership]) -> tuple[Membership, ...]:
    """Each project once, as its first entry has it."""
    first: dict[str, Membership] = {}
    for each in memberships:
        first.setdefault(each.project_gid, each)
    return tuple(first.values())


def _compared(text: str) -> str:
    return " ".join(text.split()).casefold()
