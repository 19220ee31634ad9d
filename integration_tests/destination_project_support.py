"""Documents as projects of their own, for tests: what they are written with and what must be there in the end."""

from integration_tests.destination_messages import line, order_id

WORKSPACE = "1200000000000001"
TEAM = "1200000000000200"
TEMPLATE = "1200000000000300"
PORTFOLIO = "1200000000000400"
LINES = [line(1), line(2, "Toner", 2, 500)]
NAMED_LINES = ["1. Paper A4 — 10 × 25.00 = 250.00 NOK", "2. Toner — 2 × 500.00 = 1000.00 NOK"]


def as_projects(line_items=None, **target):
    entry = {"name": "purchase_orders", "write_as": {"type": "project", **target}}
    return [entry | ({"line_items": line_items} if line_items else {})]


def projects(destination, name="PO 000001"):
    return [project for project in destination.asana.state()["projects"] if name in project["name"]]


def the_project(destination, name="PO 000001"):
    [found] = projects(destination, name)
    return found


def tasks_in(destination, project):
    return destination.asana.state(project["gid"])["tasks"]


def names_in(destination, project, completed=False):
    return [task["name"] for task in tasks_in(destination, project) if task["completed"] is completed]


def whole(destination, number):
    """All that must be there in the end, told without gids, so that a disturbed sync can be compared with a calm one."""
    project = the_project(destination, f"{number:06d}")
    register = destination.task(order_id(number))
    notes = project["notes"].replace(f"/{register['gid']}", "/REGISTER").replace(order_id(number), "VISMA ID")
    return {
        "name": project["name"].removeprefix(f"PO {number:06d}"),
        "notes": notes.partition("End of Visma text")[0],
        "due": project["due_on"],
        "members": project["members"],
        "team": project["team"],
        "portfolios": project["portfolios"],
        "fields": {**project["fields"], "Visma ID": project["fields"].get("Visma ID") == order_id(number)},
        "tasks": names_in(destination, project),
        "linked": f"Project: https://app.asana.com/1/{WORKSPACE}/project/{project['gid']}" in register["notes"],
        "register": register["fields"]["Visma ID"] == order_id(number) and not register["subtasks"],
    }
