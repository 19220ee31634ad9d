"""The addresses and answers of the pages."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from .. import model
from ..sandbox import Sandbox
from ..stamps import day_of
from .board import PER_COLUMN, Board
from .detail import Detail
from .table import PER_PAGE, Table

HERE = Path(__file__).parent
IN_SIDEBAR = 8
# Nothing in a document can run code or make network calls.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def routes(sandbox: Sandbox) -> list[BaseRoute]:
    """The pages of one sandbox, to be mounted at its root."""
    pages = Pages(sandbox)
    handlers: dict[str, Callable[[Request], Response]] = {
        "/": pages.home,
        "/projects": pages.projects,
        "/0/{project}/board": pages.board,
        "/0/{project}/list": pages.table,
        "/0/{project}/{task}": pages.task,
        "/0/{project}": pages.project,
        "/1/{workspace}/project/{project}/task/{task}": pages.task,
        "/1/{workspace}/project/{project}": pages.project,
        "/1/{workspace}/task/{task}": pages.task,
    }
    return [
        *(Route(path, _inline(handler)) for path, handler in handlers.items()),
        Mount("/-/page", StaticFiles(directory=HERE / "static")),
    ]


def _inline(handler: Callable[[Request], Response]) -> Callable[[Request], Any]:
    """Runs the handler on the event loop, not in a thread, so that the API cannot change the workspace meanwhile."""

    async def endpoint(request: Request) -> Response:
        return handler(request)

    return endpoint


class Pages:
    """One method per page."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.globals.update(PER_COLUMN=PER_COLUMN, PER_PAGE=PER_PAGE)

    @property
    def today(self) -> str:
        return day_of(self.sandbox.store.now())

    def home(self, request: Request) -> Response:
        projects = self.sandbox.store.projects()
        return self._board(projects[0], request) if projects else self.projects(request)

    def projects(self, request: Request) -> Response:
        text = request.query_params.get("q", "").strip()
        words = text.casefold().split()
        found = [p for p in self.sandbox.store.projects() if all(word in p.name.casefold() for word in words)]
        rows = [(project, _tasks(project)) for project in found]
        return self._page("projects.html", None, text=text, rows=rows)

    def project(self, request: Request) -> Response:
        found = self._find(model.Project, request)
        return RedirectResponse(f"/0/{found.gid}/board") if found else self._missing("project")

    def board(self, request: Request) -> Response:
        found = self._find(model.Project, request)
        return self._board(found, request) if found else self._missing("project")

    def _board(self, project: model.Project, request: Request) -> Response:
        return self._page("board.html", project, tasks=Board(project, request.query_params, self.today), view="board")

    def table(self, request: Request) -> Response:
        found = self._find(model.Project, request)
        if not found:
            return self._missing("project")
        return self._page("list.html", found, tasks=Table(found, request.query_params, self.today), view="list")

    def task(self, request: Request) -> Response:
        """A task, or a project if its permalink names it twice."""
        gid = request.path_params["task"]
        project = self._find(model.Project, request)
        if project and project.gid == gid:
            return RedirectResponse(f"/0/{gid}/{project.default_view if project.default_view == 'list' else 'board'}")
        task = self.sandbox.store.find(model.Task, gid)
        if task is None:
            return self._missing("task")
        detail = Detail(task, project, self.sandbox.settings.subtask_fields, self.today)
        return self._page("task.html", detail.project, detail=detail, task=task)

    def _find(self, kind: type[model.Project], request: Request) -> model.Project | None:
        return self.sandbox.store.find(kind, request.path_params.get("project"))

    def _missing(self, what: str) -> Response:
        return self._page("missing.html", None, 404, what=what)

    def _page(self, template: str, project: model.Project | None, status: int = 200, **values: Any) -> Response:
        projects = self.sandbox.store.projects()
        html = self.environment.get_template(template).render(
            project=project,
            workspace=projects[0].workspace.name if projects else "",
            sidebar=projects[:IN_SIDEBAR],
            project_count=len(projects),
            **values,
        )
        return HTMLResponse(html, status, HEADERS)


def _tasks(project: model.Project) -> tuple[int, int]:
    """The number of a project's tasks, and of those that are open."""
    tasks = [task for section in project.sections for task in section.tasks]
    return len(tasks), sum(not task.completed for task in tasks)
