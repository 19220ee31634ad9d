"""Airbyte's own standard tests for destinations (spec and check), run on destination-asana against the sandbox.

The image tests among them belong to test_images.py.
"""

import json
import shutil
import tempfile
from pathlib import Path

import pytest
from airbyte_cdk.test.models import ConnectorTestScenario
from airbyte_cdk.test.standard_tests import DestinationTestSuiteBase
from destination_asana.destination import DestinationAsana

from integration_tests.sandbox.harness import OAUTH, AsanaSandbox

pytest_plugins = ["airbyte_cdk.test.standard_tests.pytest_hooks"]

CONNECTOR = Path(__file__).resolve().parents[1] / "destination-asana"
# The suite looks here for its configurations. Several of them run at a time, each with another sandbox.
FOLDER = tempfile.TemporaryDirectory(prefix="asana-standard-")
ROOT = Path(FOLDER.name) / "destination-asana"
shutil.copytree(
    CONNECTOR, ROOT, ignore=lambda folder, names: {*names} - {"acceptance-test-config.yml", "metadata.yaml"}
)
EVERYTHING = {
    "streams": [
        {
            "name": "purchase_orders",
            "write_as": {"type": "task", "project_gid": AsanaSandbox.PROJECT},
            "line_items": "none",
        },
        {"name": "suppliers", "write_as": {"type": "enum_options", "custom_field": "Our suppliers"}},
        {"name": "branches", "write_as": {"type": "ignore"}},
    ],
    "line_items": "description",
    "supplier_mapping": [{"supplier": "Nordic *", "assignee": "kari.nordmann@nordlys.example"}],
    "complete_when_closed": False,
    "section_by_status": True,
    "change_comments": True,
    "mark_missing": True,
    "on_record_error": "quarantine",
    "dry_run": True,
}


@pytest.fixture(scope="module", autouse=True)
def configurations(destination_server: AsanaSandbox) -> None:
    """The files that acceptance-test-config.yml names."""
    destination_server.reset()
    wrong = {"auth_type": "personal_access_token", "personal_access_token": "not-the-one"}
    secrets = ROOT / "secrets"
    secrets.mkdir(exist_ok=True)
    for name, change in {
        "config": {},
        "config_oauth": {"credentials": OAUTH},
        "config_everything": EVERYTHING,
        "config_wrong_token": {"credentials": wrong},
        "config_wrong_project": {"project_gid": "999"},
    }.items():
        (secrets / f"{name}.json").write_text(json.dumps(destination_server.config | change), "utf-8")


class TestDestination(DestinationTestSuiteBase):
    """The package, as its console script and image run it."""

    @classmethod
    def get_connector_root_dir(cls) -> Path:
        return ROOT

    @classmethod
    def create_connector(cls, scenario: ConnectorTestScenario | None) -> DestinationAsana:
        return DestinationAsana()


for name in dir(DestinationTestSuiteBase):
    if name.startswith("test_docker"):
        setattr(TestDestination, name, None)
