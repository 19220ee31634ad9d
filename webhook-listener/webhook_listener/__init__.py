"""Optional companion of source-visma and destination-asana: receives both services' webhooks."""
