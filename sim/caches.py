"""A folder for what is remembered between runs (compiled code, fits), which nobody else can have written.

Comes in: the names of folders, one below the other. Goes out: the folder, made if need be, or None where no safe place
is left. Compiled code is unpickled when it is read, so whoever can write there can run code as the user: a folder that
belongs to somebody else, is a link, or that others may write into, is never used.
"""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

NAME = "switchboard"
OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


def cache_folder(*names: str) -> Path | None:
    """The user's own folder `names`: below NUMBA_CACHE_DIR, XDG_CACHE_HOME or ~/.cache, else below the temporary one.

    In the temporary folder, which all users share, its name holds the user's number.
    """
    base = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    for top, first in ((Path(base), NAME), (Path(tempfile.gettempdir()), f"{NAME}-{_user()}")):
        folder = _own_folder(top, (first, *names))
        if folder is not None:
            return folder
    return None


def _own_folder(top: Path, names: tuple[str, ...]) -> Path | None:
    """`top` and the folders below it, if all of these are the user's own."""
    folder = top
    try:
        top.mkdir(parents=True, exist_ok=True)
        if not _is_safe_to_be_in(top):
            return None
        for name in names:
            folder = folder / name
            folder.mkdir(mode=0o700, exist_ok=True)
            if not _is_own(folder):
                return None
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None


def _user() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0


def _is_own(folder: Path) -> bool:
    """A folder, not a link to one, that belongs to the user and that nobody else may write into."""
    if not hasattr(os, "getuid"):  # Windows: a user's folders are closed to others
        return folder.is_dir()
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == _user() and not found.st_mode & OTHERS_MAY_WRITE


def _is_safe_to_be_in(top: Path) -> bool:
    """Whether nobody else can put another folder in the place of one of ours: closed to others, or sticky as /tmp."""
    if not hasattr(os, "getuid"):
        return True
    found = top.stat()
    return found.st_uid in (0, _user()) and (not found.st_mode & OTHERS_MAY_WRITE or bool(found.st_mode & stat.S_ISVTX))
