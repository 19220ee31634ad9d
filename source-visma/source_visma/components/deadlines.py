"""Steps that end in time: when a call must be over, and what is said when it is not."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from airbyte_cdk.models import FailureType

from source_visma.components.errors import give_up

NEVER = float("inf")


def timeout_until(deadline: float) -> float:
    """Seconds that are left for one step, never none."""
    return max(0.5, deadline - time.monotonic())


def within(seconds: float, call: Callable[[float], Any]) -> Any:
    """What the call brings, or a transient_error in time, whatever hangs: a name look-up, a connection, a slow body."""
    outcome: Future[Any] = Future()
    deadline = time.monotonic() + seconds

    def run() -> None:
        try:
            outcome.set_result(call(deadline))
        except Exception as error:
            outcome.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    try:
        return outcome.result(seconds + 1)
    except TimeoutError:
        give_up(
            FailureType.transient_error,
            f"Visma.net did not answer within {seconds:.0f} s. Check that this machine reaches it, and try again.",
        )
