"""Tasks: external ids, memberships, order, stamps, and search. Makes tasks."""

from __future__ import annotations

import time
from typing import Any

from destination_asana.asana import OF_CONTENT, OF_RIGHTS_OR_SCOPES, AsanaError, Refusal
from destination_asana.probe.outcomes import refused
from destination_asana.probe.question import Answer, Fact, NotAskedError, Question, Subject, UnclearError, not_asked

POLL_SECONDS = (0.5, 1.0, 2.0, 5.0)


def external_id(subject: Subject) -> Answer:
    """Makes a task with an external id, a second one with the same, and looks again after a deletion."""
    trial = subject.in_project()
    external = {"external": {"gid": f"visma-probe-{trial.mark}"}}
    path = f"/tasks/external:{external['external']['gid']}"
    try:
        task = trial.create(external)
    except AsanaError as error:
        if error.refusal in OF_CONTENT | OF_RIGHTS_OR_SCOPES:
            return Answer("refused", f"no: Asana refuses it to this token ({error.status})", {"status": error.status})
        raise
    found = not refused(lambda: subject.client.get(path), gone_too=True)
    again = refused(lambda: trial.create(external))
    facts: dict[str, Fact] = {"found": found, "status_second": again or 201}
    if again:
        trial.delete(task["gid"])
        facts["found_after_delete"] = not refused(lambda: subject.client.get(path), gone_too=True)
        facts["free_after_delete"] = not refused(lambda: trial.create(external))
        return Answer("unique", "yes, and a second task with the same one is refused", facts)
    return Answer("not unique", "yes, but a second task with the same one is taken", facts)


def add_twice(subject: Subject) -> Answer:
    """Adds a task to the project that it is in."""
    trial = subject.in_project()
    gid = trial.create()["gid"]
    status = refused(lambda: subject.client.act(f"/tasks/{gid}/addProject", {"project": trial.project_gid}))
    if status:
        return Answer("refused", f"no: it is refused with status {status}", {"status": status})
    return Answer("repeatable", "yes", {"status": 200})


def memberships(subject: Subject) -> Answer:
    """Makes a task in the project's last section."""
    trial = subject.in_project()
    sections = subject.client.list(f"/projects/{trial.project_gid}/sections", {"opt_fields": "name"})
    if not sections:
        raise UnclearError("the project shows no section")
    place = {"project": trial.project_gid, "section": sections[-1]["gid"]}
    made: list[dict[str, Any]] = []
    status = refused(lambda: made.append(trial.create({"memberships": [place]}, in_project=False)))
    facts: dict[str, Fact] = {"status": status or 201, "sections": len(sections)}
    if status:
        return Answer("refused", f"no: it is refused with status {status}", facts)
    if len(sections) == 1:
        raise UnclearError("the project has a single section, where every task lands; add one and ask again")
    shown = [(each.get("section") or {}).get("gid") for each in made[0].get("memberships") or ()]
    if shown == [place["section"]]:
        return Answer("taken", "yes", facts)
    return Answer("ignored", "no: the task lands elsewhere", facts)


def subtask_order(subject: Subject) -> Answer:
    """Makes three subtasks one after the other and lists them."""
    trial = subject.in_project()
    parent = trial.create()["gid"]
    made = [trial.subtask(parent, str(number))["gid"] for number in (1, 2, 3)]
    listed = [each["gid"] for each in subject.client.list(f"/tasks/{parent}/subtasks", {"opt_fields": "name"})]
    if listed == made:
        return Answer("as made", "in the order in which they were made", {"subtasks": len(listed)})
    if listed == made[::-1]:
        return Answer("reversed", "the last one first", {"subtasks": len(listed)})
    return Answer("mixed", "in no such order", {"subtasks": len(listed)})


def subtask_stamp(subject: Subject) -> Answer:
    """Changes a subtask and looks at its parent's stamp."""
    trial = subject.in_project()
    parent = trial.create()["gid"]
    item = trial.subtask(parent, "1")["gid"]
    before = trial.get(parent)["modified_at"]
    subject.client.put(f"/tasks/{item}", {"completed": True})
    if trial.get(parent)["modified_at"] == before:
        return Answer("stays", "no", {"moved": False})
    return Answer("moves", "yes", {"moved": True})


def search_lag(subject: Subject) -> Answer:
    """Makes a task and searches until it is found."""
    trial = subject.in_project()
    gid, made = trial.create()["gid"], time.monotonic()
    query = {"projects.any": trial.project_gid, "sort_by": "created_at", "limit": 100}
    path = f"/workspaces/{subject.config.workspace_gid}/tasks/search"
    for attempt in range(1000):
        try:
            found = subject.client.get(path, query)
        except AsanaError as error:
            if error.refusal is Refusal.PREMIUM_NEEDED:
                raise NotAskedError("the plan does not include search (402)") from error
            raise
        seconds = int(time.monotonic() - made)
        if any(task["gid"] == gid for task in found):
            return Answer("found", f"after {seconds} seconds", {"seconds": seconds})
        if seconds >= subject.patience:
            return Answer("late", f"not within {seconds} seconds", {"seconds": seconds})
        time.sleep(POLL_SECONDS[min(attempt, len(POLL_SECONDS) - 1)])
    raise AssertionError("patience ends before")


QUESTIONS = (
    Question(
        "A1",
        "Can a task carry an external id?",
        "whether there could be a second memory beside the Visma ID",
        "the promise that one document is one task",
        external_id,
    ),
    Question(
        "A1 tokens",
        "Does another person's token see an external id?",
        "whether there could be a second memory beside the Visma ID",
        "the promise that one document is one task",
        not_asked("it takes a second token"),
    ),
    Question(
        "A4",
        "How long after its creation does search find a task?",
        "how long search cannot be relied on",
        "the promise that one document is one task",
        search_lag,
    ),
    Question(
        "A5",
        "May a task be added to its project again?",
        "whether a lost answer can be repeated",
        "project_routes",
        add_twice,
    ),
    Question(
        "A5 limits",
        "What happens at the twenty-first project, and after the last one?",
        "nothing to set: the sync stops at 20 and never removes the last one",
        "project_routes",
        not_asked("it takes further projects, and a task without a project could not be found again"),
    ),
    Question(
        "A6",
        "Does the create call take a section?",
        "whether a new task costs one call or two",
        "project_routes, section_by_status",
        memberships,
    ),
    Question(
        "A12",
        "In which order do subtasks stand?",
        "nothing to set: the sync puts them in line order",
        "line_items",
        subtask_order,
    ),
    Question(
        "A12 stamps",
        "Does a changed subtask move its parent's stamp?",
        "whether lines can be watched through their task",
        "the webhook listener, line_items",
        subtask_stamp,
    ),
)
