"""The workspace the sandbox starts with: a small Nordic trading company's finance team. Gids and tokens are fixed.

People, by token: `sandbox-asana-token` (Finance Bot, which syncs), `sandbox-asana-person-token` (Kari Nordmann),
`sandbox-asana-guest-token` (a guest), `sandbox-asana-viewer-token` (a member who may only view the project),
`sandbox-asana-scoped-token` (only `tasks:read`, `projects:read`, `users:read`, `workspaces:read`),
`sandbox-asana-deactivated-token` (401) and `sandbox-asana-elsewhere-token` (another workspace).
"""

from .model import (
    CustomField,
    CustomFieldSetting,
    EnumOption,
    Portfolio,
    Project,
    ProjectTemplate,
    Section,
    Team,
    TemplateRole,
    Token,
    User,
    Workspace,
    WorkspaceMembership,
)
from .store import Store

TOKEN = "sandbox-asana-token"
OAUTH_CLIENT = "sandbox-asana-client"
OAUTH_SECRET = "sandbox-asana-secret"
OAUTH_REFRESH = "sandbox-asana-refresh"
OAUTH_CODE = "sandbox-asana-code"

WORKSPACE = "1200000000000001"
OTHER_WORKSPACE = "1200000000000002"
PROJECT = "1200000000000100"
SECTION = "1200000000000101"
TEAM = "1200000000000200"
TEMPLATE = "1200000000000300"
PORTFOLIO = "1200000000000400"
PRIORITY_FIELD = "1200000000000500"

PEOPLE = [
    ("1200000000000010", "Finance Bot", "finance.bot@nordlys.example", "member", "sandbox-asana-token"),
    ("1200000000000011", "Kari Nordmann", "kari.nordmann@nordlys.example", "member", "sandbox-asana-person-token"),
    ("1200000000000012", "Søren Østergaard", "soren.ostergaard@nordlys.example", "member", None),
    ("1200000000000013", "Åsa Lindström", "asa.lindstrom@nordlys.example", "member", None),
    ("1200000000000014", "Mikko Virtanen", "mikko.virtanen@nordlys.example", "member", "sandbox-asana-viewer-token"),
    ("1200000000000015", "Guðrún Jónsdóttir", "gudrun@revisor.example", "guest", "sandbox-asana-guest-token"),
    (
        "1200000000000016",
        "Per Slutaren",
        "per.slutaren@nordlys.example",
        "deactivated",
        "sandbox-asana-deactivated-token",
    ),
    ("1200000000000017", "Ola Hansen", "ola.hansen@nordlys.example", "member", "sandbox-asana-scoped-token"),
]


def fill(store: Store) -> None:
    """Puts the initial workspace into an empty store."""
    now = store.now()
    home = store.add(Workspace(WORKSPACE, "Nordlys Handel", email_domains=["nordlys.example"]))
    away = store.add(Workspace(OTHER_WORKSPACE, "Somewhere else", is_organization=False))
    people: dict[str, User] = {}
    for gid, name, email, role, token in PEOPLE:
        person = store.add(User(gid, name, email, {home: role}))
        people[name] = person
        store.add(WorkspaceMembership(f"{int(gid) + 50}", person, home, now))
        if token:
            store.tokens[token] = Token(token, person)
    stranger = store.add(User("1200000000000019", "Else Where", "else.where@elsewhere.example", {away: "member"}))
    store.add(WorkspaceMembership("1200000000000069", stranger, away, now))
    store.tokens["sandbox-asana-elsewhere-token"] = Token("sandbox-asana-elsewhere-token", stranger)
    store.tokens["sandbox-asana-scoped-token"].scopes = frozenset(
        {"tasks:read", "projects:read", "users:read", "workspaces:read"}
    )
    bot, kari, mikko = people["Finance Bot"], people["Kari Nordmann"], people["Mikko Virtanen"]
    team = store.add(Team(TEAM, "Finance", home, [bot, kari, people["Søren Østergaard"], people["Åsa Lindström"]]))
    project = store.add(
        Project(PROJECT, "Finance documents", home, now, now, owner=kari, team=team, default_view="board")
    )
    project.members = {kari: "admin", bot: "editor", mikko: "viewer"}
    project.sections.append(store.add(Section(SECTION, "Untitled section", project, now)))
    _priority(store, project, kari, now)
    _template(store, home, team, kari)
    store.add(Portfolio(PORTFOLIO, "Finance portfolio", home, now, bot, bot, public=True, members=[bot, kari]))


def _priority(store: Store, project: Project, owner: User, now: float) -> None:
    """A field that belongs to people, which a sync must not touch."""
    field = store.add(CustomField(PRIORITY_FIELD, "Priority", "enum", project.workspace, owner, now))
    colours = ("red", "yellow", "cool-gray")
    for number, (name, colour) in enumerate(zip(("High", "Medium", "Low"), colours, strict=True), 1):
        field.options.append(store.add(EnumOption(f"{int(PRIORITY_FIELD) + number}", name, colour, True, field)))
    project.settings.append(store.add(CustomFieldSetting("1200000000000510", field, project, True)))


def _template(store: Store, workspace: Workspace, team: Team, owner: User) -> None:
    roles = [store.add(TemplateRole("1200000000000311", "Approver"))]
    store.add(
        ProjectTemplate(
            TEMPLATE,
            "Supplier document",
            workspace,
            owner,
            team,
            "Steps from receipt to payment",
            dates=[("1", "Start Date"), ("2", "Due Date")],
            roles=roles,
            content=[("To do", [("Check lines", None), ("Approve", roles[0].gid)]), ("Done", [])],
        )
    )
