"""Steps that end in time, and the error when one does not."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from airbyte_cdk.models import FailureType

from source_visma.components.clock import CLOCK
from source_visma.components.errors import give_up

NEVER = float("inf")


def timeout_until(deadline: float) -> float:
    """Seconds that are left for one step; half a second at least."""
    return max(0.5, deadline - CLOCK.now())


def within(seconds: float, call: Callable[[float], Any]) -> Any:
    """The result of the call. Raises transient_error in time, whatever hangs: a name look-up, a connection, a slow body."""
    outcome: Future[Any] = Future()
    deadline = CLOCK.now() + seconds

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
