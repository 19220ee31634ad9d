"""A sandbox that behaves like the Visma.net ERP service API and Visma Connect, in memory, for tests, demo and benchmarks.

Start it with ``python -m integration_tests.sandbox.visma``; README.md beside this file lists options and control endpoints.
"""
