"""Builds the images with the labels of the Open Container Initiative, and tags them.

    python -m releasing.images [--only NAME …] [--registry registry.example.com/data [--push]]

Each is tagged `visma-asana/NAME:VERSION` and `visma-asana/NAME:dev`, with --registry also `REGISTRY/NAME:VERSION`.
Needs only Python's standard library and a Docker engine."""

import argparse
import subprocess
import sys
import tomllib
from datetime import UTC, datetime

from releasing import PROJECTS, ROOT
from releasing.version import current

# The image of the standalone sync is built from the repository's root.
SYNC = "sync"
SYNC_TITLE = "Visma.net to Asana: both connectors and the script that runs them"
HOME = "https://github.com/visma-asana/visma-asana"


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603, S607
    return done.stdout.strip() if done.returncode == 0 else ""


def labels(name: str) -> dict[str, str]:
    """The labels of an image. Revision and time are those of the commit, and are left out where there is no repository."""
    title = SYNC_TITLE
    if name != SYNC:
        title = tomllib.loads((ROOT / name / "pyproject.toml").read_text())["project"]["description"]
    found = {
        "title": title,
        "version": current(),
        "licenses": "MIT",
        "source": HOME,
        "documentation": f"{HOME}/blob/main/{'deploy' if name == SYNC else name}/README.md",
        "revision": _git("rev-parse", "HEAD"),
    }
    if moment := _git("log", "-1", "--format=%ct"):
        found["created"] = datetime.fromtimestamp(int(moment), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {f"org.opencontainers.image.{key}": value for key, value in found.items() if value}


def build(name: str, registry: str | None = None) -> list[str]:
    """Builds one image. Returns its tags.

    Raises CalledProcessError when the engine refuses; it has then said why on standard error.
    """
    version = current()
    tags = [f"visma-asana/{name}:{version}", f"visma-asana/{name}:dev"]
    if registry:
        tags.append(f"{registry}/{name}:{version}")
    place = ["-f", "standalone/Dockerfile", "."] if name == SYNC else [name]
    options = [word for key, value in labels(name).items() for word in ("--label", f"{key}={value}")]
    options += [word for tag in tags for word in ("-t", tag)]
    subprocess.run(["docker", "build", "-q", *options, *place], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603, S607
    return tags


def main() -> int:
    """Builds what the arguments ask for. Returns the exit status."""
    parser = argparse.ArgumentParser(description="Builds, labels and tags the images.")
    parser.add_argument("--only", nargs="+", choices=[*PROJECTS, SYNC], default=list(PROJECTS), metavar="NAME")
    parser.add_argument("--registry", help="also tag for this registry, as registry.example.com/data")
    parser.add_argument("--push", action="store_true", help="push the registry's tag")
    arguments = parser.parse_args()
    if arguments.push and not arguments.registry:
        parser.error("--push needs --registry")
    for name in arguments.only:
        try:
            tags = build(name, arguments.registry)
            print(tags[0], flush=True)
            if arguments.push:
                subprocess.run(["docker", "push", "-q", tags[-1]], check=True)  # noqa: S603, S607
        except FileNotFoundError:
            print("docker is not installed, or not in PATH.", file=sys.stderr)
            return 1
        except subprocess.CalledProcessError as error:
            print(f"{name}: docker {error.cmd[1]} ended with status {error.returncode}.", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
