"""The doors of the rooms: how a module may import others of the package, read from its source."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import destination_asana

PACKAGE = Path(destination_asana.__file__).parent
NAME = PACKAGE.name

# Modules that others import by name, because their names are understood only together with the module's: `names.AMOUNT`,
# `statuses.ends`, `heartbeat.Connection`.
BY_NAME = {f"{NAME}.documents.fields", f"{NAME}.documents.statuses", f"{NAME}.planning.heartbeat"}
# The console script loads the rest in its own way, so that the process starts sooner.
LATER = {f"{NAME}.run"}
# From more modules of the package, a module takes names only for a reason.
MOST_IMPORTS = 8
MORE_IMPORTS = {
    # Recognises, makes and forgets fields under one lock, because each of these changes what the others see.
    f"{NAME}.board.fields.catalog": 11,
    # The loop of create, update and repair: its parts are modules of their own.
    f"{NAME}.writing.tasks.writer": 9,
}


def _modules() -> dict[str, Path]:
    paths = sorted(PACKAGE.rglob("*.py"))
    names = (".".join((NAME, *path.relative_to(PACKAGE).with_suffix("").parts)) for path in paths)
    return {name.removesuffix(".__init__"): path for name, path in zip(names, paths, strict=True)}


MODULES = _modules()


def _is_door(module: str) -> bool:
    return MODULES[module].name == "__init__.py"


def _room(module: str) -> str:
    return module if _is_door(module) else module.rpartition(".")[0]


@cache
def _imports(module: str, *, anywhere: bool = True) -> Mapping[str, list[str]]:
    """The modules of the package that a module imports, each with the names it takes from it."""
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    found: dict[str, list[str]] = defaultdict(list)
    for node in ast.walk(tree) if anywhere else tree.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == NAME:
            for each in node.names:
                whole = f"{node.module}.{each.name}"
                found[whole if whole in MODULES else str(node.module)].append(each.name)
    return dict(found)


def _exports(door: str) -> set[str]:
    tree = ast.parse(MODULES[door].read_text(encoding="utf-8"))
    lists = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "__all__"
    ]
    return set(ast.literal_eval(lists[0])) if lists else set()


def test_a_module_is_imported_by_its_own_room_and_every_other_room_takes_the_door() -> None:
    around = [
        f"{importer} imports {module}, past the door {_room(module)}"
        for importer in MODULES
        for module in _imports(importer)
        if not _is_door(module) and module not in BY_NAME and not f"{_room(importer)}.".startswith(f"{_room(module)}.")
    ]
    assert around == []


def test_the_names_that_a_door_lists_are_those_that_others_may_take() -> None:
    missing = [
        f"{importer} takes {name} from {module}"
        for importer in MODULES
        for module, names in _imports(importer).items()
        if _is_door(module)
        for name in names
        if name not in _exports(module)
    ]
    assert missing == []


def test_a_door_lists_all_that_it_imports() -> None:
    for module in filter(_is_door, MODULES):
        names = {name for taken in _imports(module).values() for name in taken}
        assert names == _exports(module), module


def test_no_module_imports_the_door_of_the_room_it_is_in() -> None:
    """The door imports it, so that would be a circle."""
    circles = [
        f"{importer} imports {module}"
        for importer in MODULES
        for module in _imports(importer)
        if _is_door(module) and module != importer and importer.startswith(f"{module}.")
    ]
    assert circles == []


def test_imports_stand_at_the_top_of_a_module() -> None:
    for module in MODULES.keys() - LATER:
        assert _imports(module) == _imports(module, anywhere=False), module


def test_few_modules_are_enough_for_each() -> None:
    """Doors are left out: they only list what is in their room."""
    numbers = {module: len(_imports(module)) for module in MODULES if not _is_door(module)}
    assert {module: number for module, number in numbers.items() if number > MOST_IMPORTS} == MORE_IMPORTS
