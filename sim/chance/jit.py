"""Compiling the sampler and the rules with Numba, once per machine and version of the source.

Numba's own cache notices a change in a function's file but not in the files of the functions it calls, which would
silently run old code. So the cache folder carries a hash of every file of every room in which something is compiled.
With NUMBA_DISABLE_JIT=1 the same code runs as plain Python.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core.runtime import rtsys

from ..caches import cache_folder
from . import parts as _parts

F = TypeVar("F", bound=Callable[..., Any])
_NUMBA: Any = numba
_CONFIG: Any = numba.config
_RUNTIME: Any = rtsys
_PACKAGE = Path(__file__).resolve().parent.parent
_FIRST = threading.RLock()
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
    if function.overloads:
        return True
    name = f"{function.py_func.__module__.rpartition('.')[2]}.{function.py_func.__name__}-*.nbi"
    return bool(CACHE_FOLDER) and any(Path(CACHE_FOLDER).rglob(name))


def compiled(function: F) -> F:
    """`numba.njit` with the cache in CACHE_FOLDER: strict arithmetic (no fastmath), no lock on the interpreter.
    Compiled functions that call it have it as a part of theirs, and do not wait for this one to be finished."""
    return _entry(function, None)


def compiled_for(signature: str) -> Callable[[F], F]:
    """The same for one signature, to which whatever it is called with is brought."""
    return lambda function: _entry(function, signature)


def part_of_kernel(function: F) -> F:
    """The same for what only compiled functions call: no machine code is made with which Python could call it."""
    return function if _CONFIG.DISABLE_JIT else cast(F, Part(function))


class Part:
    """What compiled functions call, and nobody else can. It is made when one of those is compiled: a process that finds
    its machine code needs none of them, and they are hundreds."""

    def __init__(self, function: Callable[..., Any], signature: str | None = None) -> None:
        self.py_func, self._signature = function, signature

    def __call__(self, *_: Any, **__: Any) -> Any:
        """Raises TypeError."""
        raise TypeError(f"{self.py_func.__name__}: a part of compiled functions, which alone can call it")

    @property
    def _numba_type_(self) -> Any:
        """What Numba takes it for where a function that it compiles names it."""
        return self.made._numba_type_

    @cached_property
    def made(self) -> Any:
        """Numba's function: it borrows its arrays, so that nobody counts references to them. Calls with constants or
        with short numbers share the code of calls with variables; Numba compiles each anew."""
        made = _njit(self.py_func, _parts.PartCompiler, _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)
        template, signature = made.get_call_template, self._signature

        def call_template(args: Any, kws: Any) -> Any:
            """What a call of these types calls."""
            if signature is not None and made._can_compile:
                made.compile(signature)
                made.disable_compile()
            return template(tuple(_plain(arg) for arg in args), {name: _plain(kind) for name, kind in kws.items()})

        made.get_call_template, made._insert = call_template, lambda *_, **__: None
        return made


def _entry(function: F, signature: str | None) -> F:
    if _CONFIG.DISABLE_JIT:
        return function
    made = _njit(function, _parts.EntryCompiler, cache=bool(CACHE_FOLDER), no_cfunc_wrapper=True)
    part = Part(function, signature)  # for compiled functions that call it
    made.get_call_template = lambda args, kws: part.made.get_call_template(args, kws)
    made.get_overload = lambda signature: part.made.get_overload(signature)
    if signature is not None:
        _compile_first(made, signature)
    return cast(F, made)


def _njit(function: Any, compiler: type, **options: Any) -> Any:
    theirs = _CONFIG.CACHE_DIR
    _CONFIG.CACHE_DIR = CACHE_FOLDER
    try:
        made = _NUMBA.njit(nogil=True, error_model="numpy", pipeline_class=compiler, **options)(function)
    finally:
        _CONFIG.CACHE_DIR = theirs
    if options.get("cache"):
        _only_load(made._cache)
    return made


def _only_load(cache: Any) -> None:
    """Machine code is loaded without all that Numba knows of compiling, which it fetches first: a sixth of a second of
    every process, `scipy.linalg` among it. What has to be compiled fetches it by itself."""

    def load_overload(signature: Any, context: Any) -> Any:
        """The code for a signature, or None."""
        _RUNTIME.initialize(context)
        with cache._guard_against_spurious_io_errors():
            return cache._load_overload(signature, context)

    cache.load_overload = load_overload


def _compile_first(made: Any, signature: str) -> None:
    """The first call from Python compiles the function, or loads it, for its signature and no other."""

    def first(*_: Any) -> Any:
        """What Numba calls next; of threads that come at once one compiles."""
        with _FIRST:
            if made._can_compile:
                made.compile(signature)
                made.disable_compile()
                vars(made).pop("_compile_for_args", None)
        return made.overloads[next(iter(made.overloads))].entry_point

    made._compile_for_args = first


def _plain(kind: Any) -> Any:
    """The type of variables with which a call shares its code."""
    kind = _NUMBA.types.unliteral(kind)
    return _NUMBA.types.int64 if kind == _NUMBA.types.int32 else kind
