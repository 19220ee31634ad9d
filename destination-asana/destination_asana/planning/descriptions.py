"""The text block a sync keeps in a task's description, and how it knows that a person has edited it. Pure.

The block stands between a header and a footer; the footer carries a digest of the text between them. As long as the
digest fits, nobody has touched the block and it may be replaced; text around it is never touched. Rows with a link do
not count in the digest: Asana writes the addresses of its own tasks and projects anew, or shows their names instead.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from destination_asana.documents.document import Document
from destination_asana.documents.projects import PROJECT_ID

HEADER = "From Visma.net"
FOOTER = "End of Visma text"
# Clients agree on about 65,000 characters for a description; the rest is room for people's own words.
MAX_BLOCK = 50_000

_BLOCK_IN_TEXT = re.compile(rf"{re.escape(HEADER)}\s(.*?)\s?{re.escape(FOOTER)}\s+·\s+([0-9a-f]{{8}})", re.DOTALL)
_VERSION = re.compile(rf"{re.escape(FOOTER)}\s+·\s+[0-9a-f]{{8}}[^\S\n]+·[^\S\n]+(\d{{4}}-\d\d-\d\dT[\d:.Z+-]+)")
_PARTY_NUMBER = re.compile(r"^(?:Supplier|Customer): .*\(([^()]+)\)$", re.MULTILINE)
_PROJECT_ID = re.compile(rf"^{PROJECT_ID}: (\S.*)$", re.MULTILINE)
# The titles of rows that hold a link.
PROJECT_TITLE, REGISTER_TITLE = "Project", "Register task"
_LINK_ROW = re.compile(rf"^(?:{PROJECT_TITLE}|{REGISTER_TITLE}): .*$", re.MULTILINE)
_PROJECT_LINK = re.compile(rf"^{PROJECT_TITLE}: (\S.*)$", re.MULTILINE)
_NEW_ADDRESS = re.compile(r"/1/\d+/project/(\d+)(?:/task/(\d+))?")
_BLOCK_IN_HTML = re.compile(
    # Asana writes the markup anew: white space may move, and the dot may come back as an entity.
    rf"<strong>\s*{re.escape(HEADER)}\s*</strong>.*?<em>\s*{re.escape(FOOTER)}\s+(?:·|&#183;|&#[xX][bB]7;|&middot;)"
    r"\s+[0-9a-f]{8}[^<]*</em>",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Description:
    """The block for one document: `html` for `html_notes` (without the body tags), its `text`, the `digest` of that
    without its links, and the `version` of the document, its stamp in Visma."""

    html: str
    digest: str
    text: str = ""
    version: str | None = None

    @property
    def body(self) -> str:
        """A whole description that is nothing but the block."""
        return f"<body>{self.html}</body>"


def describe(document: Document, *, with_lines: bool, links: Sequence[tuple[str, str]] = ()) -> Description:
    """What Visma says about a document beside its custom fields; with its lines when they go into the description.

    `links` are pairs of a title and a web address. Only the tags Asana documents for rich text are used, and every text
    is escaped (source: Asana developer docs, "Rich text").
    """
    rows = [
        (f"{title}: {value}", f"<strong>{escape(title)}:</strong> {escape(value)}") for title, value in document.facts
    ]
    rows += [(f"{title}: {url}", f"<strong>{escape(title)}:</strong> {_link(url)}") for title, url in links]
    if document.note:
        rows.append((f"Note: {document.note}", f"<strong>Note:</strong> {escape(document.note)}"))
    if with_lines and document.lines:
        rows.append(("Lines", "<strong>Lines</strong>"))
        rows += [(line.name, escape(line.name)) for line in document.lines]
    rows = _cut(rows)
    shown = "\n".join(text for text, _ in rows)
    digest = _digest(shown)
    footer = " · ".join(part for part in (FOOTER, digest, document.version) if part)
    html = "\n".join([f"<strong>{HEADER}</strong>", *(html for _, html in rows), f"<em>{footer}</em>"])
    return Description(html, digest, shown, document.version)


def digest_in(notes: str | None) -> str | None:
    """The digest of an untouched block in a plain-text description; None when a person changed or removed it. Version
    0.1.0 counted the rows with links, too, with addresses as they were then: such a digest fits as well, and is given as
    what it is without them."""
    match = _BLOCK_IN_TEXT.search(notes or "")
    if match is None:
        return None
    text, stated = match.groups()
    digest = _digest(text)
    accepted = {digest, _digest_of_words(text), _digest_of_words(_NEW_ADDRESS.sub(_in_old_form, text))}
    return digest if stated in accepted else None


def version_in(notes: str | None) -> str | None:
    """The version of the document that a plain-text description was written for, where its block still says it."""
    match = _VERSION.search(notes or "")
    return match.group(1) if match else None


def text_in(notes: str | None) -> str | None:
    """What the block in a plain-text description says, between its header and its footer; None when there is no block."""
    match = _BLOCK_IN_TEXT.search(notes or "")
    return match.group(1) if match else None


def supplier_number_in(notes: str | None) -> str | None:
    """The supplier's number in a plain-text description, where the block still says it."""
    match = _PARTY_NUMBER.search(notes or "")
    return match.group(1) if match else None


def project_id_in(notes: str | None) -> str | None:
    """The ID of the project whose card a plain-text description is of, where it still says it."""
    match = _PROJECT_ID.search(notes or "")
    return match.group(1).strip() if match else None


def project_url_in(notes: str | None) -> str | None:
    """What the block in a plain-text description says of the document's project: its address or, where Asana shows it
    so, its name; None without a block that links one."""
    return linked_project(text_in(notes) or "")


def linked_project(text: str) -> str | None:
    """The same out of what a block says between its header and its footer."""
    match = _PROJECT_LINK.search(text)
    return match.group(1).strip() if match else None


def replace_block(html_notes: str, description: Description) -> str | None:
    """`html_notes` with its block replaced, everything around it kept; None when there is no block."""
    replaced, count = _BLOCK_IN_HTML.subn(lambda _: description.html, html_notes, count=1)
    return replaced if count else None


def _link(url: str) -> str:
    """A link; of what Asana shows in place of an address, the words."""
    return f'<a href="{escape(url)}">{escape(url)}</a>' if url.startswith("http") else escape(url)


def _cut(rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    size = 0
    for index, (text, html) in enumerate(rows):
        size += len(html) + 1
        if size > MAX_BLOCK:
            if index == 0:
                return [(text[:1000] + "…", escape(text[:1000]) + "…")]
            more = f"… and {len(rows) - index} more rows in Visma.net"
            return [*rows[:index], (more, more)]
    return rows


def _in_old_form(address: re.Match[str]) -> str:
    project, task = address.groups()
    return f"/0/{project}/{task or project}"


def _digest(text: str) -> str:
    return _digest_of_words(_LINK_ROW.sub("", text))


def _digest_of_words(text: str) -> str:
    """Of the words alone, so that white space Asana normalises does not look like an edit."""
    return hashlib.sha256("".join(text.split()).encode()).hexdigest()[:8]
