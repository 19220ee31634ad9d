"""The questions, in the order in which they are asked."""

from source_visma.probe import dates, documents, limits, lists, money, paging
from source_visma.probe.question import Question

# By number: V2, V10, V10 payments.
QUESTIONS: tuple[Question, ...] = tuple(
    sorted(
        (question for group in (dates, paging, documents, money, lists, limits) for question in group.QUESTIONS),
        key=lambda question: (int(question.id.split()[0][1:]), question.id),
    )
)
