"""Texts of others in messages: no character that ends a line, steers a terminal or turns the direction of writing. Pure."""

from __future__ import annotations

import logging
import re

# Control characters (line ends, escape sequences), Unicode's line ends, marks of direction, halves of surrogate pairs.
_DECEPTIVE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")


def plain(text: str) -> str:
    """A text that cannot pass for more than a part of its line: a supplier's name could otherwise begin a line of the log."""
    return _DECEPTIVE.sub(" ", text)


class PlainMessages(logging.Filter):
    """Makes every message of the log plain."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = plain(record.getMessage()), None
        return True
