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
_NUMBA: Any = numba
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


def has_machine_code() -> bool:
    """Whether compiled functions are compiled, not run as plain Python."""
    return not _CONFIG.DISABLE_JIT


def is_ready(function: Any) -> bool:
    """Whether a function with a cache of its own need not be compiled: it has been, here or for this machine."""
    if _CONFIG.DISABLE_JIT:
        return False
    name = f"{function.py_func.__module__.rpartition('.')[2]}.{function.py_func.__name__}-*.nbi"
    return bool(function.signatures or (CACHE_FOLDER and any(Path(CACHE_FOLDER).rglob(name))))


def compiled(function: F) -> F:
    """`numba.njit` with the cache in CACHE_FOLDER: strict arithmetic (no fastmath), no lock on the interpreter."""
    return _compile(function, None, cache=bool(CACHE_FOLDER))


def compiled_for(signature: str) -> Callable[[F], F]:
    """The same for one signature, compiled as the module is imported."""
    return lambda function: _compile(function, signature, cache=bool(CACHE_FOLDER))


def part_of_kernel(function: F) -> F:
    """The same for what only compiled functions call: nothing is made with which Python could call it, and it is
    cached as a part of those."""
    return _compile(function, None, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def _compile(function: F, signature: str | None, **options: bool) -> F:
    theirs = _CONFIG.CACHE_DIR
    _CONFIG.CACHE_DIR = CACHE_FOLDER
    try:
        made = _NUMBA.njit(signature, nogil=True, **options)(function)
    finally:
        _CONFIG.CACHE_DIR = theirs
    if not _CONFIG.DISABLE_JIT:
        _ignore_literals(made)
    return cast(F, made)


def _ignore_literals(made: Any) -> None:
    """Let calls with constants share the code of calls with variables; Numba compiles each constant anew."""
    template = made.get_call_template

    def plain(args: Any, kws: Any) -> Any:
        """What a call of these types calls."""
        types = _NUMBA.types
        return template(
            tuple(types.unliteral(arg) for arg in args), {name: types.unliteral(kind) for name, kind in kws.items()}
        )

    made.get_call_template = plain
