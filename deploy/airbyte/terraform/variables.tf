variable "airbyte_url" {
  description = "The public API of your Airbyte, as https://airbyte.example.com/api/public/v1"
  type        = string
}

variable "airbyte_client_id" {
  type = string
}

variable "airbyte_client_secret" {
  type      = string
  sensitive = true
}

variable "workspace_id" {
  description = "The workspace in Airbyte, the UUID in its address"
  type        = string
}

variable "registry" {
  description = "Where the images are, with the full domain name: registry.example.com/data"
  type        = string
}

variable "image_tag" {
  description = "The version of both images"
  type        = string
  default     = "0.2.0"
}

variable "cron_expression" {
  description = "When to sync, in Quartz's form with seconds, UTC"
  type        = string
  default     = "0 0 6 * * ?"
}

variable "visma" {
  description = "Access to Visma.net; docs/access.md says where each value is found"
  type = object({
    client_id     = string
    client_secret = string
    tenant_id     = string
    company_id    = string
  })
  sensitive = true
}

variable "asana_token" {
  type      = string
  sensitive = true
}

variable "asana_workspace_gid" {
  type = string
}

variable "asana_project_gid" {
  type = string
}
