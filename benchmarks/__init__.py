"""Measures the two connectors beside what a user would pick instead (`make bench`)."""
