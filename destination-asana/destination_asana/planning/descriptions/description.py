"""The text block that the sync maintains in a task's description, and how it notices that a person has edited it. Pure.

The block stands between a header and a footer; the footer ends in a check number of the text between them. As long as it
matches, nobody has edited the block, and the sync may replace it. The text around the block is never touched. Rows with a
link do not count: Asana rewrites the addresses of its own tasks and projects, or shows their names instead.

People see the number, so it is short. Asana offers no hidden place for it that is safe: a task's external data belongs to an
app, and whether another person's token sees it is not documented; nor is what happens to hidden characters.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from destination_asana.documents import NO_DESCRIPTION, PROJECT_DESCRIPTION, PROJECT_ID, Document, size_of

# The first sentence of a task that shows a rejected record, and the beginning of its name.
REJECTED = "This record of Visma.net could not be written to Asana."
REJECTED_TITLE = "Could not be synced"
HEADER = "From Visma.net"
FOOTER = "End of Visma text"
# Clients of Asana report a limit of about 65,000 characters for a description. The rest is room for people's own text.
MAX_BLOCK = 50_000
# A long note leaves room for the lines below it.
MAX_NOTE = 20_000

# Earlier releases wrote the first eight characters of a digest, and after them the version.
_DIGEST = r"[0-9a-f]{8}"
_CHECK = r"check\s+(\d{5})(?!\d)"
_BLOCK_IN_TEXT = re.compile(
    rf"{re.escape(HEADER)}\s(.*?)\s?{re.escape(FOOTER)}\s+·\s+(?:({_DIGEST})|(?:\S+\s+·\s+)?{_CHECK})", re.DOTALL
)
_VERSION = re.compile(rf"{re.escape(FOOTER)}\s+·\s+(?:{_DIGEST}[^\S\n]+·[^\S\n]+)?(\d{{4}}-\d\d-\d\dT[\d:.Z+-]+)")
_PARTY_NUMBER = re.compile(r"^(?:Supplier|Customer): .*\(([^()]+)\)$", re.MULTILINE)
_PROJECT_ID = re.compile(rf"^{PROJECT_ID}: (\S.*)$", re.MULTILINE)
_PROJECT_DESCRIPTION = re.compile(rf"^{PROJECT_DESCRIPTION}: (\S.*)$", re.MULTILINE)
# The titles of rows that hold a link.
PROJECT_TITLE, REGISTER_TITLE = "Project", "Register task"
_LINK_ROW = re.compile(rf"^(?:{PROJECT_TITLE}|{REGISTER_TITLE}): .*$", re.MULTILINE)
_PROJECT_LINK = re.compile(rf"^{PROJECT_TITLE}: (\S.*)$", re.MULTILINE)
_NEW_ADDRESS = re.compile(r"/1/\d+/project/(\d+)(?:/task/(\d+))?")
_BLOCK_IN_HTML = re.compile(
    # Asana rewrites the markup: white space may move, and the dot may come back as an entity.
    rf"<strong>\s*{re.escape(HEADER)}\s*</strong>.*?<em>\s*{re.escape(FOOTER)}\s+(?:·|&#183;|&#[xX][bB]7;|&middot;)"
    rf"\s+(?:{_DIGEST}|[^<]*?{_CHECK})[^<]*</em>",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Description:
    """The block for one document: `html` for `html_notes` (without the body tags), the same as plain `text`, the `digest` of
    the text without links, and the document's `version`, which is its stamp in Visma."""

    html: str
    digest: str
    text: str = ""
    version: str | None = None

    @property
    def body(self) -> str:
        """A whole description that consists of the block."""
        return f"<body>{self.html}</body>"


def describe(document: Document, *, with_lines: bool, links: Sequence[tuple[str, str]] = ()) -> Description:
    """Describes what the custom fields of a document do not show, including its lines if the settings put them here.

    `links` are pairs of a title and a web address. The block uses only tags that Asana documents for rich text, and all text
    is escaped (source: Asana developer docs, "Rich text").
    """
    rows = [
        (f"{title}: {value}", f"<strong>{escape(title)}:</strong> {escape(value)}") for title, value in document.facts
    ]
    rows += [(f"{title}: {url}", f"<strong>{escape(title)}:</strong> {_link(url)}") for title, url in links]
    if document.note:
        note = _shortened(document.note)
        rows.append((f"Note: {note}", f"<strong>Note:</strong> {escape(note)}"))
    if with_lines and document.lines:
        rows.append(("Lines", "<strong>Lines</strong>"))
        rows += [(line.name, escape(line.name)) for line in document.lines]
    rows = _cut(rows)
    whole_text = "\n".join(text for text, _ in rows)
    digest = _digest(whole_text)
    footer = " · ".join(part for part in (FOOTER, document.version, f"check {_check(digest)}") if part)
    html = "\n".join([f"<strong>{HEADER}</strong>", *(html for _, html in rows), f"<em>{footer}</em>"])
    return Description(html, digest, whole_text, document.version)


def digest_in(notes: str | None) -> str | None:
    """The digest of an unedited block in a plain-text description; None if a person edited or removed the block.

    Version 0.1.0 wrote the digest itself into the footer. It also included the rows with links, with addresses of the old
    form. Such a digest is accepted too, and returned in today's form."""
    match = _BLOCK_IN_TEXT.search(notes or "")
    if match is None:
        return None
    text, stated, check = match.groups()
    digest = _digest(text)
    if stated is None:
        return digest if check == _check(digest) else None
    accepted = {digest, _digest_of_words(text), _digest_of_words(_NEW_ADDRESS.sub(_in_old_form, text))}
    return digest if stated in accepted else None


def version_in(notes: str | None) -> str | None:
    """The document version that the block in a plain-text description states, or None."""
    match = _VERSION.search(notes or "")
    return match.group(1) if match else None


def text_in(notes: str | None) -> str | None:
    """The text of the block in a plain-text description, between header and footer; None without a block."""
    match = _BLOCK_IN_TEXT.search(notes or "")
    return match.group(1) if match else None


def supplier_number_in(notes: str | None) -> str | None:
    """The supplier or customer number in a plain-text description, or None."""
    return _row(_PARTY_NUMBER, notes)


def project_id_in(notes: str | None) -> str | None:
    """The project ID in a plain-text description of a card, or None."""
    return _row(_PROJECT_ID, notes)


def project_description_in(notes: str | None) -> str | None:
    """The project's description in a plain-text description of a card. It is empty if the project has none in Visma, and
    None if the row is missing."""
    found = _row(_PROJECT_DESCRIPTION, notes)
    return "" if found == NO_DESCRIPTION else found


def project_url_in(notes: str | None) -> str | None:
    """The document's project in the block of a plain-text description: its address or, if Asana shows that instead, its name.
    None if no block links a project."""
    return linked_project(text_in(notes) or "")


def linked_project(text: str) -> str | None:
    """The document's project in the text of a block."""
    match = _PROJECT_LINK.search(text)
    return match.group(1).strip() if match else None


def replace_block(html_notes: str, description: Description) -> str | None:
    """`html_notes` with the block replaced and everything around it kept; None without a block."""
    replaced, count = _BLOCK_IN_HTML.subn(lambda _: description.html, html_notes, count=1)
    return replaced if count else None


def _row(pattern: re.Pattern[str], notes: str | None) -> str | None:
    """The value of a row: from the sync's block if there is one, because people may write similar lines around it."""
    block = text_in(notes)
    match = pattern.search((notes or "") if block is None else block)
    return match.group(1).strip() if match else None


def with_block(html_notes: str, description: Description) -> str:
    """`html_notes` with the block added at the end."""
    inner = html_notes.strip().removeprefix("<body>").removesuffix("</body>").rstrip()
    return f"<body>{inner}\n\n{description.html}</body>" if inner else description.body


def _link(url: str) -> str:
    """A link; if Asana has replaced the address by a name, the plain name."""
    return f'<a href="{escape(url)}">{escape(url)}</a>' if url.startswith("http") else escape(url)


def _cut(rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    size = 0
    for index, (text, html) in enumerate(rows):
        size += size_of(html) + 1
        if size > MAX_BLOCK:
            if index == 0:
                return [(text[:1000] + "…", escape(text[:1000]) + "…")]
            more = f"… and {len(rows) - index} more rows in Visma.net"
            return [*rows[:index], (more, more)]
    return rows


def _shortened(note: str) -> str:
    """A note, or its beginning if its markup would take too much room."""
    if size_of(escape(note)) <= MAX_NOTE:
        return note
    size = 0
    for place, character in enumerate(note):
        size += size_of(escape(character))
        if size > MAX_NOTE:
            return note[:place].rstrip() + "…"
    return note


def _in_old_form(address: re.Match[str]) -> str:
    project, task = address.groups()
    return f"/0/{project}/{task or project}"


def _check(digest: str) -> str:
    """A digest as the footer shows it: five digits, which people read past."""
    return f"{int(digest, 16) % 100_000:05}"


def _digest(text: str) -> str:
    return _digest_of_words(_LINK_ROW.sub("", text))


def _digest_of_words(text: str) -> str:
    """Ignores white space, so that Asana's tidying does not look like an edit."""
    return hashlib.sha256("".join(text.split()).encode()).hexdigest()[:8]
