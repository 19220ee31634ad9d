locals {
  # Streams and their sync modes: docs/airbyte.md.
  streams = {
    accounts                 = "incremental_deduped_history"
    dimension_values         = "incremental_deduped_history"
    purchase_orders          = "incremental_deduped_history"
    supplier_invoices        = "incremental_deduped_history"
    customer_invoices        = "incremental_deduped_history"
    customer_credit_notes    = "incremental_deduped_history"
    customer_debit_notes     = "incremental_deduped_history"
    customer_overdue_charges = "incremental_deduped_history"
    projects                 = "incremental_deduped_history"
    project_budgets          = "full_refresh_append"
  }
}

resource "airbyte_source_definition" "visma" {
  workspace_id      = var.workspace_id
  name              = "Visma Net ERP"
  docker_repository = "${var.registry}/source-visma"
  docker_image_tag  = var.image_tag
  documentation_url = "https://github.com/visma-asana/visma-asana/blob/main/source-visma/README.md"
}

resource "airbyte_destination_definition" "asana" {
  workspace_id      = var.workspace_id
  name              = "Asana (Visma)"
  docker_repository = "${var.registry}/destination-asana"
  docker_image_tag  = var.image_tag
  documentation_url = "https://github.com/visma-asana/visma-asana/blob/main/destination-asana/README.md"
}

# The generic resources take any connector's configuration, as JSON.
resource "airbyte_source" "visma" {
  workspace_id  = var.workspace_id
  name          = "Visma Net ERP"
  definition_id = airbyte_source_definition.visma.id
  configuration = jsonencode({
    client_id     = var.visma.client_id
    client_secret = var.visma.client_secret
    tenant_id     = var.visma.tenant_id
    company_id    = var.visma.company_id
  })
}

resource "airbyte_destination" "asana" {
  workspace_id  = var.workspace_id
  name          = "Asana (Visma)"
  definition_id = airbyte_destination_definition.asana.id
  configuration = jsonencode({
    credentials = {
      auth_type             = "personal_access_token"
      personal_access_token = var.asana_token
    }
    workspace_gid = var.asana_workspace_gid
    project_gid   = var.asana_project_gid
  })
}

resource "airbyte_connection" "visma_to_asana" {
  name           = "Visma to Asana"
  source_id      = airbyte_source.visma.source_id
  destination_id = airbyte_destination.asana.destination_id
  schedule = {
    schedule_type   = "cron"
    cron_expression = var.cron_expression
  }
  non_breaking_schema_updates_behavior = "propagate_columns"
  namespace_definition                 = "destination"
  configurations = {
    streams = [for name, mode in local.streams : { name = name, sync_mode = mode }]
  }
}
