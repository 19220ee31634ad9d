"""The notes of a release: the part of CHANGELOG.md under its version. `python -m releasing.notes [VERSION]`."""

import re
import sys

from releasing import ROOT
from releasing.version import current


def notes(version: str) -> str:
    """The text between the heading `## VERSION` and the next heading of its level.

    Raises LookupError for a version without a heading, or with nothing below it.
    """
    text = (ROOT / "CHANGELOG.md").read_text()
    found = re.search(rf"^## {re.escape(version)}(?: [^\n]*)?\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    if not found or not found[1].strip():
        raise LookupError(f"CHANGELOG.md has no heading `## {version}` with a text below it. Rename `## Unreleased`.")
    return found[1].strip() + "\n"


if __name__ == "__main__":
    try:
        print(notes(sys.argv[1] if len(sys.argv) > 1 else current()), end="")
    except LookupError as error:
        sys.exit(str(error))
