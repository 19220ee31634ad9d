"""The parts of a document that decide its routes: projects, cost centres, branches and supplier. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from destination_asana.documents.line_items import LineItem, Option
from destination_asana.documents.reader import Reader
from destination_asana.documents.texts import comparable, one_line

PROJECT, COST_CENTER, BRANCH, SUPPLIER = "project", "cost_center", "branch", "supplier"
# Supplier and customer documents name their branch in the first field, order lines in the second.
_BRANCHES = ("branch", "branchNumber")

# A code and a name.
Named = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class Subject:
    """The values that routes match, as pairs of a code and a name."""

    projects: tuple[Named, ...] = ()
    cost_centers: tuple[Named, ...] = ()
    branches: tuple[Named, ...] = ()
    suppliers: tuple[Named, ...] = ()

    def of(self, by: str) -> tuple[Named, ...]:
        """The values that a route of the kind `by` matches."""
        found = {
            PROJECT: self.projects,
            COST_CENTER: self.cost_centers,
            BRANCH: self.branches,
            SUPPLIER: self.suppliers,
        }
        return found.get(by, ())

    @property
    def project_options(self) -> tuple[Option, ...]:
        """The projects as options of the field `Visma projects`."""
        return tuple(Option(code, name) for code, name in self.projects if code)

    def without_project(self, code: str) -> Subject:
        """The same subject without the project of this code."""
        kept = tuple(each for each in self.projects if project_key(each[0]) != project_key(code))
        return replace(self, projects=kept)


def subject_of(
    header: Reader, lines: Iterable[Reader], items: Iterable[LineItem], supplier: Reader | None = None
) -> Subject:
    """The subject of a document from its header and `lines`. `items` are the same lines as line items; `supplier` is None for
    customer documents."""
    parts = [header, *lines]
    # On customer documents the header names the project, and the lines do not.
    projects = [_named(part, "project", ("id",), "description") for part in parts]
    branches = [_named(part, name, ("number", "id"), "name") for part in parts for name in _BRANCHES]
    cost_centers = [(option.code, option.description) for item in items for option in item.cost_centers]
    suppliers = [] if supplier is None else [(supplier.text("number"), supplier.text("name"))]
    return Subject(
        projects=_distinct(each for each in projects if each[0]),
        cost_centers=tuple(dict.fromkeys(cost_centers)),
        branches=tuple(dict.fromkeys(each for each in branches if any(each))),
        suppliers=tuple(each for each in suppliers if any(each)),
    )


def project_key(project_id: str | None) -> str:
    """A project ID in the form used for comparison: Visma pads it and ignores case."""
    return comparable(project_id)


def _named(part: Reader, name: str, codes: tuple[str, ...], description: str) -> Named:
    """The code and name of a nested object. A record with mapped fields may hold the bare code instead."""
    if isinstance(part.raw(name), (str, int)) and not isinstance(part.raw(name), bool):
        return one_line(part.text(name)), None
    found = part.object(name)
    code = next((text for each in codes if (text := found.text(each))), None)
    return one_line(code), one_line(found.text(description))


def _distinct(projects: Iterable[Named]) -> tuple[Named, ...]:
    """Each project once, with its description if any line has one."""
    found: dict[str, Named] = {}
    for code, name in projects:
        known = found.get(project_key(code))
        if known is None or (known[1] is None and name is not None):
            found[project_key(code)] = (known[0] if known else code, name)
    return tuple(found.values())
