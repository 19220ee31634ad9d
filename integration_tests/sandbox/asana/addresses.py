"""The web addresses of tasks and projects, and how Asana rewrites them in descriptions.

Asana's old addresses are `/0/{project}/{task}`, the new ones `/1/{workspace}/project/{project}/task/{task}`; both lead to
the same page. In descriptions Asana either rewrites them or shows the object's name; which of the two is not documented.
"""

import html
import re
from typing import Any

from .model import Project, Task

APP = "https://app.asana.com"
_ADDRESS = re.compile(
    rf"{re.escape(APP)}/(?:0/(?P<old>\d+(?:/\d+)?)|1/\d+(?P<new>(?:/project/\d+)?(?:/task/\d+)?))(?![\d/])"
)
_IN_LINK = re.compile(r'<a href="([^"]*)">([^<]*)</a>')


def of(thing: Any, caller: Any) -> str:
    """The address of a task or project, in the form that the settings ask for."""
    return new(thing) if caller.settings.addresses == "new" else old(thing)


def old(thing: Any) -> str:
    """`/0/0/{task}`, `/0/{project}/{project}`."""
    return f"{APP}/0/{'0' if isinstance(thing, Task) else thing.gid}/{thing.gid}"


def new(thing: Any) -> str:
    """`/1/{workspace}/project/{project}/task/{task}`; without a project, or without a task, those parts are left out."""
    base = f"{APP}/1/{thing.workspace.gid}"
    if isinstance(thing, Project):
        return f"{base}/project/{thing.gid}"
    home = next(iter(thing.memberships), None)
    return f"{base}/project/{home.gid}/task/{thing.gid}" if home is not None else f"{base}/task/{thing.gid}"


def in_text(text: str, caller: Any) -> str:
    """A plain-text description as Asana shows it."""
    if caller.settings.links == "kept" or APP not in text:
        return text
    return _ADDRESS.sub(lambda match: _shown(match, caller), text)


def in_rich_text(text: str, caller: Any) -> str:
    """The same for a rich text: a link leads to the new address, whatever its text is."""
    if caller.settings.links == "kept" or APP not in text:
        return text

    def link(match: re.Match[str]) -> str:
        target = _ADDRESS.fullmatch(html.unescape(match.group(1)))
        thing = _thing(target, caller) if target else None
        shown = _ADDRESS.sub(lambda address: html.escape(_shown(address, caller), quote=False), match.group(2))
        return f'<a href="{new(thing)}">{shown}</a>' if thing is not None else match.group()

    return _IN_LINK.sub(link, text)


def _shown(match: re.Match[str], caller: Any) -> str:
    thing = _thing(match, caller)
    if thing is None:
        return match.group()
    return str(thing.name) if caller.settings.links == "names" else new(thing)


def _thing(match: re.Match[str], caller: Any) -> Any:
    gids = re.findall(r"\d+", match["old"] or match["new"] or "")
    thing = caller.store.objects.get(gids[-1]) if gids else None
    return thing if isinstance(thing, (Task, Project)) and not getattr(thing, "deleted", False) else None
