"""Which Asana projects a document belongs to, beside the register, and the moves when its routes change. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from destination_asana.documents import Pattern, Subject, normal

# Asana's limit of projects for one task.
MOST = 20


@dataclass(frozen=True, slots=True)
class ProjectRoute:
    """One entry of `project_routes`."""

    by: str
    value: str
    project_gid: str
    section: str | None = None

    def __str__(self) -> str:
        return f"project_routes, entry {self.by} “{self.value}”"


@dataclass(frozen=True, slots=True)
class Membership:
    """A project that a task belongs to, and the section it goes to when it is added."""

    project_gid: str
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """The projects a document should belong to, the register first. `left_out` are those beyond Asana's limit."""

    memberships: tuple[Membership, ...]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remembered:
    """A task's memory of its routes: the projects they named when it was last written (`wanted`), and those of them that
    the sync added the task to (`put`).

    The memory is written before the moves. `later` are projects of `put` that the task was to join then, `removed` those it
    was to leave.
    """

    wanted: frozenset[str] = field(default_factory=frozenset)
    put: frozenset[str] = field(default_factory=frozenset)
    later: frozenset[str] = field(default_factory=frozenset)
    removed: frozenset[str] = field(default_factory=frozenset)

    def seen(self, present: Collection[str]) -> Remembered:
        """The memory of a task that belongs to the projects `present`: those it was to leave and has not left are still
        its own; `later` are those it has not joined, or has left again."""
        still = self.removed & frozenset(present)
        return Remembered(self.wanted | still, self.put | still, self.later - frozenset(present))


@dataclass(frozen=True, slots=True)
class Moves:
    """The projects to join and to leave, those left out for lack of room, and the memory to write after the moves."""

    join: tuple[Membership, ...]
    leave: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    remembered: Remembered = field(default_factory=Remembered)

    def __bool__(self) -> bool:
        return bool(self.join or self.leave)

    def held_against(self, present: Collection[str]) -> Moves:
        """The moves still to make, now that the task belongs to the projects `present`. If somebody else has meanwhile added
        it to a project, the memory counts that project as theirs."""
        theirs = {each.project_gid for each in self.join} & set(present)
        return replace(
            self,
            join=tuple(each for each in self.join if each.project_gid not in theirs),
            leave=tuple(gid for gid in self.leave if gid in present),
            remembered=replace(self.remembered, put=self.remembered.put - theirs),
        )

    def without(self, refused: Collection[str]) -> Moves:
        """The moves without those that Asana refused. They are tried again when the document next comes."""
        joined = {each.project_gid for each in self.join} & set(refused)
        left = frozenset(self.leave) & frozenset(refused)
        return replace(
            self,
            join=tuple(each for each in self.join if each.project_gid not in joined),
            leave=tuple(gid for gid in self.leave if gid not in left),
            remembered=Remembered((self.remembered.wanted - joined) | left, (self.remembered.put - joined) | left),
        )


def fits(value: str, code: str | None, name: str | None) -> bool:
    """Whether a code or a name equals the value or matches its pattern (`*` any text, `?` one character), ignoring case."""
    pattern = _pattern(value)
    return any(pattern.fits(text) for text in (code, name) if text)


@cache
def _pattern(value: str) -> Pattern:
    """One per value of the settings: each is held against every document."""
    return Pattern(value)


def names_project(asana_name: str, project_id: str) -> bool:
    """Whether an Asana project is named after a Visma project: `P1001`, `P1001 Website`, `P1001: …`, `[P1001] …`."""
    name, wanted = normal(asana_name), normal(project_id)
    forms = (wanted, f"{wanted}:", f"[{wanted}]")
    return bool(wanted) and any(name == form or name.startswith(f"{form} ") for form in forms)


def is_of_project(asana_name: str, option: str) -> bool:
    """Whether an Asana project is named after a Visma project, of which only the `option` of the field `Visma projects` is
    known: the ID and the description."""
    words = option.split()
    return any(names_project(asana_name, " ".join(words[:count])) for count in range(1, len(words) + 1))


def wanted_by(subject: Subject, routes: Iterable[ProjectRoute], by_name: Mapping[str, str], register: str) -> Wanted:
    """The projects a document should belong to. `by_name` maps the gid of each active, editable Asana project to its name;
    it is empty if the settings do not route by name."""
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
    """The moves that these routes require of a task that belongs to the projects `present`.

    As long as the routes name the same projects, people's own moves stay. The task leaves a project that no route names any
    more only if the sync had added it there; it never leaves the register.
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
    """Each project once, with its first entry."""
    first: dict[str, Membership] = {}
    for each in memberships:
        first.setdefault(each.project_gid, each)
    return tuple(first.values())
