"""`check` says when what the workspace's plan or its tokens allow contradicts the settings."""

import pytest

from integration_tests.destination_messages import order
from integration_tests.sandbox.harness import OAUTH

pytest_plugins = ["integration_tests.destination_support"]


@pytest.mark.parametrize(
    ("status", "message"), [(402, "Search is only available to premium users."), (403, "Not allowed.")]
)
def test_a_large_project_without_search_is_warned_of(destination, status, message):
    destination.write(order(1))
    destination.asana.bulk(1000)
    destination.asana.fault(action="error", path="tasks/search", status=status, message=message, times=None)
    verdict = destination.check().verdict
    assert verdict["status"] == "SUCCEEDED"
    assert f"project_gid: Asana refuses search to this token (“{message}”, {status})" in verdict["message"]
    assert "more than 1,000 tasks" in verdict["message"]


def test_a_small_project_without_search_is_no_warning(destination):
    destination.write(order(1))
    destination.asana.fault(action="error", path="tasks/search", status=403, message="Not allowed.", times=None)
    assert destination.check().verdict == {"status": "SUCCEEDED"}


def test_a_plan_without_search_and_a_workspace_without_the_fields_fail(destination):
    destination.asana.fault(
        action="error",
        path="tasks/search",
        status=402,
        message="Search is only available to premium users.",
        times=None,
    )
    verdict = destination.check().verdict
    assert verdict["status"] == "FAILED"
    assert "Upgrade the workspace to Starter or higher" in verdict["message"]


def test_a_replaced_refresh_token_is_warned_of(destination):
    destination.asana.settings(refresh_tokens="replaced")
    destination.secrets.append("sandbox-asana-refresh-")
    verdict = destination.check(credentials=OAUTH).verdict
    assert verdict["status"] == "SUCCEEDED"
    assert "Asana has replaced the refresh token" in verdict["message"]


def test_a_refresh_token_that_stays_is_no_warning(destination):
    assert destination.check(credentials=OAUTH).verdict == {"status": "SUCCEEDED"}
