"""Airbyte's own standard tests, run on source-visma against the sandbox, in both of the ways the connector can be run.

The image tests among them belong to test_images.py.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from types import ModuleType

import pytest
from airbyte_cdk.test.models import ConnectorTestScenario
from airbyte_cdk.test.standard_tests import DeclarativeSourceTestSuite, SourceTestSuiteBase
from source_visma.source import SourceVisma

from .sandbox.harness import VismaSandbox

pytest_plugins = ["airbyte_cdk.test.standard_tests.pytest_hooks", "integration_tests.sandbox.visma.testing"]

SOURCE = Path(__file__).resolve().parents[1] / "source-visma"
# The suites look here for their configurations. Several of them run at a time, each with another sandbox.
FOLDER = tempfile.TemporaryDirectory(prefix="visma-standard-")
ROOT = Path(FOLDER.name) / "source-visma"
ONE_FILE = Path(FOLDER.name) / "one-file"
shutil.copytree(SOURCE, ROOT, ignore=lambda folder, names: {*names} - {"acceptance-test-config.yml", "metadata.yaml"})

IMAGE_TESTS = [name for name in dir(SourceTestSuiteBase) if name.startswith("test_docker")]


@pytest.fixture(scope="module", autouse=True)
def configurations(visma_server: VismaSandbox) -> None:
    """The files that acceptance-test-config.yml names."""
    visma_server.reset()
    secrets = ROOT / "secrets"
    secrets.mkdir(exist_ok=True)
    for name, change in {
        "config": {},
        "config_wrong_secret": {"client_secret": "not-the-one"},
        "config_wrong_company": {"company_id": "999"},
    }.items():
        (secrets / f"{name}.json").write_text(json.dumps(visma_server.config | change), "utf-8")


class TestPackage(SourceTestSuiteBase):
    """The package, as its console script and image run it."""

    @classmethod
    def get_connector_root_dir(cls) -> Path:
        return ROOT

    @classmethod
    def create_connector(cls, scenario: ConnectorTestScenario | None) -> SourceVisma:
        given = scenario or ConnectorTestScenario()
        return SourceVisma(config=given.get_config_dict(empty_if_missing=True, connector_root=ROOT))


@pytest.fixture(scope="module", autouse=True)
def one_file() -> None:
    """What `make builder` writes."""
    subprocess.run([sys.executable, SOURCE / "builder.py", ONE_FILE], check=True, capture_output=True)


class TestOneFile(DeclarativeSourceTestSuite):
    """manifest.yaml and one components.py, as the Connector Builder and source-declarative-manifest run them."""

    manifest_yaml_path = ONE_FILE / "manifest.yaml"
    components_py_path = ONE_FILE / "components.py"

    @classmethod
    def get_connector_root_dir(cls) -> Path:
        return ROOT

    @pytest.fixture(autouse=True)
    def injected(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Custom code that comes with a configuration has to be allowed, and registers itself under these names."""
        monkeypatch.setenv("AIRBYTE_ENABLE_UNSAFE_CODE", "true")
        for name in ("components", "source_declarative_manifest.components"):
            monkeypatch.setitem(sys.modules, name, ModuleType(name))


for suite in (TestPackage, TestOneFile):
    for test in IMAGE_TESTS:
        setattr(suite, test, None)
