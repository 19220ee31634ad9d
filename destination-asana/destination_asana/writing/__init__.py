"""Applies what planning decided to Asana.

Speaks HTTP through `asana.client` only. Imports no `sync`.
"""
