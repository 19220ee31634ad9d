"""The questions, in the order in which they are asked."""

from __future__ import annotations

from destination_asana.probe import fields, plan, tasks
from destination_asana.probe.question import Question


def _place(question: Question) -> tuple[str, int, str]:
    return question.id[0], int(question.id.split()[0][1:]), question.id


# By number: A2, A10, A10 goals; the platform last.
QUESTIONS: tuple[Question, ...] = tuple(
    sorted((question for group in (plan, tasks, fields) for question in group.QUESTIONS), key=_place)
)
