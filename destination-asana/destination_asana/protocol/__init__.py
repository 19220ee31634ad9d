"""Airbyte's side: messages, standard input, what may be acknowledged, what is kept of it (audit, quarantine).

Knows no Asana. Imports nothing of the other rooms.
"""
