"""Airflow starts the connection in Airbyte and waits for its end. `pip install apache-airflow-providers-airbyte`."""

import pendulum
from airflow.providers.airbyte.operators.airbyte import AirbyteTriggerSyncOperator
from airflow.sdk import DAG

start = pendulum.datetime(2026, 1, 1, tz="Europe/Oslo")
with DAG("visma_to_asana", schedule="0 6 * * *", start_date=start, catchup=False, max_active_runs=1) as dag:
    # The Airflow connection `airbyte` holds the address (…/api/public/v1), the client ID and the client secret.
    AirbyteTriggerSyncOperator(
        task_id="sync",
        airbyte_conn_id="airbyte",
        connection_id="{{ var.value.visma_to_asana_connection }}",
        timeout=43200,
    )
