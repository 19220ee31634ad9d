"""The lines of a document, as subtasks or in the description, against those that Visma holds."""

import re

from integration_tests.soak.board import Task
from integration_tests.soak.expected import Shown
from integration_tests.soak.people import Trace


def line_differences(one: Shown, task: Task, trace: Trace, mode: str) -> list[str]:
    """What differs; `mode` is the setting line_items."""
    ours = [each for each in task["subtasks"] if each["gid"] not in trace.subtasks]
    ours = [each for each in ours if f"of {one.visma_id}" in each["notes"]]
    if mode != "subtasks":
        found = [f"has {len(ours)} subtasks, though line_items is {mode}"] if ours else []
        if mode == "description" and not trace.texts:
            found += [
                f"the description lacks {line.name!r}" for line in one.lines.values() if line.name not in task["notes"]
            ]
        return found
    return _as_subtasks(one, ours, trace)


def _as_subtasks(one: Shown, ours: list[Task], trace: Trace) -> list[str]:
    found = []
    numbers = [int(match.group(1)) for each in ours if (match := re.match(r"(\d+)\. ", each["name"]))]
    if len(numbers) != len(ours) or len(set(numbers)) != len(numbers):
        found.append(f"has the line subtasks {[each['name'] for each in ours]}")
        return found
    for number, item in zip(numbers, ours, strict=True):
        line = one.lines.get(number)
        ticked = item["gid"] in trace.ticked
        if line is None:
            found += [] if item["completed"] else [f"the removed line {item['name']!r} is open"]
            continue
        if item["name"] != line.name:
            found.append(f"line {item['name']!r}, not {line.name!r}")
        if item["due_on"] != line.due:
            found.append(f"line {line.name!r} is due {item['due_on']}, not {line.due}")
        if item["completed"] is not line.done and not ticked:
            found.append(f"line {line.name!r}: completed is {item['completed']}, not {line.done}")
    found += [f"the line {one.lines[n].name!r} has no subtask" for n in set(one.lines) - set(numbers)]
    shown = [
        number for number, item in zip(numbers, ours, strict=True) if number in one.lines and not item["completed"]
    ]
    if shown != sorted(shown):
        found.append(f"its lines are in the order {shown}")
    return found
