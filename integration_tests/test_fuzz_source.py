"""Damaged settings, catalogs and states of source-visma: it ends in words and tells no secret."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from integration_tests import fuzzing
from integration_tests.fuzzing import CANARY
from integration_tests.sandbox.harness import VismaSandbox
from integration_tests.source_runs import catalog, run, saved

pytest_plugins = ["integration_tests.sandbox.visma.testing"]
STREAMS = ["suppliers", "purchase_orders", "journal_transactions", "dimension_values", "project_budgets"]
OPTIONS: dict[str, Any] = {
    "start_date": "2026-10-01",
    "lookback_window_minutes": 75,
    "reread_days": 1,
    "num_workers": 2,
}
SECRETS = ("sandbox-visma-secret", CANARY)
# Addresses are tried by tests of their own; here each would be waited for.
KEPT = frozenset({"api_url", "token_url"})


@st.composite
def inputs(draw: st.DrawFn, config: Any) -> tuple[str, dict[str, bytes]]:
    """A command and its files, one of them damaged."""
    state = [
        part
        for name in STREAMS[:3]
        for part in saved(name, lastModifiedDateTime="2026-10-20T08:00:00", company_id="4100251")
    ]
    whole: dict[str, Any] = {"config": config, "catalog": catalog(STREAMS), "state": state}
    which = draw(st.sampled_from(sorted(whole)))
    command = "read" if which != "config" else draw(st.sampled_from(["check", "discover", "read"]))
    wanted = list(whole) if command == "read" else ["config"]
    files = {name: fuzzing.written(whole[name]) for name in wanted}
    files[which] = draw(fuzzing.files(whole[which], kept=KEPT))
    return command, files


def test_fuzz_inputs(visma: VismaSandbox) -> None:
    @fuzzing.tries(8)
    @given(inputs({**visma.config, **OPTIONS}))
    def check(drawn: tuple[str, dict[str, bytes]]) -> None:
        command, files = drawn
        done = run(command, pace=20, **files)
        assert done.code in (0, 1), done.output
        assert done.errors == "", done.errors
        assert not [secret for secret in SECRETS if secret in done.output], done.output
        assert not [text for text in done.of_type("LOG") if text["message"].startswith("Traceback")]
        assert "Something went wrong in the connector" not in done.output, done.output
        kinds = {message["type"] for message in done.messages}
        assert kinds <= {"LOG", "TRACE", "RECORD", "STATE", "CATALOG", "CONNECTION_STATUS"}
        errors = [trace for trace in done.of_type("TRACE") if trace["type"] == "ERROR"]
        assert bool(errors) == (done.code == 1), done.output

    check()
