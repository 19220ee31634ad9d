"""``python -m integration_tests.sandbox.attended NAME …``: a sandbox that ends with the process that started it.

A test run or demo that is killed cannot stop its sandboxes, which would otherwise run for ever.
"""

import os
import runpy
import signal
import sys
import threading
import time


def main() -> None:
    """Runs the sandbox named by the first argument with the others, as ``python -m`` would."""
    threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
    name = sys.argv.pop(1)
    runpy.run_module(f"integration_tests.sandbox.{name}", run_name="__main__", alter_sys=True)


def end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
