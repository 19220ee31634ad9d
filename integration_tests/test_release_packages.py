"""The packages as somebody installs them: each alone, into a fresh environment, and the source by PyAirbyte.

Needs `make wheels` and a package index, since what the packages need is installed with them: `make test-release`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

from releasing import ROOT, version

pytestmark = [pytest.mark.release, pytest.mark.timeout(600)]
UV = Path(sys.executable).with_name("uv")
PACKAGES = {
    "airbyte_source_visma_net": ("source-visma", "source_visma"),
    "airbyte_destination_asana_finance": ("destination-asana", "destination_asana"),
    "visma_asana_webhook_listener": ("webhook-listener", "webhook_listener"),
}


def wheel(package: str) -> Path:
    return ROOT / "dist" / f"{package}-{version.current()}-py3-none-any.whl"


def run(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_holds_its_text_its_licence_and_its_types(package: str) -> None:
    project, module = PACKAGES[package]
    with zipfile.ZipFile(wheel(package)) as content:
        names = set(content.namelist())
        info = f"{package}-{version.current()}.dist-info"
        about = Parser().parsestr(content.read(f"{info}/METADATA").decode())
    assert f"{module}/py.typed" in names
    assert f"{info}/licenses/LICENSE" in names
    assert (about["License-Expression"], about["Version"]) == ("MIT", version.current())
    assert (ROOT / project / "README.md").read_text().strip() in str(about.get_payload())
    assert not [name for name in names if "unit_tests" in name or "__pycache__" in name]


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_alone_gives_a_working_command(package: str, tmp_path: Path) -> None:
    project, _ = PACKAGES[package]
    run(UV, "venv", "-q", "--python", sys.executable, tmp_path / "venv")
    run(UV, "pip", "install", "-q", "--python", tmp_path / "venv" / "bin" / "python", wheel(package))
    command = tmp_path / "venv" / "bin" / project
    if project == "webhook-listener":
        assert "serve" in run(command, "--help")
        return
    (line,) = [json.loads(line) for line in run(command, "spec").splitlines() if '"SPEC"' in line]
    assert line["spec"]["connectionSpecification"]["type"] == "object"


def test_pyairbyte_installs_the_source_by_its_package(tmp_path: Path) -> None:
    program = f"""
import airbyte
from pathlib import Path
source = airbyte.get_source("source-visma", pip_url={str(wheel("airbyte_source_visma_net"))!r}, config={{}}, install_root=Path({str(tmp_path)!r}))
print(sorted(source.config_spec["properties"]))
"""
    environment = os.environ | {
        "AIRBYTE_OFFLINE_MODE": "1",
        "DO_NOT_TRACK": "1",
        "PATH": f"{UV.parent}:{os.environ['PATH']}",
    }
    done = subprocess.run(
        [ROOT / ".venv-engine" / "bin" / "python", "-c", program],
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
        env=environment,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "'client_id', " in done.stdout
