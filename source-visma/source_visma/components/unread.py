"""Errors for a list of which parts, or all of it, did not come."""

from typing import NoReturn

from airbyte_cdk.models import FailureType

from source_visma.components.errors import give_up

NAMED = 3  # parts that a message names


def incomplete(stream: str, unread: list[str]) -> NoReturn:
    """Ends a stream as not complete: these parts of its list did not come. Everything else is passed on by then."""
    rest = len(unread) - NAMED
    more = f"So it is with {rest} more parts of the list. " if rest > 0 else ""
    give_up(
        FailureType.transient_error,
        f"{stream}: {' '.join(unread[:NAMED])} {more}Everything else was passed on. The state stays where it was, so that "
        "the next sync reads it again. If this message comes back, have these records looked at in Visma.net, or "
        "report it to Visma's support.",
    )


def nothing_shown(stream: str, company: str) -> NoReturn:
    """Ends a check in which a list that every company has is empty."""
    give_up(
        FailureType.config_error,
        f"Visma.net answers, but shows no {stream} at all for company ID {company!r}, as it does for a company the "
        "application has no access to. Check the company ID.",
    )
