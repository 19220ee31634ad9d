"""Names compared without case, and the patterns of the settings: `*` stands for anything, `?` for one character. Pure."""

from __future__ import annotations

import re
import unicodedata

_SIGNS = {"*": ".*", "?": "."}


def normal(text: str) -> str:
    """A name in the form used for comparison: without case, width and extra spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _in_small_letters(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


# Case folding turns “ß” into “ss”; in lower case it stays one character, which a `?` can match.
_SPELLINGS = (normal, _in_small_letters)


class Pattern:
    """A value of the settings that codes or names are to match."""

    def __init__(self, value: str) -> None:
        self._forms = [
            (spelling, re.compile("".join(_SIGNS.get(each) or re.escape(each) for each in spelling(value))))
            for spelling in _SPELLINGS
        ]

    def fits(self, text: str) -> bool:
        return any(form.fullmatch(spelling(text)) for spelling, form in self._forms)
