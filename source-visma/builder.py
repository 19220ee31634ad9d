"""Writes the one-file form of the source: manifest.yaml and one components.py, made of the package `components`.

The Connector Builder and Airbyte's source-declarative-manifest image take no package.

    python source-visma/builder.py FOLDER
"""

import ast
import sys
from pathlib import Path

import yaml
from source_visma.field_descriptions import described

SOURCE = Path(__file__).parent / "source_visma"
PACKAGE = "source_visma.components"
HEADER = f"# Made from the package {PACKAGE} by builder.py: change the package, not this file.\n"


def components() -> str:
    """The modules of the package as one, each behind those it imports from. Raises ValueError for what cannot be one."""
    imports: dict[str, str] = {}
    owners: dict[str, str] = {}
    bodies: dict[str, str] = {}

    def take(name: str) -> None:
        text = (SOURCE / "components" / f"{name}.py").read_text("utf-8")
        tree = ast.parse(text)
        bodies[name] = ""
        for node in tree.body:
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{PACKAGE}."):
                needed = str(node.module).removeprefix(f"{PACKAGE}.")
                if any(alias.asname for alias in node.names):
                    raise ValueError(f"{name}.py gives what it takes from {needed}.py another name")
                if needed not in bodies:
                    take(needed)
            elif isinstance(node, ast.Import | ast.ImportFrom):
                for alias in node.names:
                    line = f"from {node.module} import" if isinstance(node, ast.ImportFrom) else "import"
                    own(alias.asname or alias.name, ast.unparse(ast.Import([alias])).replace("import", line, 1))
                    imports[alias.asname or alias.name] = owners[alias.asname or alias.name]
        for made in defined(tree):
            own(made, f"{name}.py")
        bodies[name] = bodies.pop(name) or body_of(text, tree)  # behind what it needs

    def own(name: str, origin: str) -> None:
        if owners.setdefault(name, origin) != origin:
            raise ValueError(f"{name} is two things: {owners[name]} and {origin}")

    take("__init__")
    del bodies["__init__"]
    lines = sorted(imports.values(), key=lambda line: (line.startswith("from"), line))
    return HEADER + "\n".join(lines) + "\n\n\n" + "\n\n\n".join(bodies.values()) + "\n"


def defined(tree: ast.Module) -> list[str]:
    """What a module defines at its top."""
    targets = [target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets]
    made = [node.name for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef)]
    return made + [target.id for target in targets if isinstance(target, ast.Name)]


def body_of(text: str, tree: ast.Module) -> str:
    """What stands behind a module's docstring and imports, as it is written."""
    head = [node.end_lineno or 0 for node in tree.body if isinstance(node, ast.Expr | ast.Import | ast.ImportFrom)]
    return "\n".join(text.splitlines()[max(head) :]).strip()


def manifest() -> str:
    """The manifest as YAML, its schemas with what the fields mean."""
    content = yaml.safe_load((SOURCE / "manifest.yaml").read_text("utf-8"))
    for name in [name for name in content["schemas"] if name != "shared"]:
        content["schemas"][name] = described(name, content["schemas"][name])
    # Parts that several schemas share are written out in each.
    dumper = type("Dumper", (yaml.SafeDumper,), {"ignore_aliases": lambda *_: True})
    text: str = yaml.dump(content, Dumper=dumper, sort_keys=False, allow_unicode=True, width=160)
    return "# Made from the manifest.yaml of the package by builder.py: change that one, not this file.\n" + text


def write(folder: Path) -> None:
    """Both files, into this folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "components.py").write_text(components(), "utf-8")
    (folder / "manifest.yaml").write_text(manifest(), "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
    sys.stdout.write(f"{sys.argv[1]}/manifest.yaml and {sys.argv[1]}/components.py\n")
