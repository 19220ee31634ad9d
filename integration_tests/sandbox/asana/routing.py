"""Finds the function for each method and path. Handlers register themselves with `@route`."""

from collections.abc import Callable
from typing import Any

from .errors import no_route

Handler = Callable[..., Any]


class Routes:
    """A tree of path segments. `{name}` matches any one segment, which is passed on by that name."""

    def __init__(self) -> None:
        self._root: dict[str, Any] = {}

    def add(self, method: str, pattern: str, handler: Handler, scope: str | None) -> None:
        node, names = self._root, []
        for segment in pattern.strip("/").split("/"):
            variable = segment.startswith("{")
            if variable:
                names.append(segment[1:-1])
            node = node.setdefault("{}" if variable else segment, {})
        node[f"{method} "] = (handler, names, scope, pattern)

    def find(self, method: str, segments: list[str]) -> tuple[Handler, dict[str, str], str | None, str]:
        """Handler, path parameters, needed scope and pattern; raises ApiError 404 when nothing answers there.

        `segments` are the decoded parts of the path: a part may hold a slash of its own (`external:` ids do).
        """
        node, values = self._root, []
        for segment in segments:
            if segment in node and not segment.endswith(" "):
                node = node[segment]
            elif "{}" in node and segment:
                values.append(segment)
                node = node["{}"]
            else:
                raise no_route()
        found = node.get(f"{method} ")
        if found is None:
            raise no_route()
        handler, names, scope, pattern = found
        return handler, dict(zip(names, values, strict=True)), scope, pattern


ROUTES = Routes()


def route(method: str, pattern: str, scope: str | None = None) -> Callable[[Handler], Handler]:
    """Registers a handler. `scope` is the OAuth scope that a granular token needs; None means that only full permissions
    suffice."""

    def register(handler: Handler) -> Handler:
        ROUTES.add(method, pattern, handler, scope)
        return handler

    return register
