"""Airbyte destination that keeps Visma purchase orders and invoices as Asana tasks and projects."""
