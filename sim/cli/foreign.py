"""Files of scenarios, centres and other groups are data: what would make them a program is refused before it is merged.

Comes in: the text of one YAML file that this package did not ship. Goes out: nothing, or an InputError that names the
file. Hydra instantiates whatever stands under its own node (callbacks, launchers, loggers), OmegaConf's resolvers read
the environment, and a dask scheduler runs what it is sent; so a file from somebody else may name none of them. What the
user types on the command line is the user's own and is not looked at here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import InputError, Problem

GLOBAL = ("scenarios", "centre", "experiment")
"""groups whose files change any part of the configuration: their first line says so"""
EXPERIMENT = (("hydra", "mode"), ("hydra", "sweeper", "params"))
"""what a file of the group `experiment` may say of Hydra: that it sweeps, and over which keys"""
TYPED = (("hydra",), ("exec",), ("study", "page"), ("study", "sweep", "folder"))
"""what only the command line sets: it runs programs, reaches other machines or names files to be written"""
MOST_NODES, DEEPEST, LARGEST = 1_000_000, 60, 2**25
"""values of a file with its aliases followed, their nesting, and bytes"""
_REFERENCE = re.compile(r"\$\{[\w.\[\]-]+\}")
_LINE = "its first line must be '# @package _global_'"


def text_of(path: Path) -> str:
    """The text of a file; raises InputError if it is too large or not UTF-8."""
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(Problem(str(path), f"is larger than {LARGEST >> 20} MB"))
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"cannot be read: byte {error.start + 1} is not UTF-8; save the file as UTF-8"
        raise InputError(Problem(str(path), what)) from None
    except OSError as error:
        raise InputError(Problem(str(path), f"cannot be read: {error.strerror or error}")) from None


def check_shape(path: Path, root: Any) -> None:
    """Refuses a YAML node that is no mapping, too deep, holds itself, or unfolds into too many values."""
    if root is not None and root.id != "mapping":
        what = {"sequence": "a list", "scalar": "a single value"}[root.id]
        raise InputError(Problem(str(path), f"holds {what}: it must be a mapping of keys to values"))
    sizes: dict[int, int] = {}

    def size(node: Any, depth: int) -> int:
        """Nodes below and with this one; raises InputError for a tree too deep or too large."""
        if depth > DEEPEST:
            raise InputError(Problem(str(path), f"is nested more than {DEEPEST} levels deep"))
        if id(node) not in sizes:
            below = node.value if isinstance(node.value, list) else []
            inner = [each for item in below for each in (item if isinstance(item, tuple) else (item,))]
            sizes[id(node)] = 1 + sum(size(each, depth + 1) for each in inner)
        if sizes[id(node)] > MOST_NODES:
            raise InputError(Problem(str(path), f"unfolds into more than {MOST_NODES:,} values"))
        return sizes[id(node)]

    if root is not None:
        size(root, 0)


def check_file(path: Path, name: str, header: Mapping[str, str | None], content: Mapping[Any, Any]) -> None:
    """Refuses a file whose content reaches beyond the description of a centre.

    `name` is its place among the groups (`scenarios/mine`), `header` what its comments say (`package`), `content` the
    plain data with interpolations as written.
    """
    group = name.rpartition("/")[0]
    if group in GLOBAL and not header.get("package"):
        raise InputError(Problem(str(path), _LINE if content else f"is empty; {_LINE}, keys and values follow"))
    package = _package(header.get("package") or "_group_", group)
    problems = [*_package_problems(package, group)]
    problems += [each for entry in content.get("defaults") or () for each in _default(entry)]
    below = {key: value for key, value in content.items() if key != "defaults"}
    problems += [each for where, value in _leaves(below, package) for each in _value(where, value, group)]
    if problems:
        raise InputError([Problem(f"{path}: {each.where}", each.what) for each in problems])


def _package(said: str, group: str) -> tuple[str, ...]:
    """The keys under which a file is merged."""
    if said == "_group_":
        return tuple(group.split("/")) if group else ()
    parts = [part for part in said.split(".") if part not in ("_global_", "")]
    return tuple(each for part in parts for each in (group.split("/") if part == "_group_" else [part]))


def _package_problems(package: Sequence[str], group: str) -> Iterator[Problem]:
    if any(part.startswith("_") or "$" in part for part in package):
        yield Problem("@package", f"{'.'.join(package)!r}: must be _global_, _group_ or plain keys")
    if "hydra" in package or (package[:1] == ("exec",) and group != "exec"):
        yield Problem(".".join(package), "cannot be set by a file; type it on the command line")


def _default(entry: Any) -> Iterator[Problem]:
    """Problems of one line of a defaults list."""
    pairs = entry.items() if isinstance(entry, Mapping) else [(entry, None)]
    for key, value in pairs:
        choice, _, package = str(key).split()[-1].partition("@") if str(key).split() else ("", "", "")
        parts = [part for part in choice.split("/") if part]
        if {"hydra", ".."} & set(parts) or parts[:1] in (["exec"], ["experiment"]) or "$" in str(key):
            yield Problem(f"defaults: {key}", "cannot be chosen by a file; type it on the command line")
        if package and (
            "hydra" in package or package.split(".")[0] in ("exec", "study") or package.startswith("_name")
        ):
            yield Problem(f"defaults: {key}", "a file cannot put a group there")
        for name in value if isinstance(value, (list, tuple)) else [value]:
            if isinstance(name, str) and (".." in name.split("/") or name.startswith("/") or not _is_plain(name)):
                yield Problem(f"defaults: {key}: {name}", "must be the name of a file of the group")


def _leaves(node: Any, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every value with its keys, keys themselves as values too, and empty mappings."""
    if isinstance(node, Mapping) and node:
        for key, value in node.items():
            yield (*above, str(key)), str(key)
            yield from _leaves(value, (*above, str(key)))
    elif isinstance(node, (list, tuple)):
        for value in node:
            yield from _leaves(value, above)
    else:
        yield above, node


def _value(where: tuple[str, ...], value: Any, group: str) -> Iterator[Problem]:
    path = ".".join(where)
    for typed in TYPED:
        if where[: len(typed)] == typed and not _is_allowed(where, group):
            yield Problem(path, "cannot be set by a file; type it on the command line")
            return
    if isinstance(value, str) and not _is_plain(value):
        what = "may refer to other keys, as ${demand.scale}, and to nothing else (no resolvers such as ${oc.env:...})"
        yield Problem(path, what)
    if where[:1] == ("hydra",) and "$" in str(value):
        yield Problem(path, "takes no references in a file")
    if where[:3] == EXPERIMENT[1] and len(where) > 3 and _is_typed(".".join(where[3:])):
        yield Problem(path, "a sweep over this key is typed on the command line")


def _is_allowed(where: tuple[str, ...], group: str) -> bool:
    """Whether a file of this group may go there: exec files describe where to run, experiments say what to sweep."""
    if where[0] == "exec":
        return group == "exec"
    return group == "experiment" and any(
        where[: len(path)] == path[: len(where)] for path in EXPERIMENT
    )  # the way to an allowed key, and below it


def _is_typed(override: str) -> bool:
    """Whether an override's key, with or without a package, is one that only the command line sets, or leads to one."""
    for key in re.split("[@:]", override.partition("=")[0]):
        path = tuple(part for part in re.split("[./]", re.sub(r"[^\w./-]", "", key)) if part)
        if any(path[: len(typed)] == typed[: len(path)] for typed in TYPED if path and path != ("study",)):
            return True
    return False


def _is_plain(text: str) -> bool:
    """Whether a text has no interpolation but references to other keys than Hydra's."""
    references = _REFERENCE.findall(text)
    return "${" not in _REFERENCE.sub("", text) and not any("hydra" in each for each in references)
