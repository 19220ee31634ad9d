"""Files that the connector makes. They hold names and amounts, so only their owner may read them, from the moment they exist."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def private(path: str, flags: int) -> int:
    """An `opener` for `open`: a file that it makes belongs to its owner alone, whatever the umask. The permissions of a file
    that exists stay as somebody has set them."""
    return os.open(path, flags, 0o600)


def make_folder_of(path: str) -> None:
    """Makes the folders of a file that do not exist yet, for their owner alone. Raises OSError."""
    folder = Path(path).absolute().parent
    for each in (*reversed(folder.parents), folder):
        if not each.exists():
            # Another process may have made it just now.
            with contextlib.suppress(FileExistsError):
                each.mkdir(0o700)
