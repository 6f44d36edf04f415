"""Which program gave a number: a hash of the package's source, the commit where there is one, versions.

Comes in: the files of this package. Goes out: what a manifest, a study and each part of one carry, and what differs
between two programs. The version of a package that is worked on stays the same for months; its source does not.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from . import extensions

PACKAGES = ("switchboard-sim", "simpy", "numpy", "scipy", "numba", "joblib", "hydra-core", "pydantic", "duckdb")
SAME = ("switchboard-sim", "simpy", "numpy", "scipy", "numba")
"""packages whose version may change a digit of a result"""
_PACKAGE = Path(__file__).resolve().parent


def source_hash() -> str:
    """SHA-256 of all Python files of the package with their names, and of the extensions that are loaded; shipped YAML
    is in each configuration."""
    theirs = extensions.digest()
    return hashlib.sha256(f"{_package_hash()} {theirs}".encode()).hexdigest() if theirs else _package_hash()


@lru_cache(maxsize=1)
def _package_hash() -> str:
    total = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        total.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


@lru_cache(maxsize=1)
def commit() -> str | None:
    """The commit of a source tree, read from git's files; None for an installed package."""
    git = _PACKAGE.parent / ".git"
    try:
        if git.is_file():  # a worktree names its folder
            git = Path(git.read_text(encoding="utf-8").removeprefix("gitdir:").strip())
        head = (git / "HEAD").read_text(encoding="utf-8").strip()
        if not head.startswith("ref: "):
            return head
        common = git / "commondir"
        folders = [git, git / common.read_text(encoding="utf-8").strip()] if common.is_file() else [git]
        return next((found for folder in folders if (found := _reference(folder, head[5:]))), None)
    except OSError:
        return None


def _reference(folder: Path, name: str) -> str | None:
    if (folder / name).is_file():
        return (folder / name).read_text(encoding="utf-8").strip()
    packed = folder / "packed-refs"
    lines = packed.read_text(encoding="utf-8").splitlines() if packed.is_file() else []
    return next((line.split()[0] for line in lines if line.endswith(f" {name}")), None)


def package_versions() -> dict[str, str | None]:
    """Of this package and of those that results depend on or are written with."""
    return {name: _version(name) for name in PACKAGES}


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def program() -> dict[str, Any]:
    """What is written beside every result."""
    return {
        "source_sha256": source_hash(), "commit": commit(), "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}", "versions": package_versions(),
        "extensions": extensions.described(),
    }  # fmt: skip


def differences(theirs: Mapping[str, Any]) -> list[str]:
    """How the program that wrote `theirs` differs from this one where a digit may depend on it; empty for the same."""
    found = []
    versions = theirs.get("versions")
    known = versions if isinstance(versions, Mapping) else {}
    for name in SAME:
        mine = _version(name)
        if known.get(name) != mine:
            found.append(f"{name} {known.get(name)}, here {mine}")
    found += _other_extensions(theirs.get("extensions"))
    source = theirs.get("source_sha256")
    if source != source_hash():
        said = f"source {str(source)[:12]}" if source else "no hash of its source"
        at = f" (commit {str(theirs['commit'])[:12]})" if theirs.get("commit") else ""
        found.append(f"{said}{at}, here {source_hash()[:12]}")
    return found


def _other_extensions(theirs: Any) -> list[str]:
    """Extensions that one of the two programs has and the other has not, or has otherwise."""
    listed = [each for each in theirs or () if isinstance(each, Mapping)] if isinstance(theirs, list) else []
    then = {str(each.get("name")): each.get("sha256") for each in listed}
    now = {each["name"]: each["sha256"] for each in extensions.described()}
    missing = [f"without the extension {name} (sim.add_extension, or --extension)" for name in then if name not in now]
    more = [f"with the extension {name}" for name in now if name not in then]
    changed = [f"the extension {name} has changed" for name in now if name in then and then[name] != now[name]]
    return [*missing, *more, *changed]
