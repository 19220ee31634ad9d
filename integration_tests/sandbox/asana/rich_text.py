"""The strict rich-text parser: which markup `html_notes` and `html_text` may contain, and its plain text.

Rules: Asana developer docs, "Rich text": well-formed XML in one `<body>`, a short list of elements, attributes only on
links and images, no paragraphs and no line-break elements (a newline is a newline).
"""

import re
from xml.etree import ElementTree as ET

from .errors import ApiError, bad

COMMENT_TAGS = frozenset(["body", "strong", "em", "u", "s", "code", "pre", "ol", "ul", "li", "a", "blockquote"])
TASK_TAGS = COMMENT_TAGS | {"h1", "h2", "hr", "img"}
PROJECT_TAGS = TASK_TAGS
_LINK = frozenset(
    ("href", "data-asana-gid", "data-asana-type", "data-asana-accessible", "data-asana-dynamic", "data-asana-project")
)
_IMAGE = frozenset(
    (
        "src",
        "style",
        "alt",
        "data-asana-gid",
        "data-asana-type",
        "data-src-width",
        "data-src-height",
        "data-thumbnail-url",
    )
)


def plain(text: object, field: str, tags: frozenset[str] = TASK_TAGS) -> str:
    """The plain text of a rich text. Raises ApiError 400 if Asana would refuse it."""
    if not isinstance(text, str):
        raise bad(f"{field}: Value is not a string: {text}")
    if re.search(r"<!|<\?", text):
        raise _refused(field, "declarations are not allowed")
    try:
        body = ET.fromstring(text)
    except ET.ParseError as error:
        raise _refused(field, str(error)) from None
    if body.tag != "body":
        raise _refused(field, "it must be wrapped in a <body> tag")
    for element in body.iter():
        _check(element, field, tags, element is body)
    return _text_of(body).strip("\n")


def _check(element: ET.Element, field: str, tags: frozenset[str], top: bool) -> None:
    if element.tag not in tags or (element.tag == "body" and not top):
        raise _refused(field, f"unsupported tag <{element.tag}>")
    allowed = {"a": _LINK, "img": _IMAGE}.get(element.tag, frozenset())
    for name in element.attrib:
        if name not in allowed:
            raise _refused(field, f"unsupported attribute {name} on <{element.tag}>")
    if element.tag in ("ol", "ul") and any(child.tag not in ("li", "ol", "ul") for child in element):
        raise _refused(field, f"<{element.tag}> may only hold <li>")


def _text_of(element: ET.Element) -> str:
    parts = [element.text or ""]
    for child in element:
        inner = _text_of(child)
        if child.tag in ("li", "h1", "h2", "blockquote", "pre"):
            inner = f"{'• ' if child.tag == 'li' else ''}{inner}\n"
        parts += [inner, child.tail or ""]
    return "".join(parts)


def _refused(field: str, why: str) -> ApiError:
    return bad(f"{field}: XML is invalid: {why}")
