"""Airflow runs the standalone sync in a container, without Airbyte. `pip install apache-airflow-providers-docker`."""

import pendulum
from airflow.providers.docker.operators.docker import DockerOperator
from airflow.sdk import DAG
from docker.types import Mount

NAMES = [
    "VISMA_CLIENT_ID",
    "VISMA_CLIENT_SECRET",
    "VISMA_TENANT_ID",
    "VISMA_COMPANY_ID",
    "ASANA_TOKEN",
    "ASANA_WORKSPACE_GID",
    "ASANA_PROJECT_GID",
]

start = pendulum.datetime(2026, 1, 1, tz="Europe/Oslo")
with DAG("visma_to_asana", schedule="0 6 * * *", start_date=start, catchup=False, max_active_runs=1) as dag:
    DockerOperator(
        task_id="sync",
        image="registry.example.com/data/sync:0.2.0",
        user="1000:1000",
        mounts=[
            Mount("/data", "visma-asana-state", type="volume"),
            Mount("/config", "/etc/visma-asana", type="bind", read_only=True),
        ],
        mount_tmp_dir=False,
        # Airflow fills these from its variables. It masks the values of variables with `secret` or `token` in their names.
        environment={name: f"{{{{ var.value.{name.lower()} }}}}" for name in NAMES},
        auto_remove="success",
        # Another run holds the volume: nothing is wrong.
        skip_on_exit_code=75,
    )
