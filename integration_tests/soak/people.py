"""What people do in Asana between syncs, and what of it has to stay."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from integration_tests.sandbox.harness import AsanaSandbox
from integration_tests.soak.board import Board, Task, homes
from integration_tests.soak.expected import Shown
from integration_tests.soak.places import Places

PRIORITY, HIGH = "1200000000000500", "1200000000000501"
ASA = "asa.lindstrom@nordlys.example"
RENAMABLE = ["Visma amount", "Visma supplier", "Visma status", "Visma ID", "Visma remaining", "Visma purchase orders"]


@dataclass
class Trace:
    """What people did with one task."""

    gid: str
    comments: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    assignee: str | None = None
    section: str | None = None
    renamed: bool = False
    priority: bool = False
    added: set[str] = field(default_factory=set)
    left: set[str] = field(default_factory=set)
    subtasks: set[str] = field(default_factory=set)
    ticked: dict[str, bool] = field(default_factory=dict)


@dataclass
class ByHand:
    """A task that people had made for a document before it came: the only one that fits it, or one of two."""

    gid: str
    visma_id: str
    supplier: str
    certain: bool
    task: Task


class People:
    """Their actions, and what has to stay of them."""

    def __init__(self, asana: AsanaSandbox, places: Places, dice: Random) -> None:
        self.asana = asana
        self.places = places
        self.dice = dice
        self.traces: dict[str, Trace] = {}
        self.deleted: set[str] = set()
        self.by_hand: list[ByHand] = []
        self.renamed: dict[str, str] = {}
        self.story: list[str] = []
        self.ticks: list[tuple[str, bool]] = []
        self._count = 0

    @property
    def touched(self) -> set[str]:
        """The documents whose tasks people have changed or deleted."""
        return {*self.traces, *self.deleted}

    def act(self, board: Board, count: int) -> None:
        """So many actions on tasks of documents. `ticks` then holds the completions, in order."""
        self.ticks = []
        kinds: list[tuple[int, Callable[[str, Task, Trace], None]]] = [
            (3, self._tick),
            (3, self._comment),
            (3, self._write),
            (1, self._rename),
            (2, self._assign),
            (2, self._section),
            (2, self._add),
            (1, self._leave_register),
            (2, self._leave_route),
            (1, self._delete),
            (2, self._subtask),
            (2, self._tick_line),
            (1, self._priority),
            (1, self._rename_field),
        ]
        ids = sorted(visma_id for visma_id in board.documents if "9999999" not in visma_id)
        for _ in range(count if ids else 0):
            visma_id = self.dice.choice(ids)
            task = board.one(visma_id)
            if task and visma_id not in self.deleted:
                act = self.dice.choices([each for _, each in kinds], [weight for weight, _ in kinds])[0]
                act(visma_id, task, self.traces.get(visma_id) or Trace(task["gid"]))

    def make_by_hand(self, shown: Shown, *, certain: bool) -> None:
        """A task for a document that is not in Asana yet; two where it should not be certain."""
        party = shown.fields.get("Visma supplier") or shown.fields["Visma customer"]
        number = shown.visma_id.rsplit("/", 1)[1]
        register = self.places.register_of(shown.entity)
        for name in [f"{party}: #{number}"] if certain else [f"{number} {party}", f"{party} ({number})!"]:
            self._count += 1
            data = {
                "name": name,
                "projects": [register],
                "completed": self.dice.random() < 0.4,
                "notes": f"Remember {self._count}",
                **({"assignee": ASA} if self.dice.random() < 0.4 else {}),
            }
            gid = self._call("POST", "/tasks", **data)["gid"]
            self._call("POST", f"/tasks/{gid}/stories", text=f"Called about {self._count}")
            task = Board(self.asana, self.renamed).tasks[gid]
            self.by_hand.append(ByHand(gid, shown.visma_id, party, certain, task))
            self._tell(f"made the task “{name}” for {shown.visma_id}")

    def _keep(self, visma_id: str, trace: Trace, text: str) -> None:
        self.traces[visma_id] = trace
        self._tell(f"{text}: {visma_id}")

    def _tick(self, visma_id: str, task: Task, trace: Trace) -> None:
        done = not self._call("GET", f"/tasks/{task['gid']}", query={"opt_fields": "completed"})["completed"]
        self._call("PUT", f"/tasks/{task['gid']}", completed=done)
        self.ticks.append((visma_id, done))
        self._keep(visma_id, trace, "completed" if done else "reopened")

    def _comment(self, visma_id: str, task: Task, trace: Trace) -> None:
        self._count += 1
        trace.comments.append(f"Comment {self._count}")
        self._call("POST", f"/tasks/{task['gid']}/stories", text=trace.comments[-1])
        self._keep(visma_id, trace, "commented")

    def _write(self, visma_id: str, task: Task, trace: Trace) -> None:
        """Text before or after that of the sync."""
        self._count += 1
        html = self._call("GET", f"/tasks/{task['gid']}", query={"opt_fields": "html_notes"})["html_notes"]
        trace.texts.append(f"Remark {self._count} & more")
        remark = f"<strong>Remark {self._count}</strong> &amp; more"
        inside = html.removeprefix("<body>").removesuffix("</body>")
        new = f"{remark}\n{inside}" if self.dice.random() < 0.5 else f"{inside}\n{remark}"
        self._call("PUT", f"/tasks/{task['gid']}", html_notes=f"<body>{new}</body>")
        self._keep(visma_id, trace, "wrote into the description")

    def _rename(self, visma_id: str, task: Task, trace: Trace) -> None:
        trace.renamed = True
        self._call("PUT", f"/tasks/{task['gid']}", name="Called otherwise")
        self._keep(visma_id, trace, "renamed the task")

    def _assign(self, visma_id: str, task: Task, trace: Trace) -> None:
        trace.assignee = ASA
        self._call("PUT", f"/tasks/{task['gid']}", assignee=ASA)
        self._keep(visma_id, trace, "assigned Åsa")

    def _section(self, visma_id: str, task: Task, trace: Trace) -> None:
        if self.places.register in homes(task) and self.places.register not in trace.left:
            trace.section = "Doing"
            self._call("POST", f"/sections/{self.places.doing}/addTask", task=task["gid"])
            self._keep(visma_id, trace, "moved to the section Doing")

    def _add(self, visma_id: str, task: Task, trace: Trace) -> None:
        trace.added.add(self.places.theirs)
        self._call("POST", f"/tasks/{task['gid']}/addProject", project=self.places.theirs)
        self._keep(visma_id, trace, "added to their own project")

    def _leave_register(self, visma_id: str, task: Task, trace: Trace) -> None:
        """Moved to a project of people's; search has time to notice, as the documentation asks."""
        register = self.places.invoices if visma_id.startswith("Supplier") else self.places.register
        if register in homes(task) and register not in trace.left:
            self._add(visma_id, task, trace)
            trace.left.add(register)
            self._call("POST", f"/tasks/{task['gid']}/removeProject", project=register)
            self.asana.control("POST", "search/refresh")
            self._keep(visma_id, trace, "taken out of its register project")

    def _leave_route(self, visma_id: str, task: Task, trace: Trace) -> None:
        routed = {*self.places.routed, *self.places.by_name.values()} & set(homes(task)) - trace.left
        if routed:
            gid = self.dice.choice(sorted(routed))
            trace.left.add(gid)
            self._call("POST", f"/tasks/{task['gid']}/removeProject", project=gid)
            self._keep(visma_id, trace, f"taken out of the routed project {gid}")

    def _delete(self, visma_id: str, task: Task, trace: Trace) -> None:
        self.traces.pop(visma_id, None)
        self.deleted.add(visma_id)
        self._call("DELETE", f"/tasks/{task['gid']}")
        self._tell(f"deleted the task: {visma_id}")

    def _subtask(self, visma_id: str, task: Task, trace: Trace) -> None:
        self._count += 1
        name = self.dice.choice([f"Ask for a copy {self._count}", f"{self._count}. Their own line"])
        trace.subtasks.add(self._call("POST", f"/tasks/{task['gid']}/subtasks", name=name)["gid"])
        self._keep(visma_id, trace, f"added the subtask “{name}”")

    def _tick_line(self, visma_id: str, task: Task, trace: Trace) -> None:
        lines = [each for each in task["subtasks"] if each["gid"] not in trace.subtasks and not each["completed"]]
        if lines:
            line = self.dice.choice(lines)
            trace.ticked[line["gid"]] = True
            self._call("PUT", f"/tasks/{line['gid']}", completed=True)
            self._keep(visma_id, trace, f"completed the line “{line['name']}”")

    def _priority(self, visma_id: str, task: Task, trace: Trace) -> None:
        if self.places.register in set(homes(task)) - trace.left:
            trace.priority = True
            self._call("PUT", f"/tasks/{task['gid']}", custom_fields={PRIORITY: HIGH})
            self._keep(visma_id, trace, "set their own field")

    def _rename_field(self, visma_id: str, task: Task, trace: Trace) -> None:
        self._count += 1
        fields = Board(self.asana, self.renamed).fields
        name = self.dice.choice([each for each in RENAMABLE if each in fields])
        self.renamed[name] = f"Felt {self._count} ({name.removeprefix('Visma ')})"
        self._call("PUT", f"/custom_fields/{fields[name]['gid']}", name=self.renamed[name])
        self._tell(f"renamed the field {name} to {self.renamed[name]}")

    def _call(self, method: str, path: str, query: dict[str, str] | None = None, **data: Any) -> Any:
        return self.asana.as_person(method, path, data=data, **({"query": query} if query else {}))

    def _tell(self, text: str) -> None:
        self.story.append(f"People: {text}")
