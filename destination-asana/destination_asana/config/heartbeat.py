"""The setting of the heartbeat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

DAYS = 2


@dataclass(frozen=True, slots=True)
class HeartbeatSetting:
    """Whom Asana reminds, and how many days ahead of each good sync the task is due."""

    assignee: str
    days: int = DAYS


def heartbeat_of(setting: Mapping[str, Any] | None) -> HeartbeatSetting | None:
    """The setting, or None without one. An assignee makes it one: Airbyte's form sends the default of `days` alone, too."""
    assignee = str((setting or {}).get("assignee") or "").strip()
    if not assignee:
        return None
    return HeartbeatSetting(assignee, int((setting or {}).get("days") or DAYS))
