"""The demo's project managers: Asana projects of their own, and what a sync shows them there."""

from collections.abc import Iterable, Mapping
from typing import Any

PORTFOLIO = "1200000000000400"
TEAM = "1200000000000200"
# Found by their names, which begin with the ID of a project in Visma.
BY_NAME = (
    "P1001 Hotell Nordlys, lobby og bar",
    "[P1002] Stryn Fjellhotell",
    "P1003: Barnehage Åsane",
    "P1006 Røldal Skisenter, varmestue",
)
# Has a name of its own, so the settings say which project of Visma it is for.
BY_ROUTE, ROUTED = "Lageret i Oslo flytter", "P2002"
# Asana project → project of Visma.
NUMBERS = {name: name.strip("[").partition(" ")[0].strip(":]") for name in BY_NAME} | {BY_ROUTE: ROUTED}
# What is there before the first sync.
PLAN = {"P1001": ("Site visit with the hotel", "Fitting plan for the bar", "Handover")}

Task = dict[str, Any]


def enter(asana: Any) -> dict[str, Any]:
    """Makes the Asana projects in a person's name; returns the destination's settings that lead documents there."""
    gids = {name: _project(asana, name) for name in NUMBERS}
    for number, names in PLAN.items():
        home = next(gid for name, gid in gids.items() if number in name)
        for name in names:
            task = {"name": name, "workspace": asana.WORKSPACE, "projects": [home]}
            asana.as_person("POST", "/tasks", data=task)
    return {
        "route_by_project_name": True,
        "project_routes": [{"by": "project", "value": ROUTED, "project_gid": gids[BY_ROUTE], "section": "Purchases"}],
        "projects_portfolio_gid": PORTFOLIO,
    }


def _project(asana: Any, name: str) -> str:
    project = {"name": name, "workspace": asana.WORKSPACE, "team": TEAM, "default_view": "list"}
    made = asana.as_person("POST", "/projects", data=project)
    gid: str = made["gid"]
    return gid


def routed(asana: Any, tasks: Iterable[Task]) -> dict[str, int]:
    """How many documents stand in each Asana project beside the register; the card of a project is no document."""
    names = {project["gid"]: project["name"] for project in asana.state()["projects"]}
    counts = dict.fromkeys(NUMBERS, 0)
    for task in tasks:
        for home in task["memberships"] if not is_card(task) else ():
            if names[home["project"]] in counts:
                counts[names[home["project"]]] += 1
    return counts


def expected(documents: Mapping[str, Iterable[Mapping[str, Any]]]) -> dict[str, int]:
    """The same counts out of what Visma holds: documents by entity, whose lines name the project."""
    held = [document for of_entity in documents.values() for document in of_entity]
    return {name: sum(number in _named(document) for document in held) for name, number in NUMBERS.items()}


def _named(document: Mapping[str, Any]) -> set[str]:
    """The IDs of the projects of a document's lines, and of a customer's document the one it has as a whole."""
    parts = [document, *document.get("lines", ()), *document.get("invoiceLines", ())]
    return {part["project"]["id"] for part in parts if isinstance(part.get("project"), dict)}


def is_card(task: Task) -> bool:
    visma_id: str = task["fields"]["Visma ID"]
    return visma_id.startswith("ProjectId:")


def numbers(task: Task) -> str:
    """What a project's card says of its money."""
    values = task["fields"]
    words = [f"{word} {values[f'Visma {word}']:,.0f}" for word in ("budget", "committed", "actual", "remaining")]
    return ", ".join(words)


def story(order: Task, invoices: Iterable[Task]) -> str:
    """What an order's task says of its delivery and its invoices."""
    values = order["fields"]
    billed = " and ".join(sorted(invoice["name"].partition(" · ")[0] for invoice in invoices))
    sums = [f"{word} {values[f'Visma {word}']:,.2f}" for word in ("committed", "received", "invoiced", "remaining")]
    return f"{order['name']}: {', '.join(sums)} {values['Visma currency']} ({billed})"
