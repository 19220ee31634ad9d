"""What is written down about changes: a story on the task, an event for those who listen, `modified_at`.

`modified_at` moves with names, notes, dates, completion, assignee, field values, attachments and stories; it does not
when a task is moved or only a subtask changed (Asana OpenAPI document, Task.modified_at).
"""

from typing import Any

from . import model
from .store import Store


class Journal:
    """Writes stories and tells the store's listeners."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def story(
        self,
        task: model.Task,
        user: model.User | None,
        subtype: str,
        text: str,
        touch: bool = True,
        html_text: str | None = None,
        **details: Any,
    ) -> model.Story:
        """Add a story to a task; `details` are the fields only its subtype has. `touch` moves `modified_at`."""
        now = self.store.now()
        story = model.Story(
            self.store.new_gid(), task, now, user, subtype, text, html_text=html_text, details=details or None
        )
        self.store.add(story)
        if task.stories is None:
            task.stories = []
        task.stories.append(story)
        if touch:
            task.modified_at = now
        self.store.notify("added", story, user, task)
        return story
