"""Compiling the sampler and the rules with Numba, once per machine and version of the source.

Numba's own cache notices a change in a function's file but not in the files of the functions it calls, which would
silently run old code. So the cache folder carries a hash of every file of every room in which something is compiled.
With NUMBA_DISABLE_JIT=1 the same code runs as plain Python.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

from ..caches import cache_folder

F = TypeVar("F", bound=Callable[..., Any])
_CONFIG: Any = numba.config
_PACKAGE = Path(__file__).resolve().parent.parent
_COMPILES = re.compile(rb"^from \.[.\w]*jit import .*\bcompiled", re.MULTILINE)


FROZEN = ("coded", "log")
"""rooms that compile nothing and whose codes compiled functions hold as constants (a test looks for others)"""


def compiled_rooms(package: Path = _PACKAGE) -> list[str]:
    """Folders of the package with a compiled function in them, however deep, and those whose constants such functions
    freeze."""
    files = sorted(package.glob("*/**/*.py"))
    compiling = {path.relative_to(package).parts[0] for path in files if _COMPILES.search(path.read_bytes())}
    return sorted(compiling | {room for room in FROZEN if (package / room).is_dir()})


def source_hash(package: Path = _PACKAGE) -> str:
    """Of names and contents of all files of those rooms: a compiled function may have frozen a constant of any."""
    digest = hashlib.sha256()
    for room in compiled_rooms(package):
        for path in sorted((package / room).rglob("*.py")):
            text = path.read_bytes()
            digest.update(f"{path.relative_to(package).as_posix()} {len(text)} ".encode() + text)
    return digest.hexdigest()[:16]


CACHE_FOLDER = str(cache_folder(source_hash()) or "")
"""empty where no place is safe: everything is then compiled in each process"""


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
