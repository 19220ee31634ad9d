"""Lists that a company does not have, while it has others."""

from typing import Any

from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_visma.components.gate import Gate
from source_visma.components.slices import slice_of

LONG_FROM_NOW = "2999-01-01T00:00:00.000"  # nothing is newer, so that the answer is short


def others_are_readable(gate: Gate, config: Any, name: str) -> bool:
    """Whether another stream of this sync can be read. Then the refusal concerns this stream alone.

    Without a list of the streams that were chosen, all of them count. A connection check has but one.
    """
    if config.get("patience_seconds"):
        return False
    with gate.asking_others:
        gate.refused.add(name)
        chosen = config.get("chosen_streams")
        others = [other for other in gate.lists if other != name and (chosen is None or other in chosen)]
        if not gate.readable.isdisjoint(others):
            return True
        return any(answers(gate, other) for other in others if other not in gate.refused)


def answers(gate: Gate, name: str) -> bool:
    """Whether Visma.net answers for this list. A refusal is remembered and not requested again."""
    try:
        gate.lists[name].ask(slice_of(start_time=LONG_FROM_NOW), 1, lambda response: None)
    except AirbyteTracedException:
        gate.refused.add(name)
        return False
    return True
