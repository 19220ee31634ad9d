"""What a text that people have written mentions: a document number, a supplier, an amount. Pure.

Doubt counts as no. A digit group that may be a part of something longer, such as an amount, a date or another number, is no
number of its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

# Between two digits these make one longer number or a date: 1.234, 2026-01-07, 10:30, 7/2026.
_JOINERS = r".,:'’/\-‐‑–−"
_WORD = re.compile(r"[^\W_]+")
_GROUPED = re.compile(r"(?<!\d)\d{1,3}(?: \d{3})+(?!\d)")
# What people write in groups with spaces and is one number all the same: `22 34 56 78` and `900 12 345` (telephone),
# `1234 56 78903` (bank account), `NO93 8601 1117 947` (IBAN), `0001 2345 6789` (payment reference, card).
_IN_GROUPS = re.compile(
    r"(?<![^\W_])(?:\d{2}(?: \d{2}){3,}|\d{3} \d{2} \d{3}|\d{4} \d{2} \d{5}"
    r"|(?:[a-z]{2}\d{2} [a-z\d]{4}|\d{4} \d{4})(?: \d{4})+(?: \d{1,3})?)(?![^\W_])"
)
# Digits in groups of three with spaces between them, else everything up to the next space.
_AMOUNT = re.compile(r"(?<!\d)(?<!\d[-.,'’/:])(?:\d{1,3}(?: \d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,'’]\d+)*)(?![.,'’/:-]?\d)")
_CENTS = Decimal("0.01")
# Asana's numbers are exact up to here, and no amount is larger.
_LARGEST = Decimal(10) ** 15
# The legal forms at the end of company names, which people leave out.
_LEGAL_FORMS = frozenset(
    ("ab", "ag", "ans", "ap", "aps", "as", "asa", "bv", "bva", "co", "corp", "da", "gmbh", "hf", "inc")
)
_LEGAL_FORMS |= frozenset(
    ("kb", "kg", "ks", "limited", "llc", "llp", "ltd", "nv", "oy", "oyj", "oü", "plc", "sa", "srl")
)
_TWO_WORD_FORMS = (("a", "s"), ("i", "s"), ("k", "s"), ("p", "s"), ("s", "a"))
_SHORTEST_NAME = 4


def folded(text: str) -> str:
    """A text in the form used for comparison: without case, and with every kind of space as one space."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def words_in(text: str) -> list[str]:
    """The words of a text, folded; letters and digits that stand together are one word."""
    return _WORD.findall(folded(text))


def telling_word(number: str) -> str | None:
    """The word of a document number by which to look it up: of `INV-2026-10001` that is 10001, because all numbers share
    the others. Whatever mentions the number has this word."""
    words = words_in(number)
    return max(reversed(words), key=len) if words else None


def names_number(text: str, number: str) -> bool:
    """Whether a text contains a document number as a whole word: `PO-000123`, `#000123` and `(000123)` do contain 000123;
    `123`, `1000123`, `000123-2` and `000.123,50` do not."""
    return next(_mentions(folded(text), folded(number)), None) is not None


def without_number(text: str, number: str) -> str:
    """The folded text without its mentions of a document number."""
    result, end = "", 0
    whole = folded(text)
    for match in _mentions(whole, folded(number)):
        result, end = f"{result}{whole[end : match.start()]}#", match.end()
    return result + whole[end:]


def _mentions(text: str, number: str) -> Iterator[re.Match[str]]:
    """Both are folded."""
    if not _WORD.search(number):
        return
    before = r"(?<![^\W_])" + (rf"(?<!\d[{_JOINERS}])" if number[0].isdigit() else "")
    after = r"(?![^\W_])" + (rf"(?![{_JOINERS}]\d)" if number[-1].isdigit() else "")
    # `1 234,50` is one number, although 234 stands alone.
    shapes = (_GROUPED, _IN_GROUPS) if number.isdigit() else ()
    grouped = [match.span() for shape in shapes for match in shape.finditer(text)]
    for match in re.finditer(f"{before}{re.escape(number)}{after}", text):
        if not any(start <= match.start() and match.end() <= end for start, end in grouped):
            yield match


def names_party(text: str, name: str) -> bool:
    """Whether a text contains the name of a supplier or customer, with or without its legal form."""
    words = words_in(text)
    return any(
        wanted == words[start : start + len(wanted)]
        for wanted in _spellings(words_in(name))
        for start in range(len(words))
    )


def _spellings(name: list[str]) -> Iterator[list[str]]:
    if not name:
        return
    yield name
    short = name[:-2] if tuple(name[-2:]) in _TWO_WORD_FORMS else name[:-1] if name[-1] in _LEGAL_FORMS else []
    if len(short) > 1 or len("".join(short)) >= _SHORTEST_NAME:
        yield short


def amounts_in(text: str) -> set[Decimal]:
    """The amounts that a text may mention, in any usual writing: `1234.50`, `1,234.50`, `1.234,50`, `1 234,50`, `1'234.50`;
    without decimals too."""
    amounts = (_read(match.group()) for match in _AMOUNT.finditer(folded(text)))
    return {each for each in amounts if each is not None}


def _read(written: str) -> Decimal | None:
    """The number that these digits and separators write, if they write one."""
    *groups, last = re.split(r"[.,'’ ]", written)
    separators = re.findall(r"[.,'’ ]", written)
    if separators and separators[-1] in ".," and len(last) <= 2 and separators[-1] not in separators[:-1]:
        whole = _whole(groups, separators[:-1])
        return None if whole is None else Decimal(f"{whole}.{last}")
    whole = _whole([*groups, last], separators)
    return None if whole is None else Decimal(whole)


def _whole(groups: list[str], separators: list[str]) -> str | None:
    """The digits of a whole number in groups of three, or in one."""
    in_threes = len(groups[0]) <= 3 and all(len(each) == 3 for each in groups[1:]) and len(set(separators)) == 1
    return "".join(groups) if in_threes or not separators else None


def in_cents(amount: float | Decimal) -> Decimal:
    """An amount without its sign, to the cent: people write a credit note's amount either way."""
    exact = abs(Decimal(str(amount)))
    return exact.quantize(_CENTS) if exact < _LARGEST else exact
