"""Dagster: the connection's streams as assets, synced every morning by Airbyte. `pip install dagster-airbyte`."""

import dagster as dg
from dagster_airbyte import AirbyteWorkspace, build_airbyte_assets_definitions

airbyte = AirbyteWorkspace(
    rest_api_base_url="https://airbyte.example.com/api/public/v1",
    configuration_api_base_url="https://airbyte.example.com/api/v1",
    workspace_id=dg.EnvVar("AIRBYTE_WORKSPACE_ID"),
    client_id=dg.EnvVar("AIRBYTE_CLIENT_ID"),
    client_secret=dg.EnvVar("AIRBYTE_CLIENT_SECRET"),
)


@dg.definitions
def definitions() -> dg.Definitions:
    """Asks Airbyte which connections there are, so it needs Airbyte when Dagster loads the code location."""
    assets = build_airbyte_assets_definitions(
        workspace=airbyte, connection_selector_fn=lambda connection: connection.name == "Visma to Asana"
    )
    job = dg.define_asset_job("visma_to_asana", selection=dg.AssetSelection.assets(*assets))
    schedule = dg.ScheduleDefinition(job=job, cron_schedule="0 6 * * *", execution_timezone="Europe/Oslo")
    return dg.Definitions(assets=assets, schedules=[schedule], resources={"airbyte": airbyte})
