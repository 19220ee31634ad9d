"""What Asana holds at one moment: tasks by gid and by Visma ID, fields under the sync's own names whatever people call them."""

from typing import Any

from integration_tests.sandbox.harness import AsanaSandbox

Task = dict[str, Any]
BOT = "Finance Bot"


class Board:
    """A snapshot. `renamed` holds the names that people gave fields: the sync's own name → theirs."""

    def __init__(self, asana: AsanaSandbox, renamed: dict[str, str]) -> None:
        whole = asana.state()
        own = {theirs: ours for ours, theirs in renamed.items()}
        self.tasks: dict[str, Task] = {}
        for task in (*whole["tasks"], *whole["tasks_in_no_project"]):
            fields = {own.get(name, name): value for name, value in task["fields"].items()}
            self.tasks[task["gid"]] = task | {"fields": fields}
        self.documents: dict[str, list[Task]] = {}
        for task in self.tasks.values():
            if visma_id := task["fields"].get("Visma ID"):
                self.documents.setdefault(visma_id, []).append(task)
        self.fields = {own.get(each["name"], each["name"]): each for each in whole["custom_fields"]}

    def one(self, visma_id: str) -> Task | None:
        """The task of a document, if there is exactly one."""
        found = self.documents.get(visma_id, [])
        return found[0] if len(found) == 1 else None


def homes(task: Task) -> dict[str, str]:
    """The projects of a task, with its section in each."""
    return {each["project"]: each["section"] for each in task["memberships"]}


def comments(task: Task) -> list[str]:
    return [story["text"] for story in task["stories"] if story["type"] == "comment_added"]


def looks(task: Task) -> dict[str, Any]:
    """All that people see of a task, lines included; empty fields left out. Accounts by code: of an option that two companies
    shared, a document gets its company's own with its next record, and a comment may say so."""
    accounts = [name.split(" ")[0] for name in task["fields"].get("Visma GL accounts") or []]
    return {
        "accounts": accounts,
        "name": task["name"],
        "notes": task["notes"],
        "completed": task["completed"],
        "assignee": task["assignee"],
        "due": task["due_on"],
        "fields": {
            name: value for name, value in task["fields"].items() if value not in (None, []) and "accounts" not in name
        },
        "places": sorted(homes(task).items()),
        "comments": [text for text in comments(task) if "Visma GL accounts" not in text],
        "lines": [(each["name"], each["completed"], each["due_on"], each["notes"]) for each in task["subtasks"]],
    }
