"""Files that the listener makes. They hold names and signing secrets, so only their owner may read them, from the moment they
exist."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

OPEN_TO_OTHERS = (
    "database_path: other users of this machine may read {path}, which holds the secrets that Asana signs with. Close it with "
    "`chmod 600`, and close the -wal and -shm beside it."
)


def private(path: str | Path, flags: int) -> int:
    """An `opener` for `open`: a file that it makes belongs to its owner alone, whatever the umask. The permissions of a file
    that exists stay as somebody has set them."""
    return os.open(path, flags, 0o600)


def make_folder_of(path: Path) -> None:
    """Makes the folders of a file that do not exist yet, for their owner alone. Raises OSError."""
    folder = path.absolute().parent
    for each in (*reversed(folder.parents), folder):
        if not each.exists():
            # Another process may have made it just now.
            with contextlib.suppress(FileExistsError):
                each.mkdir(0o700)


def open_to_others(path: Path) -> bool:
    """Whether other users may read the file. False where a file system keeps no permissions."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return bool(mode & (stat.S_IRGRP | stat.S_IROTH))
