"""Comments on tasks, each written once."""

from __future__ import annotations

import datetime
from typing import Any

from destination_asana.asana import NOT_THERE, AsanaError, Client, stamp_in

# After a lost answer, the comment is looked for among stories that are not older than this.
CLOCK_MARGIN = datetime.timedelta(minutes=2)


class Comments:
    """Writes comments."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def add(self, gid: str, text: str) -> None:
        """Writes one comment on a task. After a lost answer, it looks for the comment before it repeats it. If somebody has
        deleted the task, the AsanaError names the path of the task itself."""
        stories = f"/tasks/{gid}/stories"
        since = self._client.earliest_time() - CLOCK_MARGIN

        def find() -> dict[str, Any] | None:
            for story in self._client.list(stories, {"opt_fields": "text,created_at"}):
                created_at = stamp_in(story.get("created_at"))
                # The same text may have been there before: a status may go from Open to Closed twice.
                is_new = created_at is None or created_at >= since
                if is_new and (story.get("text") or "").split() == text.split():
                    return story
            return None

        try:
            self._client.create(stories, {"text": text}, find)
        except AsanaError as error:
            if error.refusal in NOT_THERE:
                self._client.get(f"/tasks/{gid}", {"opt_fields": "name"})
            raise


class NoComments:
    """For a dry run, which has already logged the change."""

    def add(self, gid: str, text: str) -> None:
        """Does nothing."""
