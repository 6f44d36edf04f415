"""Extensions: what a researcher adds from outside (laws, rules, measures, studies), and which code it came from.

Comes in: a Python file or an installed package that calls `sim.extend`. Goes out: named things by kind, which the rooms
ask for beside those that ship, and for every extension the hash of its source, which enters the provenance of results.

Code is loaded in two ways only: an installed package that says so (entry point, group GROUP), and a file or module that
somebody names in Python or on the command line (`add`). No configuration and no manifest can name one.

Worker processes get the extensions of the process that started them (`sources`, `adopt`): of a file its very text, so
that all of them run the same code even if it is edited meanwhile; of a package its name, and the hash must agree.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import os
import re
import sys
import traceback
import types
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, Literal

from .errors import TRACEBACKS, InputError, Problem, nearest

Kind = Literal["measure", "law", "agent_rule", "queue_rule", "arrivals", "study", "figure", "preset"]
GROUP = "switchboard.extensions"
SWITCH = "SWITCHBOARD_EXTENSIONS"
"""a variable of the environment: `none` leaves out what is installed"""
HERE = __name__.partition(".")[0]
SESSION = "this session"
"""the owner of what a notebook or a script registers itself: nothing that a worker process could load"""


@dataclass(frozen=True)
class Source:
    """Where the code of an extension is, for a worker process and for provenance."""

    name: str
    """what people call it: a file's name, a package with its version"""
    module: str
    sha256: str
    path: str = ""
    """of a file"""
    text: str = ""
    """of a file: what is run"""


@dataclass(frozen=True)
class Registered:
    """One thing that an extension adds."""

    value: Any
    owner: Source


_BY_KIND: dict[Kind, dict[str, Registered]] = {}
_LOADED: dict[str, Source] = {}
"""by module"""
_LOADING: ContextVar[Source | None] = ContextVar("loading", default=None)
_STATE = {"installed": False}


def registered(kind: Kind) -> Mapping[str, Any]:
    """What extensions add of a kind, by name."""
    load_installed()
    return {name: each.value for name, each in _BY_KIND.get(kind, {}).items()}


def owner_of(kind: Kind, name: str) -> str:
    """The name of the extension that adds something; empty for what ships."""
    found = _BY_KIND.get(kind, {}).get(name)
    return found.owner.name if found else ""


def register(kind: Kind, name: str, value: Any, shipped: Iterable[str] = ()) -> None:
    """Adds something under a name. Raises InputError for a name that is taken, or that no file could spell."""
    owner = _LOADING.get() or _caller()
    what = kind.replace("_", " ")
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,63}", name if isinstance(name, str) else ""):
        text = f"the name of a {what} has small letters, digits and underscores, got {name!r}"
        raise InputError(Problem(owner.name, text))
    others = _BY_KIND.setdefault(kind, {})
    if name in set(shipped) or (name in others and others[name].owner.module != owner.module):
        by = f" (of {others[name].owner.name})" if name in others else ""
        raise InputError(Problem(owner.name, f"{what} {name!r} is there already{by}"))
    others[name] = Registered(value, owner)
    _LOADED.setdefault(owner.module, owner)


def add(where: str | Path) -> Source:
    """Loads a Python file, or a module that Python can import, and has it register what it adds.

    The same file again changes nothing; edited, it takes the place of what it was. Raises InputError for what cannot be
    loaded or registers nothing.
    """
    load_installed()
    if str(where).endswith(".py") or os.sep in str(where):
        return _add(_file(Path(where)))
    if not re.fullmatch(r"\w+(\.\w+)*", str(where)):
        raise InputError(Problem(str(where), "an extension is a Python file (my_rules.py) or an importable module"))
    return _add(_module_source(str(where), str(where)))


def load_installed() -> None:
    """Loads the extensions of installed packages, once; safe to call at any time."""
    if _STATE["installed"]:
        return
    _STATE["installed"] = True
    if os.environ.get(SWITCH, "").casefold() == "none":
        return
    for point in sorted(entry_points(group=GROUP), key=lambda each: each.value):
        _add(_installed_source(point))


def sources() -> tuple[Source, ...]:
    """All extensions of this process, for its workers. Raises InputError where a session itself registered something,
    which no other process could know."""
    load_installed()
    loose = _LOADED.get(SESSION)
    if loose is not None:
        names = ", ".join(name for each in _BY_KIND.values() for name, one in each.items() if one.owner is loose)
        what = f"{names} exist in this session alone: run.workers=1, or a file of their own and sim.add_extension"
        raise InputError(Problem("run.workers", what))
    return tuple(_LOADED.values())


def adopt(theirs: Iterable[Source]) -> None:
    """Has the extensions of another process in this one, and no others: a worker of a cluster outlives whoever asked
    before. Raises InputError if a package is not the same here."""
    _STATE["installed"] = True
    wanted = tuple(theirs)
    for module in _LOADED.keys() - {source.module for source in wanted}:
        _forget(module)
    for source in wanted:
        if _LOADED.get(source.module) == source:
            continue
        mine = source if source.text else _module_source(source.name, source.module)
        if mine.sha256 != source.sha256:
            raise InputError(Problem(source.name, "is another version in the worker process: install the same one"))
        _add(mine)


def described() -> list[dict[str, Any]]:
    """For a manifest: every extension with the hash of its source and what it adds."""
    load_installed()
    return [
        {
            "name": source.name, "sha256": source.sha256,
            "adds": [f"{kind} {name}" for kind, each in _BY_KIND.items() for name, one in each.items()
                     if one.owner.module == module],
        } for module, source in sorted(_LOADED.items())
    ]  # fmt: skip


def digest() -> str:
    """One hash of all extensions; empty without any."""
    load_installed()
    hashes = sorted(source.sha256 for source in _LOADED.values())
    return hashlib.sha256(" ".join(hashes).encode()).hexdigest() if hashes else ""


def check_name(kind: Kind, name: str, shipped: Iterable[str]) -> str:
    """The name of something that ships or that an extension adds. Raises ValueError, with the known ones, otherwise."""
    known = [*shipped, *registered(kind)]
    if name not in known:
        hint = nearest(str(name), known)
        own = "; one of an extension needs --extension FILE.py"
        raise ValueError(f"must be one of {', '.join(known)}, got {name!r}{hint if '?' in hint else ''}{own}")
    return name


@contextmanager
def calling(kind: Kind, name: str) -> Iterator[None]:
    """What an extension's function raises inside becomes an InputError that names it and the line."""
    try:
        yield
    except InputError:
        raise
    except Exception as error:
        if TRACEBACKS in os.environ:
            raise
        where = f"{kind.replace('_', ' ')} {name} ({owner_of(kind, name)})"
        raise InputError(Problem(where, _where(error))) from error


# Loading --------------------------------------------------------------------------------------------------------------


def _add(source: Source) -> Source:
    """Runs the code of an extension; what it registered until it failed is taken back."""
    if _LOADED.get(source.module) == source:
        return source
    _forget(source.module)
    _LOADED[source.module] = source
    try:
        with _loading(source):
            _run(source)
        if not any(each.owner.module == source.module for kind in _BY_KIND.values() for each in kind.values()):
            what = "registers nothing: it should call sim.extend.measure, .law, .agent_rule, ..."
            raise InputError(Problem(source.name, what))
    except BaseException as error:
        _forget(source.module)
        if isinstance(error, InputError) or not isinstance(error, Exception) or TRACEBACKS in os.environ:
            raise
        raise InputError(Problem(source.name, f"cannot be loaded: {_where(error)}")) from error
    return source


def _run(source: Source) -> None:
    """Imports a module, or runs the text of a file as one."""
    if not source.text:
        module, _, function = source.module.partition(":")
        if module in sys.modules and not function:
            importlib.reload(sys.modules[module])
        value: Any = importlib.import_module(module)
        for name in filter(None, function.split(".")):
            value = getattr(value, name)
        if function:
            value()
        return
    made = types.ModuleType(source.module)
    made.__file__ = source.path
    sys.modules[source.module] = made
    exec(compile(source.text, source.path, "exec"), made.__dict__)


def _forget(module: str) -> None:
    """Takes back everything that a module registered."""
    _LOADED.pop(module, None)
    for each in _BY_KIND.values():
        for name in [name for name, one in each.items() if one.owner.module == module]:
            del each[name]


@contextmanager
def _loading(source: Source) -> Iterator[None]:
    before = _LOADING.set(source)
    try:
        yield
    finally:
        _LOADING.reset(before)


def _file(path: Path) -> Source:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        what = "no such file" if isinstance(error, FileNotFoundError) else f"cannot be read ({error})"
        raise InputError(Problem(str(path), what)) from None
    place = str(path.resolve())
    stem = re.sub(r"\W", "_", path.stem)
    module = f"switchboard_extension_{stem}_{hashlib.sha256(place.encode()).hexdigest()[:8]}"
    return Source(path.name, module, _hash({path.name: text.encode()}), place, text or "\n")


def _module_source(name: str, module: str) -> Source:
    """The source of a module: of a package all its Python files."""
    try:
        found = importlib.util.find_spec(module.partition(":")[0].partition(".")[0])
    except (ImportError, ValueError):
        found = None
    if found is None or not (found.origin or found.submodule_search_locations):
        raise InputError(Problem(name, f"there is no module {module!r} to import"))
    folders = [Path(folder) for folder in found.submodule_search_locations or ()]
    files = {path.relative_to(folder).as_posix(): path for folder in folders for path in folder.rglob("*.py")}
    if not files:
        files = {Path(str(found.origin)).name: Path(str(found.origin))}
    return Source(name, module, _hash({each: path.read_bytes() for each, path in files.items()}))


def _installed_source(point: EntryPoint) -> Source:
    name = f"{point.dist.name} {point.dist.version}" if point.dist else point.name
    return _module_source(name, point.value)


def _caller() -> Source:
    """The module outside this package that is registering something: an imported one can be imported by a worker."""
    frame: types.FrameType | None = sys._getframe(1)
    while frame is not None and str(frame.f_globals.get("__name__", "")).partition(".")[0] == HERE:
        frame = frame.f_back
    module = str(frame.f_globals.get("__name__", "__main__")) if frame else "__main__"
    if module == "__main__" or frame is None or frame.f_globals.get("__spec__") is None:
        return _LOADED.get(SESSION) or Source(SESSION, SESSION, _hash({SESSION: b""}))
    return _LOADED.get(module) or _module_source(module, module)


def _hash(files: Mapping[str, bytes]) -> str:
    total = hashlib.sha256()
    for name, content in sorted(files.items()):
        total.update(name.encode() + b"\0" + content + b"\0")
    return total.hexdigest()


def _where(error: Exception) -> str:
    """The exception and the line of the extension in which it was raised."""
    package = str(Path(__file__).resolve().parent)
    lines = [each for each in traceback.extract_tb(error.__traceback__) if not each.filename.startswith(package)]
    if isinstance(error, SyntaxError):
        return f"line {error.lineno}: {error.msg}"
    at = f"line {lines[-1].lineno}: " if lines else ""
    return f"{at}{type(error).__name__}: {error}"
