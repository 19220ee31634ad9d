"""The command `probe`: asks a live workspace what the documentation of Asana's API leaves open.

It reads only, unless a project is named: then it makes tasks there, asks, and deletes them (trial.py), also if it is stopped.
A question is an object with its text, what its answer decides, and a function that asks it (question.py). Each module with a
list `QUESTIONS` is a group of them; catalog.py puts the groups in order, interview.py asks them, and report.py writes the
answers down. Imports `config` and `asana` of the other rooms.
"""

from destination_asana.probe.command import run

__all__ = [
    "run",
]
