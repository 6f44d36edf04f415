"""Folders that a run makes, so that a mistake removes those again and no other."""

from __future__ import annotations

import os
from pathlib import Path

_MADE: dict[Path, tuple[Path, ...]] = {}
"""by folder of a run: it and those above it that were not there before, the innermost first"""


def about_to_make(folder: Path) -> None:
    """Remembers which of a folder and those above it are missing."""
    folder = Path(os.path.abspath(folder))
    _MADE[folder] = tuple(each for each in (folder, *folder.parents) if not each.exists())


def remove_made(folder: Path) -> None:
    """Removes a run's folder and those made for it, as far as they are empty; what was there before stays."""
    for each in _MADE.pop(Path(os.path.abspath(folder)), ()):
        if not each.is_dir() or any(each.iterdir()):
            return
        each.rmdir()


def was_made(folder: Path) -> bool:
    """Whether a folder was made for a run of this process."""
    here = Path(os.path.abspath(folder))
    return here in _MADE.get(here, ())
