"""The slice that one read asks for."""

from airbyte_cdk.sources.types import StreamSlice


def slice_of(**parts: str | None) -> StreamSlice:
    """A slice with these values: ``start_time`` for rows modified since then, or others that the manifest's request names."""
    return StreamSlice(partition={}, cursor_slice={name: value for name, value in parts.items() if value})
