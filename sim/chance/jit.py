"""Compiling the sampler and the rules with Numba, once per machine and version of the source.

Numba's own cache notices a change in a function's file but not in the files of the functions it calls, which would
silently run old code. So the cache folder carries a hash of every compiled source file. It lies in the user's cache
folder because the installation may be read-only. With NUMBA_DISABLE_JIT=1 the same code runs as plain Python.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])
_CONFIG: Any = numba.config
_PACKAGE = Path(__file__).resolve().parent.parent
_COMPILED_FOLDERS = ("chance", "coded", "engine", "log", "rules", "statistics")


def _source_hash() -> str:
    digest = hashlib.sha256()
    for folder in _COMPILED_FOLDERS:
        for path in sorted((_PACKAGE / folder).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _cache_folder() -> str:
    base = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    for candidate in (Path(base), Path(tempfile.gettempdir())):
        folder = candidate / "switchboard" / _source_hash()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return str(folder)
    return ""


CACHE_FOLDER = _cache_folder()


def is_cold() -> bool:
    """Whether nothing is compiled yet for this version of the source on this machine: the first run waits for it."""
    return not _CONFIG.DISABLE_JIT and not (CACHE_FOLDER and any(Path(CACHE_FOLDER).iterdir()))


def compiled(function: F) -> F:
    """`numba.njit` with the cache in CACHE_FOLDER: strict arithmetic (no fastmath), no lock on the interpreter."""
    return _compile(function, None)


def compiled_for(signature: str) -> Callable[[F], F]:
    """The same for one signature: what is called with literals and with variables is then compiled only once."""
    return lambda function: _compile(function, signature)


def _compile(function: F, signature: str | None) -> F:
    theirs = _CONFIG.CACHE_DIR
    _CONFIG.CACHE_DIR = CACHE_FOLDER
    try:
        return cast(F, numba.njit(signature, cache=bool(CACHE_FOLDER), nogil=True)(function))
    finally:
        _CONFIG.CACHE_DIR = theirs
