"""The form of days, times, people and colours on the pages."""

from datetime import UTC, date, datetime

from ..model import EnumOption

TONES = ("blue", "green", "amber", "red", "purple", "teal", "pink", "indigo")
_OPTION_TONES = {
    "red": "red",
    "orange": "amber",
    "yellow-orange": "amber",
    "yellow": "amber",
    "yellow-green": "green",
    "green": "green",
    "blue-green": "teal",
    "aqua": "teal",
    "blue": "blue",
    "indigo": "indigo",
    "purple": "purple",
    "magenta": "pink",
    "hot-pink": "pink",
    "pink": "pink",
}
# Options that a sync adds have no colour; these colours distinguish the statuses.
_STATUS_TONES = {
    "open": "blue",
    "hold": "amber",
    "balanced": "teal",
    "pending approval": "teal",
    "prebooked": "purple",
    "scheduled": "purple",
    "reserved": "purple",
    "printed": "indigo",
    "pendingprint": "indigo",
    "pendingemail": "indigo",
    "closed": "green",
    "rejected": "red",
    "gone from visma": "red",
}


def option_tone(option: EnumOption) -> str:
    """The colour class of an option: its own colour, else one that fits its name, else `grey`."""
    return _OPTION_TONES.get(option.color) or _STATUS_TONES.get(option.name.lower(), "grey")


def person_tone(gid: str) -> str:
    """A colour for a person's initials that stays the same on every page."""
    return TONES[int(gid) % len(TONES)]


def initials(name: str) -> str:
    """First letters of the first and last word: `Kari Nordmann` → `KN`."""
    words = name.split()
    return "".join(word[0] for word in words[:1] + words[1:][-1:]).upper() or "?"


def day(text: str, today: str) -> str:
    """A `YYYY-MM-DD` in words, relative to `today` if it is near: `Tomorrow`, `29 Sep`, `29 Sep 2025`."""
    then, now = date.fromisoformat(text), date.fromisoformat(today)
    near = {-1: "Yesterday", 0: "Today", 1: "Tomorrow"}.get((then - now).days)
    return near or f"{then.day} {then:%b}" + ("" if then.year == now.year else f" {then.year}")


def moment(seconds: float) -> str:
    """Seconds since 1970 as `23 Nov 2026, 01:47`, in UTC."""
    then = datetime.fromtimestamp(seconds, UTC)
    return f"{then.day} {then:%b %Y, %H:%M}"
