"""Record → Document: what a Visma record means. Pure: imports nothing of the other rooms, neither HTTP nor the CDK."""
