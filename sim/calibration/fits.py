"""Fits that are remembered: a baseline is fitted once, whatever is asked of it afterwards.

Comes in: what a fit depends on (the plain baseline, the digest of the file, the version of the fit). Goes out: the fit
from the user's cache folder, or from the solver, which then writes it there.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ..caches import cache_folder
from .imported import Fitted

FIT_VERSION = 5
"""Part of the key under which fits are remembered: raise it when the fit changes."""


def remembered_or(solve: Callable[[], Fitted], key: Mapping[str, Any]) -> Fitted:
    """The remembered fit of `key`, else what `solve` finds, which is remembered."""
    text = json.dumps({"version": FIT_VERSION, **key}, sort_keys=True, default=str)
    path = (cache_folder("fits") or Path(tempfile.mkdtemp())) / f"{hashlib.sha256(text.encode()).hexdigest()}.json"
    fit = read(path)
    if fit is None:
        fit = solve()
        write(path, fit)
    return fit


def read(path: Path) -> Fitted | None:
    """A remembered fit; None if there is none, or half a file."""
    try:
        text = json.loads(path.read_text(encoding="utf-8"))
        return Fitted(**text | {"notes": tuple(text["notes"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def write(path: Path, fit: Fitted) -> None:
    """Writes a fit; the file appears complete or not at all."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
        json.dump(fit.as_json(), file)
    os.replace(file.name, path)
