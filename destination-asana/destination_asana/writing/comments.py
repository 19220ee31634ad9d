"""Comments on tasks, each once."""

from __future__ import annotations

import datetime
from typing import Any

from destination_asana.asana.client import Client
from destination_asana.board.listings import stamp

# What was created before a lost answer is looked for among what is not older than that.
CLOCK_MARGIN = datetime.timedelta(minutes=2)


class Comments:
    """Writes comments."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def add(self, gid: str, text: str) -> None:
        """Puts one comment on a task; after a lost answer the same comment is looked for before it is repeated."""
        stories = f"/tasks/{gid}/stories"
        since = self._client.earliest_time() - CLOCK_MARGIN

        def find() -> dict[str, Any] | None:
            for story in self._client.list(stories, {"opt_fields": "text,created_at"}):
                # The same text may stand there from before: what was Open, Closed and Open again is closed a second time.
                if (story.get("text") or "").split() == text.split() and stamp(story.get("created_at")) >= since:
                    return story
            return None

        self._client.create(stories, {"text": text}, find)


class NoComments:
    """For a dry run: the change itself has been logged."""

    def add(self, gid: str, text: str) -> None:
        """Does nothing."""
