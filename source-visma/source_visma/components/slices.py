"""What is asked for in one go."""

from airbyte_cdk.sources.types import StreamSlice


def slice_of(**parts: str | None) -> StreamSlice:
    """What to ask for: ``start_time`` for what was modified since then, or whatever the manifest's request names."""
    return StreamSlice(partition={}, cursor_slice={name: value for name, value in parts.items() if value})
