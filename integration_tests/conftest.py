"""Fixtures that many test modules share."""

from integration_tests.destination_support import destination, destination_server

__all__ = ["destination", "destination_server"]
