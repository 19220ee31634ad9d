"""Rich text as safe HTML: only elements that Asana knows become markup; everything else becomes plain text."""

import re
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from markupsafe import Markup, escape

# Headings go two levels down: the page has its own h1 and h2.
_TAGS = {
    **{tag: tag for tag in ("strong", "em", "u", "s", "code", "pre", "ol", "ul", "li", "blockquote")},
    "h1": "h3",
    "h2": "h4",
}
_LINES = ("pre", "ol", "ul", "blockquote", "h1", "h2", "hr")
_VERBATIM = ("a", "code", "pre")
_ADDRESS = re.compile(r"(https?://[^\s<>\"]+[^\s<>\".,;:!?)])")
ASANA = "https://app.asana.com"


def render(html_text: str) -> Markup:
    """The content of a `<body>…</body>` as markup for a page. Text that is not well-formed becomes plain text."""
    try:
        body = ET.fromstring(html_text)
    except ET.ParseError:
        return escape(html_text)
    return _inside(body)


def _inside(element: ET.Element) -> Markup:
    in_list, text = element.tag in ("ol", "ul"), escape if element.tag in _VERBATIM else _text
    parts = [Markup("") if in_list else text(element.text or "")]
    for child in element:
        tail = child.tail or ""
        if child.tag in _LINES:  # these end their line anyway
            tail = tail.removeprefix("\n")
        parts += [_element(child), Markup("") if in_list else text(tail)]
    return Markup("").join(parts)


def _element(element: ET.Element) -> Markup:
    if element.tag == "hr":
        return Markup("<hr>")
    if element.tag == "a":
        return _link(element.get("href"), element.get("data-asana-gid"), _inside(element))
    if element.tag == "img":
        return _link(element.get("src"), None, escape(element.get("alt") or "picture"))
    tag = _TAGS.get(element.tag)
    return Markup("<{0}>{1}</{0}>").format(tag, _inside(element)) if tag else _inside(element)


def _text(words: str) -> Markup:
    """Text with its web addresses as links, as Asana shows it."""
    parts = _ADDRESS.split(words)
    return Markup("").join(_link(part, None, escape(part)) if i % 2 else escape(part) for i, part in enumerate(parts))


def _link(target: str | None, gid: str | None, text: Markup) -> Markup:
    """A link. An Asana address leads to this server's own pages; anything but a web or mail address leads nowhere."""
    local = target or (f"/0/0/{gid}" if gid else "")
    if local.startswith((f"{ASANA}/0/", f"{ASANA}/1/")):
        local = local.removeprefix(ASANA)
    if local.startswith(("/0/", "/1/")):
        return Markup('<a href="{}">{}</a>').format(local, text or local)
    if urlsplit(local).scheme not in ("http", "https", "mailto"):
        return text
    return Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(local, text or local)
