"""The board: tasks as cards in columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..model import CustomField, EnumOption, Project, Task, User
from . import formats, values
from .tasklist import Choice, TaskList
from .values import Chip, Due, Person

PER_COLUMN = 20
GROUPINGS = {"section": "Section", "status": "Status", "type": "Document type", "assignee": "Assignee"}
# The field behind a grouping, and the name of the column of tasks without a value.
FIELDS = {"status": (values.STATUS, "No status"), "type": (values.TYPE, "No document type")}


@dataclass(frozen=True)
class Card:
    url: str
    name: str
    completed: bool
    milestone: bool
    supplier: str
    amount: str
    due: Due | None
    status: Chip | None
    assignee: Person | None
    subtasks: int
    subtasks_done: int


@dataclass
class Column:
    key: str
    name: str
    tone: str = ""
    tasks: list[Task] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)

    @property
    def open(self) -> int:
        return sum(not task.completed for task in self.tasks)

    @property
    def hidden(self) -> int:
        return len(self.tasks) - len(self.cards)


class Board(TaskList):
    """A project's tasks in columns: the first cards of each, or all cards of the column that the query names."""

    def __init__(self, project: Project, query: Mapping[str, str], today: str) -> None:
        super().__init__(project, query, today)
        self.group = self.chosen("group", self.groupings, self._default_group())
        self.columns = self._columns()
        for column in self.columns:
            count = len(column.tasks) if query.get("all") == column.key else PER_COLUMN
            column.cards = [card(task, self.fields, project, today) for task in column.tasks[:count]]

    @property
    def groupings(self) -> dict[str, str]:
        return {key: label for key, label in GROUPINGS.items() if key not in FIELDS or FIELDS[key][0] in self.fields}

    @property
    def choices(self) -> list[Choice]:
        return [Choice("group", "Columns", self.groupings, self.group), *super().choices]

    def _default_group(self) -> str:
        """Groups a project without sections by status, which says more."""
        divided = sum(not section.deleted for section in self.project.sections) > 1
        return "section" if divided or values.STATUS not in self.fields else "status"

    def _columns(self) -> list[Column]:
        if self.group == "section":
            columns = {s.gid: Column(s.gid, s.name) for s in self.project.sections if not s.deleted}
            for task in self.found:
                columns[task.memberships[self.project].gid].tasks.append(task)
            return list(columns.values())
        columns = {}
        for task in self.found:
            column = _person_column(task.assignee) if self.group == "assignee" else self._option_column(task)
            columns.setdefault(column.key, column).tasks.append(task)
        # Columns that need attention come first.
        return sorted(columns.values(), key=lambda column: -column.open)

    def _option_column(self, task: Task) -> Column:
        name, without = FIELDS[self.group]
        option = values.value(task, self.fields.get(name))
        if not isinstance(option, EnumOption):
            return Column("none", without, "grey")
        return Column(option.gid, option.name, formats.option_tone(option))


def _person_column(user: User | None) -> Column:
    return Column(user.gid, user.name, formats.person_tone(user.gid)) if user else Column("none", "Unassigned", "grey")


def card(task: Task, fields: dict[str, CustomField], project: Project, today: str) -> Card:
    """The content of a card. It shows the supplier, or the customer, only if the name does not contain it."""
    parties = (values.value(task, fields.get(name)) for name in (values.SUPPLIER, values.CUSTOMER))
    supplier = str(next((party for party in parties if party), ""))
    subtasks = task.subtasks or []
    return Card(
        url=f"/0/{project.gid}/{task.gid}",
        name=task.name,
        completed=task.completed,
        milestone=task.resource_subtype == "milestone",
        supplier="" if supplier in task.name else supplier,
        amount=values.amount(task, fields, today),
        due=values.due(task, today),
        status=values.status(task, fields, today),
        assignee=values.person(task.assignee),
        subtasks=len(subtasks),
        subtasks_done=sum(child.completed for child in subtasks),
    )
