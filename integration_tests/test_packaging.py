"""What a release promises about its own files: one version, one set of pins, complete metadata."""

import hashlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from airbyte_cdk.models.connector_metadata import ConnectorLanguage, MetadataFile
from airbyte_cdk.sources.declarative.parsers.custom_code_compiler import register_components_module_from_string

ROOT = Path(__file__).parents[1]
CONNECTORS = ["source-visma", "destination-asana"]
# What the registry's metadata model marks as required.
REQUIRED = ["name", "definitionId", "connectorType", "connectorSubtype", "dockerRepository", "dockerImageTag"]
REQUIRED += ["license", "documentationUrl", "githubIssueLabel", "releaseStage"]


@pytest.fixture(params=CONNECTORS)
def connector(request):
    return ROOT / request.param


def metadata(connector):
    return yaml.safe_load((connector / "metadata.yaml").read_text())["data"]


def pins(lock):
    return set(re.findall(r"^([\w.-]+==\S+)", lock.read_text(), re.M))


def test_one_version(connector):
    version = tomllib.loads((connector / "pyproject.toml").read_text())["project"]["version"]
    assert metadata(connector)["dockerImageTag"] == version
    assert f"io.airbyte.version={version}\n" in (connector / "Dockerfile").read_text()
    assert re.search(rf"^## {re.escape(version)}\b", (ROOT / "CHANGELOG.md").read_text(), re.M)
    assert set(re.findall(r"\$c:([\d.]+\d)", (ROOT / "docs/airbyte.md").read_text())) == {version}
    assert set(re.findall(r"\$image:([\d.]+\d)", (ROOT / "docs/standalone.md").read_text())) == {version}
    assert f'\nVERSION = "{version}"' in (ROOT / "standalone/sync.py").read_text()


def test_metadata_is_complete(connector):
    data = metadata(connector)
    assert [key for key in REQUIRED if not data.get(key)] == []
    assert data["connectorType"] == connector.name.split("-")[0]
    assert (connector / data["icon"]).read_text().startswith("<svg")
    assert MetadataFile.from_file(connector / "metadata.yaml").data.language is ConnectorLanguage.PYTHON


def test_the_image_is_built_on_what_the_metadata_names(connector):
    base = MetadataFile.from_file(connector / "metadata.yaml").data.connectorBuildOptions.baseImage
    assert f"ARG BASE_IMAGE={base}\n" in (connector / "Dockerfile").read_text()


def test_definition_ids_differ():
    assert len({metadata(ROOT / name)["definitionId"] for name in CONNECTORS}) == len(CONNECTORS)


def test_connectors_share_their_pins_so_that_images_share_their_layer():
    assert len({(ROOT / name / "requirements.lock").read_text() for name in CONNECTORS}) == 1


def test_tools_use_the_connectors_versions():
    def versions(lock):
        return dict(pin.split("==") for pin in pins(lock))

    runtime, tools = (versions(ROOT / d / "requirements.lock") for d in ("source-visma", "integration_tests"))
    assert {name: (runtime[name], tools[name]) for name in runtime.keys() & tools if runtime[name] != tools[name]} == {}


def test_the_one_file_form_has_every_class_the_manifest_names(tmp_path, monkeypatch):
    subprocess.run([sys.executable, ROOT / "source-visma/builder.py", tmp_path], check=True, capture_output=True)
    manifest, code = ((tmp_path / name).read_text("utf-8") for name in ("manifest.yaml", "components.py"))
    for name in ("components", "source_declarative_manifest.components"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    module = register_components_module_from_string(code, {"md5": hashlib.md5(code.encode()).hexdigest()})
    named = set(re.findall(r"class_name: source_declarative_manifest\.components\.(\w+)", manifest))
    assert {name for name in named if hasattr(module, name)} == named >= {"PagesRetriever", "VismaRequester"}
    assert "import source_visma" not in code
    assert "from source_visma" not in code


def test_no_file_names_a_package_registry():
    hosts = "|".join(["py" + r"pi\.org", "python" + "hosted", "npm" + r"js\.(org|com)"])
    found = subprocess.run(["git", "grep", "-lIE", hosts], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout) == (1, "")
