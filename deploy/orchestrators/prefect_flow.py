"""Prefect runs the standalone sync in a container, without Airbyte. `pip install prefect`; the worker needs Docker."""

import subprocess

from prefect import flow

COMMAND = (
    "docker run --rm --read-only --tmpfs /tmp --cap-drop ALL --env-file /etc/visma-asana/visma-asana.env "
    "-v visma-asana-state:/data -v /etc/visma-asana:/config:ro registry.example.com/data/sync:0.2.0"
)


@flow(name="visma-to-asana", retries=2, retry_delay_seconds=600, log_prints=True)
def visma_to_asana() -> None:
    """One sync. Its log goes to the flow's log; a failure keeps the state, so the next attempt continues there."""
    done = subprocess.run(COMMAND.split(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    print(done.stdout)
    if done.returncode not in (0, 75):  # 75: another run holds the volume
        raise RuntimeError(f"The sync ended with status {done.returncode}; its log says why.")


if __name__ == "__main__":
    visma_to_asana.serve(cron="0 6 * * *")
