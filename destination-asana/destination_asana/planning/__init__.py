"""Document × what Asana holds → what has to change. Pure: imports `documents` alone, neither HTTP nor the CDK."""
