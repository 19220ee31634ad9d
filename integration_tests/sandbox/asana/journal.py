"""The traces of a change: a story on the task, an event for listeners, `modified_at`.

`modified_at` changes with names, notes, dates, completion, assignee, field values, attachments and stories. It does not
change if a task is moved or only a subtask changes (Asana OpenAPI document, Task.modified_at).
"""

from typing import Any

from . import model
from .store import Store


class Journal:
    """Writes stories and notifies the store's listeners."""

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
        """Adds a story to a task. `details` are the fields of its subtype; `touch` changes `modified_at`."""
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
