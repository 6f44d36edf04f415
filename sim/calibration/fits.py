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
from ..errors import InputError, Problem
from .imported import Fitted

FIT_VERSION = 12
"""Part of the key under which fits are remembered: raise it when the fit changes."""
Keep = Callable[[Fitted], None]
Solve = Callable[[Fitted | None, Keep], Fitted]
"""Solves from a fit that was interrupted, or from scratch, and hands over what is settled on the way."""


def remembered_or(solve: Solve, key: Mapping[str, Any]) -> Fitted:
    """The remembered fit of `key`, else what `solve` finds, which is remembered; so is that there is none, and how far
    an interrupted fit had come. Raises InputError for a fit that failed, now or then."""
    text = json.dumps({"version": FIT_VERSION, **key}, sort_keys=True, default=str)
    path = (cache_folder("fits") or Path(tempfile.mkdtemp())) / f"{hashlib.sha256(text.encode()).hexdigest()}.json"
    settled = path.with_suffix(".settled.json")
    _raise_failure(path)
    fit = read(path)
    if fit is None:
        try:
            fit = solve(read(settled), lambda found: write(settled, found))
        except InputError as error:
            _write(path, {"problems": [[problem.where, problem.what] for problem in error.problems]})
            raise
        write(path, fit)
        settled.unlink(missing_ok=True)
    return fit


def _raise_failure(path: Path) -> None:
    """Raises the InputError of a fit that failed, if that is what is remembered."""
    try:
        problems = json.loads(path.read_text(encoding="utf-8"))["problems"]
    except (OSError, ValueError, TypeError, KeyError):
        return
    raise InputError([Problem(str(where), str(what)) for where, what in problems])


def read(path: Path) -> Fitted | None:
    """A remembered fit; None if there is none, or half a file."""
    try:
        return Fitted.from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def write(path: Path, fit: Fitted) -> None:
    """Writes a fit; the file appears complete or not at all."""
    _write(path, fit.as_json())


def _write(path: Path, said: Mapping[str, Any]) -> None:
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
        json.dump(said, file)
    os.replace(file.name, path)
