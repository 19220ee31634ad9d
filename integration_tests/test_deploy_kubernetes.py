"""deploy/kubernetes: each manifest is what Kubernetes accepts, with the rights, files and secrets that the images need."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
KUBERNETES = ROOT / "deploy" / "kubernetes"
# Up to 1.28 the schema asks each podFailurePolicy rule for onPodConditions. The newest is what the schemas describe.
VERSIONS = ["1.29", kubernetes_validate.latest_version()]
MANIFESTS = sorted(p for p in KUBERNETES.glob("*/*.yaml") if p.name != "kustomization.yaml")


def documents(text: str) -> list[dict[str, Any]]:
    return [document for document in yaml.safe_load_all(text) if document]


def validate(document: dict[str, Any]) -> None:
    for version in VERSIONS:
        kubernetes_validate.validate(document, version, strict=True)


def pod(name: str) -> dict[str, Any]:
    (document,) = documents((KUBERNETES / name).read_text())
    spec = document["spec"]
    return dict(
        spec["jobTemplate"]["spec"]["template"]["spec"] if document["kind"] == "CronJob" else spec["template"]["spec"]
    )


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_a_manifest_is_valid(path: Path) -> None:
    for document in documents(path.read_text()):
        validate(document)


def test_a_misspelt_key_is_found() -> None:
    (document,) = documents((KUBERNETES / "sync" / "cronjob.yaml").read_text())
    document["spec"]["concurencyPolicy"] = document["spec"].pop("concurrencyPolicy")
    with pytest.raises(kubernetes_validate.ValidationError, match="concurencyPolicy"):
        validate(document)


@pytest.mark.parametrize("name", ["sync/cronjob.yaml", "listener/deployment.yaml"])
def test_a_pod_has_no_rights_that_it_does_not_need(name: str) -> None:
    """What the level `restricted` of Kubernetes' pod security standards asks for, and a read-only root beside it."""
    spec = pod(name)
    assert spec["automountServiceAccountToken"] is False
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["runAsUser"] == 1000
    assert spec["securityContext"]["fsGroup"] == 1000
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    (container,) = spec["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert {mount["mountPath"] for mount in container["volumeMounts"]} == {"/data", "/config", "/tmp"}
    assert container["resources"]["limits"].keys() == {"memory"}
    assert container["resources"]["requests"].keys() == {"cpu", "memory"}
    assert "env" not in container


def test_a_sync_is_never_joined_by_another() -> None:
    (cron,) = documents((KUBERNETES / "sync" / "cronjob.yaml").read_text())
    assert cron["spec"]["concurrencyPolicy"] == "Forbid"
    (deployment,) = documents((KUBERNETES / "listener" / "deployment.yaml").read_text())
    assert (deployment["spec"]["replicas"], deployment["spec"]["strategy"]) == (1, {"type": "Recreate"})


@pytest.mark.parametrize(
    ("file", "original"),
    [
        ("sync/source.json", "standalone/config/source.json"),
        ("sync/destination.json", "standalone/config/destination.json"),
        ("listener/listener.json", "webhook-listener/listener.example.json"),
    ],
)
def test_a_configuration_is_the_one_that_is_tested_elsewhere(file: str, original: str) -> None:
    # A base of kustomize may use no file outside its folder, so these are copies.
    assert json.loads((KUBERNETES / file).read_text()) == json.loads((ROOT / original).read_text())


def test_the_secret_has_every_value_that_the_configurations_need() -> None:
    example = (KUBERNETES / "overlays" / "example" / "visma-asana.env.example").read_text()
    names = set(re.findall(r"^([A-Z_]+)=$", example, re.MULTILINE))
    required = {
        name for path in KUBERNETES.glob("*/*.json") for name in re.findall(r"\$\{([A-Z_]+)(?::-)?\}", path.read_text())
    }
    assert names == required


@pytest.mark.parametrize(
    ("name", "project"),
    [("sync/cronjob.yaml", "destination-asana"), ("listener/deployment.yaml", "webhook-listener")],
)
def test_an_image_is_of_this_release(name: str, project: str) -> None:
    version = tomllib.loads((ROOT / project / "pyproject.toml").read_text())["project"]["version"]
    image = pod(name)["containers"][0]["image"]
    assert image.rpartition(":")[2] == version
    images = documents((KUBERNETES / "overlays" / "example" / "kustomization.yaml").read_text())[0]["images"]
    assert {entry["newTag"] for entry in images if entry["name"] == image.rpartition(":")[0]} == {version}


def test_only_what_asana_and_visma_call_is_public() -> None:
    for path in (KUBERNETES / "listener" / "ingress.yaml", KUBERNETES / "overlays" / "example" / "host.yaml"):
        (ingress,) = documents(path.read_text())
        (rule,) = ingress["spec"]["rules"]
        assert {(entry["path"], entry["pathType"]) for entry in rule["http"]["paths"]} == {
            ("/asana/", "Prefix"),
            ("/visma", "Exact"),
            ("/healthz", "Exact"),
        }


@pytest.mark.skipif(not shutil.which("kubectl"), reason="kubectl, which renders overlays, is not installed")
def test_the_example_renders_to_valid_manifests(tmp_path: Path) -> None:
    shutil.copytree(KUBERNETES, tmp_path / "kubernetes")
    overlay = tmp_path / "kubernetes" / "overlays" / "example"
    shutil.copy(overlay / "visma-asana.env.example", overlay / "visma-asana.env")
    rendered = subprocess.run(["kubectl", "kustomize", overlay], capture_output=True, text=True, check=True).stdout
    found = documents(rendered)
    for document in found:
        validate(document)
    assert {document["metadata"].get("namespace") for document in found if document["kind"] != "Namespace"} == {
        "visma-asana"
    }
    kinds = {document["kind"]: document for document in found}
    assert kinds["CronJob"]["spec"]["schedule"] == "15 6-18 * * 1-5"
    template = kinds["CronJob"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    assert template["containers"][0]["image"].startswith("registry.example.com/data/sync:")
    names = {document["metadata"]["name"] for document in found}
    assert template["containers"][0]["envFrom"][0]["secretRef"]["name"] in names
    assert template["volumes"][1]["configMap"]["name"] in names
