"""The pace of requests at three plans, in the simulated time of its tests."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from benchmarks.support import Finding

SIMULATION = Path(__file__).resolve().parents[1] / "destination-asana" / "unit_tests" / "test_pace.py"
MINUTES = 20


def pace_of_150(_: Path) -> Finding:
    return pace(150)


def pace_of_600(_: Path) -> Finding:
    return pace(600)


def pace_of_1500(_: Path) -> Finding:
    return pace(1500)


def pace(allowed: int) -> Finding:
    """A sync that always has work, for some minutes, under a limit over sliding windows of a minute, as Asana describes it."""
    simulation = _simulation()
    requests = simulation.simulate(simulation.sliding(allowed, 60), MINUTES * 60, 15, 0.1)
    refused, used = simulation.refused_and_used(requests, 60, MINUTES * 60, allowed / 60)
    return Finding(
        f"destination-asana: at a limit of {allowed} calls a minute, after the first minute, at most 1 call in 100 is refused and at least 85 % are used",
        f"{refused:.2%} refused, {used:.0%} used, in {MINUTES} minutes of simulated time",
        refused <= 0.01 and used >= 0.85,
    )


def _simulation() -> Any:
    specification = importlib.util.spec_from_file_location("pace_simulation", SIMULATION)
    if specification is None or specification.loader is None:
        raise RuntimeError(f"{SIMULATION} is missing")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module
