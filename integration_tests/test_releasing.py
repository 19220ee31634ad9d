"""What a release is made of, as far as it can be seen without making one: one version, notes, workflows, metadata."""

from __future__ import annotations

import importlib.util
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from releasing import PROJECTS, ROOT, images, notes, version

CONNECTORS = PROJECTS[:2]
GITHUB = ROOT / ".github"


def schema(package: str, path: str) -> dict[str, Any]:
    """A schema that a package holds as a file. The package itself is not imported."""
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    found: dict[str, Any] = json.loads((Path(spec.origin).parent / path).read_text())
    return found


def test_each_place_names_the_one_version() -> None:
    for place, found in version.mentions().items():
        assert found == {version.current()}, place


def test_a_new_version_reaches_each_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in version.PLACES:
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text((ROOT / place).read_text())
    monkeypatch.setattr(version, "ROOT", tmp_path)
    version.change("7.8.9")
    assert version.mentions() == {place: {"7.8.9"} for place in version.PLACES}
    assert version.current() == "7.8.9"
    with pytest.raises(ValueError, match="MAJOR"):
        version.change("7.8")
    assert version.current() == "7.8.9"


def test_notes_are_the_part_of_the_change_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "CHANGELOG.md").write_text(
        "# Changes\n\n## 1.2.10\n\nTen.\n\n## 1.2.1 (2026-03-04)\n\n### Added\n\n- One.\n\n## 1.2.0\n"
    )
    monkeypatch.setattr(notes, "ROOT", tmp_path)
    assert notes.notes("1.2.1") == "### Added\n\n- One.\n"
    assert notes.notes("1.2.10") == "Ten.\n"
    for missing in ("1.2.0", "1.2", "9.9.9"):
        with pytest.raises(LookupError, match="Rename"):
            notes.notes(missing)


@pytest.mark.parametrize("name", [*PROJECTS, images.SYNC])
def test_an_image_says_what_it_is(name: str) -> None:
    labels = images.labels(name)
    assert labels["org.opencontainers.image.version"] == version.current()
    assert labels["org.opencontainers.image.licenses"] == "MIT"
    assert labels["org.opencontainers.image.title"]
    assert labels["org.opencontainers.image.documentation"].endswith(
        "/deploy/README.md" if name == images.SYNC else f"/{name}/README.md"
    )
    created = labels.get("org.opencontainers.image.created", "2026-01-01T00:00:00Z")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", created)


# --- Airbyte's metadata ----------------------------------------------------------------------------------------------


def metadata(connector: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / connector / "metadata.yaml").read_text())
    return found


def metadata_schema() -> Any:
    """Airbyte's schema of metadata.yaml. The parts that it was bundled from keep their own addresses, from which its
    references, which are relative to the whole, would not be found."""

    def without_addresses(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: without_addresses(value) for key, value in part.items() if key != "$id"}
        return [without_addresses(item) for item in part] if isinstance(part, list) else part

    return without_addresses(schema("airbyte_connector_models", "metadata/v0/ConnectorMetadataDefinitionV0.json"))


@pytest.mark.parametrize("connector", CONNECTORS)
def test_metadata_is_valid_by_airbytes_schema(connector: str) -> None:
    definition = metadata_schema()
    jsonschema.Draft7Validator(definition).validate(metadata(connector))


def test_a_wrong_key_of_metadata_is_found() -> None:
    definition = metadata_schema()
    wrong = metadata("source-visma")
    wrong["data"]["documentationURL"] = wrong["data"].pop("documentationUrl")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(definition).validate(wrong)


@pytest.mark.parametrize("connector", CONNECTORS)
def test_a_connector_keeps_the_rules_of_airbytes_quality_checks(connector: str) -> None:
    """Those that can be checked without a network: icon, tags, licence, version, package, addresses."""
    data = metadata(connector)["data"]
    icon = ET.parse(ROOT / connector / "icon.svg").getroot()
    box = str(icon.get("viewBox")).split()[2:]
    assert len(box) == 2
    assert box[0] == box[1]
    assert {tag.partition(":")[0] for tag in data["tags"]} >= {"language", "cdk"}
    project = (ROOT / connector / "pyproject.toml").read_text()
    assert data["license"] == "MIT"
    assert 'license = "MIT"' in project
    assert re.fullmatch(r"\d+\.\d+\.\d+", data["dockerImageTag"])
    assert data["dockerImageTag"] == version.current()
    assert data["connectorType"] == connector.partition("-")[0]
    assert f'name = "{data["remoteRegistries"]["pypi"]["packageName"]}"' in project
    package = ROOT / connector / connector.replace("-", "_")
    for path in [ROOT / connector / "metadata.yaml", *package.rglob("*.yaml"), *package.rglob("*.json")]:
        plain = set(re.findall(r"http://[^\s\"'<>)]+", path.read_text()))
        assert {address for address in plain if not re.match(r"http://(localhost|json-schema\.org)", address)} == set()


def test_the_packages_have_the_names_that_airbyte_users_look_for() -> None:
    assert metadata("source-visma")["data"]["remoteRegistries"]["pypi"]["packageName"] == "airbyte-source-visma-net"
    assert (
        metadata("destination-asana")["data"]["remoteRegistries"]["pypi"]["packageName"]
        == "airbyte-destination-asana-finance"
    )


# --- GitHub ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "name"),
    [
        *((p, "github-workflows") for p in sorted((GITHUB / "workflows").glob("*.yml"))),
        *((p, "github-issue-forms") for p in sorted((GITHUB / "ISSUE_TEMPLATE").glob("[!c]*.yml"))),
        (GITHUB / "ISSUE_TEMPLATE" / "config.yml", "github-issue-config"),
        (GITHUB / "dependabot.yml", "dependabot"),
    ],
    ids=lambda value: value.stem if isinstance(value, Path) else "",
)
def test_a_file_of_github_is_valid(path: Path, name: str) -> None:
    definition = schema("check_jsonschema", f"builtin_schemas/vendor/{name}.json")
    # YAML 1.1 reads the key `on` as true.
    content = {("on" if key is True else key): value for key, value in yaml.safe_load(path.read_text()).items()}
    jsonschema.Draft7Validator(definition).validate(content)


def test_a_misspelt_workflow_is_found() -> None:
    definition = schema("check_jsonschema", "builtin_schemas/vendor/github-workflows.json")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(definition).validate(
            {"on": "push", "jobs": {"test": {"runs-on": "ubuntu-latest", "stepps": []}}}
        )


def test_workflows_run_only_what_the_makefile_offers() -> None:
    """So that a machine without GitHub runs the same."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    used = set()
    for path in (GITHUB / "workflows").glob("*.yml"):
        for job in yaml.safe_load(path.read_text())["jobs"].values():
            for step in job["steps"]:
                used |= set(re.findall(r"\bmake (?:-s )?([a-z-]+)", step.get("run", "")))
                assert ("uses" in step) != ("run" in step)
                assert not re.search(r"\bpytest|\bpip\b|docker build|uv ", step.get("run", "")), step
    assert {"test", "lint", "images", "test-images", "test-release", "release", "lock"} <= used
    assert used <= targets
