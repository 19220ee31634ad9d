"""The way to Asana: requests, their pace, signing in, and what a refusal means.

The one place that speaks HTTP. Knows no documents.
"""
