"""The sync's pod as deploy/kubernetes describes it, run by a Docker engine in place of a cluster: the same image, user,
rights, mounts, memory and environment."""

import subprocess
from pathlib import Path

import docker
import pytest
import yaml
from docker.errors import DockerException

from integration_tests.sandbox import harness

pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]
ROOT = Path(__file__).parents[1]
KUBERNETES = ROOT / "deploy" / "kubernetes"


@pytest.fixture(scope="module")
def engine():
    try:
        client = docker.from_env()
        client.ping()
    except DockerException as error:
        pytest.skip(f"no Docker engine answers: {error}")
    return client


def run_pod(engine, image, environment, data, *arguments):
    """Runs the CronJob's pod. Returns its exit status and its log."""
    cron = yaml.safe_load((KUBERNETES / "sync" / "cronjob.yaml").read_text())
    pod = cron["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    rights = container["securityContext"]
    mounts = {mount["name"]: mount for mount in container["volumeMounts"]}
    places = {"data": data, "config": KUBERNETES / "sync"}
    done = engine.containers.create(
        image,
        list(arguments),
        user=f"{pod['securityContext']['runAsUser']}:{pod['securityContext']['runAsGroup']}",
        read_only=rights["readOnlyRootFilesystem"],
        cap_drop=rights["capabilities"]["drop"],
        security_opt=["no-new-privileges"],
        mem_limit=container["resources"]["limits"]["memory"].removesuffix("i").lower(),
        tmpfs={mounts["tmp"]["mountPath"]: ""},
        volumes={
            str(place): {
                "bind": mounts[name]["mountPath"],
                "mode": "ro" if mounts[name].get("readOnly") else "rw",
            }
            for name, place in places.items()
        },
        environment=environment,
        # The sandboxes answer on localhost only.
        network_mode="host",
    )
    try:
        done.start()
        status = done.wait(timeout=300)["StatusCode"]
        return status, done.logs().decode()
    finally:
        done.remove(force=True)


def test_the_pod_of_the_cronjob_reaches_both_sides_and_writes_to_its_volume(engine, tmp_path):
    tag = "visma-asana/sync:test"
    subprocess.run(["docker", "build", "-q", "-f", "standalone/Dockerfile", "-t", tag, "."], cwd=ROOT, check=True)
    tmp_path.chmod(0o777)
    with harness.start("visma") as visma, harness.start("asana", "--set", "requests_per_minute=0") as asana:
        environment = {
            "VISMA_CLIENT_ID": visma.config["client_id"],
            "VISMA_CLIENT_SECRET": visma.config["client_secret"],
            "VISMA_TENANT_ID": visma.config["tenant_id"],
            "VISMA_COMPANY_ID": visma.config["company_id"],
            "VISMA_API_URL": visma.config["api_url"],
            "VISMA_TOKEN_URL": visma.config["token_url"],
            "ASANA_TOKEN": asana.config["credentials"]["personal_access_token"],
            "ASANA_WORKSPACE_GID": asana.config["workspace_gid"],
            "ASANA_PROJECT_GID": asana.config["project_gid"],
            "ASANA_API_URL": asana.config["api_url"],
        }
        status, log = run_pod(engine, tag, environment, tmp_path, "--check")
        assert status == 0, log
        # A whole sync of this image is what test_images_compose.py runs.
        status, log = run_pod(engine, tag, environment, tmp_path, "--discover")
        assert status == 0, log
        assert (tmp_path / "catalog.json").is_file()
        environment["VISMA_CLIENT_SECRET"] = "of-yesterday"
        status, log = run_pod(engine, tag, environment, tmp_path, "--check")
        assert status == 1, log
