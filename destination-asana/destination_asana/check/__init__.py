"""`check`: verifies token, workspace, projects, custom fields, streams and assignees in turn, by reading only.

Each subject is a module with a function that takes a `Subject`, raises config_error for a failure and returns warnings in
words. To add a subject, add a module and list its function in `subjects.py`.
"""

from destination_asana.check.verdict import check

__all__ = ["check"]
