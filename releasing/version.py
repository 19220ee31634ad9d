"""The version, which all parts of the pair share: `python -m releasing.version` prints it, with an argument it sets it."""

import re
import sys
import tomllib

from releasing import PROJECTS, ROOT

# The files that name the version for whoever installs or runs the pair. What tells of the past is not among them.
PLACES = (
    *(f"{project}/pyproject.toml" for project in PROJECTS),
    "source-visma/Dockerfile",
    "source-visma/metadata.yaml",
    "destination-asana/Dockerfile",
    "destination-asana/metadata.yaml",
    "standalone/sync.py",
    "docs/airbyte.md",
    "docs/standalone.md",
    "deploy/airbyte/connection.json",
    "deploy/airbyte/terraform/variables.tf",
    "deploy/orchestrators/airflow_docker.py",
    "deploy/orchestrators/prefect_flow.py",
    "deploy/kubernetes/sync/cronjob.yaml",
    "deploy/kubernetes/listener/deployment.yaml",
    "deploy/kubernetes/overlays/example/kustomization.yaml",
)
# As these files write it: version = "1.2.3", io.airbyte.version=1.2.3, dockerImageTag: 1.2.3, an image's tag, a default.
MENTION = re.compile(
    r'((?:\b(?:version|VERSION|default) += "|io\.airbyte\.version=|Tag: |image_tag": "|(?<=[\w}]):))(\d+\.\d+\.\d+)\b'
)


def current() -> str:
    """The version of the pair, as the source's pyproject.toml has it."""
    return str(tomllib.loads((ROOT / PROJECTS[0] / "pyproject.toml").read_text())["project"]["version"])


def mentions() -> dict[str, set[str]]:
    """Which versions each of the places names. A release needs exactly one, the same everywhere."""
    return {place: {found for _, found in MENTION.findall((ROOT / place).read_text())} for place in PLACES}


def change(new: str) -> None:
    """Writes the new version to all places.

    Raises ValueError for one that is not MAJOR.MINOR.PATCH.
    """
    if not re.fullmatch(r"\d+\.\d+\.\d+", new):
        raise ValueError(f"{new!r} is no version: MAJOR.MINOR.PATCH is expected, as in 1.4.0")
    for place in PLACES:
        path = ROOT / place
        path.write_text(MENTION.sub(lambda match: match[1] + new, path.read_text()))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        try:
            change(sys.argv[1])
        except ValueError as error:
            sys.exit(str(error))
    print(current())
