"""A mutation pass over the pure rooms of destination-asana: small faults that the unit tests must notice.

mutmut puts one fault at a time into a copy of `documents` and `planning` and runs the unit tests that reach it. A fault
that no test notices survives. Survivors that change nothing anybody could see are listed in mutants_accepted.txt, each
with the reason; any other is printed and fails the pass. Runs in .venv-mutants, see `make mutants`.
"""

import argparse
import ast
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

CONNECTOR = Path(__file__).parents[1] / "destination-asana"
PACKAGE = CONNECTOR / "destination_asana"
ROOMS = ("documents", "planning")
ACCEPTED = Path(__file__).with_name("mutants_accepted.txt")
MUTMUT = str(Path(sys.executable).with_name("mutmut"))
# Added to the conftest: few examples, and the same ones for every fault, so that two passes agree.
EXAMPLES = """
from hypothesis import settings

settings.register_profile("mutants", max_examples=10, derandomize=True, database=None, deadline=None)
settings.load_profile("mutants")
"""
# mutmut passes over methods below `@property`, but not over those that become properties behind their definition.
PROPERTY = re.compile(r"^    @property\n(    def (\w+)\(self\).*\n(?:        .*\n|\n(?=        ))+)", re.MULTILINE)
SETTINGS = """[mutmut]
source_paths=destination_asana
only_mutate=
    {files}
also_copy=
    unit_tests
pytest_add_cli_args_test_selection=
    unit_tests
pytest_add_cli_args=
    -p
    no:cacheprovider
use_git_change_detection=false
"""


def modules(wanted: str | None) -> list[Path]:
    """The modules of the pure rooms and of their inner rooms, or the one that is wanted (`documents/currency`)."""
    every = sorted(path for room in ROOMS for path in (PACKAGE / room).rglob("*.py"))
    if not wanted:
        return every
    path = (PACKAGE / wanted.removesuffix(".py")).with_suffix(".py")
    if path not in every:
        sys.exit(
            f"{wanted} is no module of {' or '.join(ROOMS)}. Name one as documents/currency or planning/money/order_sums."
        )
    return [path]


def functions(path: Path) -> Iterator[str]:
    """Patterns for the faults of each function and method of a module, as mutmut names them."""
    module = ".".join(path.relative_to(CONNECTOR).with_suffix("").parts)
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef):
            yield f"{module}.x_{node.name}__mutmut_*"
        elif isinstance(node, ast.ClassDef):
            methods = (each for each in node.body if isinstance(each, ast.FunctionDef))
            yield from (f"{module}.xǁ{node.name}ǁ{method.name}__mutmut_*" for method in methods)


def pure(test: Path) -> bool:
    """Whether a test module imports nothing of ours but the pure rooms."""
    imported = re.findall(r"^(?:from|import) destination_asana\.(\w+)", test.read_text(), re.MULTILINE)
    return bool(imported) and set(imported) <= set(ROOMS)


def lay_out(folder: Path, mutated: list[Path]) -> None:
    """Copies what the pass needs: the source tree itself is never touched."""
    for room in ROOMS:
        shutil.copytree(PACKAGE / room, folder / PACKAGE.name / room, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("__init__.py", "errors.py"):
        shutil.copy(PACKAGE / name, folder / PACKAGE.name)
    for path in mutated:
        copy = folder / path.relative_to(CONNECTOR)
        copy.write_text(PROPERTY.sub(r"\1    \2 = property(\2)\n", copy.read_text()))
    (folder / "unit_tests").mkdir()
    tests = CONNECTOR / "unit_tests"
    for path in [tests / "conftest.py", *(test for test in tests.glob("test_*.py") if pure(test))]:
        shutil.copy(path, folder / "unit_tests")
    with (folder / "unit_tests/conftest.py").open("a") as conftest:
        conftest.write(EXAMPLES)
    files = "\n    ".join(str(path.relative_to(CONNECTOR)) for path in mutated)
    (folder / "setup.cfg").write_text(SETTINGS.format(files=files))


def mutmut(folder: Path, *arguments: str) -> str:
    done = subprocess.run([MUTMUT, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    if "could not find any test case" in done.stdout:
        sys.exit("No unit test that imports the pure rooms alone reaches these functions.")
    if done.returncode:
        sys.exit(f"mutmut {arguments[0]} ended with {done.returncode}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done.stdout


def described(folder: Path, name: str) -> str:
    """A fault in one line, which does not change with its number: module, function, line before and after."""
    diff = mutmut(folder, "show", name).splitlines()
    changed = [line for line in diff if re.match(r"[-+](?![-+]{2} )", line)]
    before = " ".join(line[1:].strip() for line in changed if line[0] == "-")
    after = " ".join(line[1:].strip() for line in changed if line[0] == "+")
    where = re.sub(r"x_|xǁ", "", name.removeprefix("destination_asana.").rpartition("__mutmut_")[0], count=1)
    return f"{where.replace('ǁ', '.')}: {before} → {after}"


def accepted() -> set[str]:
    """The listed survivors; lines that begin with # are reasons."""
    lines = ACCEPTED.read_text().splitlines() if ACCEPTED.exists() else []
    return {line for line in lines if line and not line.startswith("#")}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--module", help="one module, such as documents/currency; default: a sample of all")
    parser.add_argument(
        "--sample", type=int, default=12, help="how many functions the sample has (default: %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=1, help="which sample (default: %(default)s)")
    arguments = parser.parse_args()
    chosen = modules(arguments.module)
    patterns = [pattern for path in chosen for pattern in functions(path)]
    if not patterns:
        print(f"{arguments.module} has no function to put faults into.")
        return 0
    if not arguments.module:
        patterns = sorted(random.Random(arguments.seed).sample(patterns, min(arguments.sample, len(patterns))))
        chosen = [path for path in chosen if set(functions(path)) & set(patterns)]
    with tempfile.TemporaryDirectory(prefix="mutants-") as name:
        folder = Path(name)
        lay_out(folder, chosen)
        # All files are read by mutmut's own names; patterns of functions without any fault would stop it.
        mutmut(folder, "run", "--max-children", "2", *(patterns if not arguments.module else ()))
        results = [line.strip().rpartition(": ") for line in mutmut(folder, "results", "--all", "true").splitlines()]
        counts = {verdict: sum(result[2] == verdict for result in results) for verdict in {r[2] for r in results}}
        survivors = [described(folder, result[0]) for result in results if result[2] in ("survived", "no tests")]
    counts.pop("not checked", None)
    print(", ".join(f"{verdict}: {count}" for verdict, count in sorted(counts.items())))
    new = [survivor for survivor in survivors if survivor not in accepted()]
    print(*new, sep="\n")
    print(f"{len(survivors)} survived, {len(survivors) - len(new)} of them listed in {ACCEPTED.name}.")
    return int(bool(new))


if __name__ == "__main__":
    sys.exit(main())
