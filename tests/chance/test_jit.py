"""Compiled code is never old and never a stranger's: what the cache is keyed by, and where it lies."""

from __future__ import annotations

import ast
import inspect
import math
import os
import pkgutil
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numba
import numpy as np
import pytest

import sim
from sim.caches import cache_folder
from sim.chance.jit import CACHE_FOLDER, compiled, compiled_rooms, has_machine_code, part_of_kernel, source_hash
from sim.chance.philox import uniform
from sim.sums.times import whole_times

PACKAGE = Path(sim.__file__).parent


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package's sources."""
    return Path(shutil.copytree(PACKAGE, tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__", "_shipped")))


def test_equal_sources_have_equal_hashes(copy: Path) -> None:
    assert source_hash(copy) == source_hash()


@pytest.mark.parametrize("change", ["edit", "nested", "rename"])
def test_any_change_of_a_room_with_compiled_code_changes_the_hash(copy: Path, change: str) -> None:
    """Of a file without compiled code too, whose constants compiled functions freeze; and in a folder of a folder."""
    for room in compiled_rooms(copy):
        before = source_hash(copy)
        files = sorted((copy / room).rglob("*.py"))
        if change == "edit":
            files[-1].write_text(files[-1].read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
        elif change == "nested":
            (copy / room / "deep" / "deeper").mkdir(parents=True)
            (copy / room / "deep" / "deeper" / "new.py").write_text("ONE = 1\n", encoding="utf-8")
        else:
            files[-1].rename(files[-1].with_name("renamed.py"))
        assert source_hash(copy) != before, room


def test_a_room_is_hashed_once_something_in_it_is_compiled(copy: Path) -> None:
    before = source_hash(copy)
    (copy / "plots" / "deep").mkdir()
    path = copy / "plots" / "deep" / "fast.py"
    path.write_text("ONE = 1\n", encoding="utf-8")
    assert source_hash(copy) == before
    path.write_text("from ...chance.jit import compiled\n", encoding="utf-8")
    assert "plots" in compiled_rooms(copy)
    assert source_hash(copy) != before


def compiled_functions() -> list[Any]:
    """Every function that Numba compiles, in all modules of the package."""
    found: dict[str, Any] = {}
    for module in pkgutil.walk_packages([str(PACKAGE)], "sim."):
        if module.name.split(".")[1] in compiled_rooms():
            for value in vars(import_module(module.name)).values():
                if hasattr(value, "py_func"):
                    found[f"{value.py_func.__module__}.{value.py_func.__name__}"] = value.py_func
    return list(found.values())


def test_compiled_code_uses_nothing_from_rooms_that_are_not_hashed() -> None:
    """Numba freezes the globals of a function: a constant from another room could change without being noticed."""
    functions = compiled_functions()
    assert len(functions) > 30
    for function in functions:
        module = Path(inspect.getfile(function))
        here = module.relative_to(PACKAGE.parent).with_suffix("").parts
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level:
                target = [*here[: len(here) - node.level], *(node.module or "").split(".")]
                used = {alias.asname or alias.name for alias in node.names} & set(function.__code__.co_names)
                assert not used or target[1] in compiled_rooms(), (function.__name__, used, target)


# Where it lies --------------------------------------------------------------------------------------------------------


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's cache folder, and a temporary folder of all users."""
    shared = tmp_path / "tmp"
    shared.mkdir()
    shared.chmod(0o1777)
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("tempfile.tempdir", str(shared))
    return tmp_path


def test_a_cache_folder_is_closed_to_others(base: Path) -> None:
    folder = cache_folder("a", "b")
    assert folder == base / "home" / "switchboard" / "a" / "b"
    assert [path.stat().st_mode & 0o777 for path in (folder, folder.parent, folder.parent.parent)] == [0o700] * 3
    assert cache_folder("a", "b") == folder


def test_without_a_home_the_name_holds_the_user(base: Path) -> None:
    (base / "home").write_text("no folder", encoding="utf-8")
    folder = cache_folder("a")
    assert folder == base / "tmp" / f"switchboard-{os.getuid()}" / "a"
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("level", ["switchboard", "switchboard/a"])
@pytest.mark.parametrize("mode", [0o777, 0o770, 0o1777])
def test_a_folder_that_others_may_write_into_is_not_trusted(base: Path, level: str, mode: int) -> None:
    planted = base / "home" / level
    planted.mkdir(parents=True)
    planted.chmod(mode)
    folder = cache_folder("a")
    assert folder is not None
    assert folder.is_relative_to(base / "tmp")


def test_a_link_is_not_trusted(base: Path) -> None:
    (base / "elsewhere").mkdir()
    (base / "home").mkdir()
    (base / "home" / "switchboard").symlink_to(base / "elsewhere")
    assert cache_folder("a") == base / "tmp" / f"switchboard-{os.getuid()}" / "a"


@pytest.mark.skipif(os.name == "nt" or os.getuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_another_user_is_not_trusted(base: Path) -> None:
    """Neither in the home nor in the temporary folder: then nothing is remembered."""
    for path in (base / "home" / "switchboard", base / "tmp" / f"switchboard-{os.getuid()}"):
        path.mkdir(parents=True, mode=0o700)
        os.chown(path, 65534, 65534)
    assert cache_folder("a") is None


def test_a_folder_in_which_others_can_swap_folders_is_not_used(base: Path) -> None:
    (base / "home").mkdir()
    (base / "home").chmod(0o777)
    assert cache_folder("a") == base / "tmp" / f"switchboard-{os.getuid()}" / "a"


# Parts of machine code ------------------------------------------------------------------------------------------------


@part_of_kernel
def long_part(unused: float, x: float) -> float:
    """Too long to be copied into its callers; LLVM drops its first argument where nobody else can call it."""
    if x < 0.0:
        raise ValueError("below 0")
    total = 0.0
    for outer in range(int(x)):
        total += math.exp(-total) + math.log(1.0 + total) + math.sqrt(total)
        if total > 5.0:
            total += math.atan(total) * math.sin(total)
        elif total > 3.0:
            total += math.cos(total) * math.exp(-total)
        elif total > 2.0:
            total += math.cos(total) * math.exp(-2.0 * total)
        else:
            total += math.tan(total)
        for inner in range(outer):
            if total > 50.0:
                total += math.atan(total + inner) * math.sin(total)
            elif total > 30.0:
                total += math.cos(total + inner) * math.exp(-total)
            elif total > 20.0:
                total += math.cos(total) * math.exp(-2.0 * total)
            else:
                total += math.tan(total)
            total += math.sqrt(abs(total)) + math.log(2.0 + abs(total))
    if total > 5.0:
        total += math.atan(total) * math.sin(total)
    elif total > 3.0:
        total += math.cos(total) * math.exp(-total)
    else:
        total += math.tan(total)
    return total


def calls_it_often(x: float) -> float:
    """The part with three values of the argument that it does not use."""
    total = 0.0
    if x > 2.0:
        total += long_part(1.0, x)
    if x > 3.0:
        total += long_part(3.0, x - 1.0)
    if x > 4.0:
        total += long_part(4.0, x * 2.0)
    return total


@pytest.mark.skipif(not has_machine_code(), reason="nothing is compiled")
def test_parts_stay_right_for_other_code_once_an_entry_has_changed_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one process, in this order: the entry's own copy of the part takes one argument, the plain function's two.
    With a symbol for the first, the loader let the second call it: wrong numbers, in a cold process only."""
    exact = calls_it_often_in_python(5.0)
    monkeypatch.setattr("sim.chance.jit.CACHE_FOLDER", "")
    entry, plain = compiled(calls_it_often), numba.njit(calls_it_often)
    assert entry(5.0) == pytest.approx(exact, rel=1e-12)
    code = next(iter(entry.inspect_llvm().values()))  # type: ignore[attr-defined]
    [own] = [line for line in code.splitlines() if line.startswith("define") and "long_part" in line]
    assert own.count("double") == 1, "the case that is asked about"
    assert plain(5.0) == pytest.approx(exact, rel=1e-12)
    assert compiled(calls_it_often)(5.0) == entry(5.0)


def calls_it_often_in_python(x: float) -> float:
    """The same without machine code."""
    part = long_part.py_func  # type: ignore[attr-defined]
    return float(part(1.0, x) + part(3.0, x - 1.0) + part(4.0, x * 2.0))


@pytest.mark.skipif(not has_machine_code(), reason="nothing is compiled")
def test_python_cannot_call_a_part() -> None:
    with pytest.raises(TypeError, match="long_part: a part of compiled functions"):
        long_part(1.0, 2.0)


# What loading it takes ------------------------------------------------------------------------------------------------

LOAD = """
import sys
import numpy as np
from sim.chance.philox import uniform
from sim.sums.times import _whole as part, whole_times
uniform(1, 0, 5, 1, 2)
whole_times(np.array([1.5]), 60.0)
assert set(vars(part)) == {"py_func", "_signature"}, "nothing is made that only compiling needs"
print(*sys.modules)
"""


@pytest.mark.skipif(not CACHE_FOLDER or not has_machine_code(), reason="nothing is remembered")
def test_a_process_that_finds_its_machine_code_fetches_nothing_of_compiling() -> None:
    """Numba by itself does before it loads anything, a sixth of a second: among it `scipy.linalg`."""
    uniform(1, 0, 5, 1, 2)  # if nobody has compiled them so far
    whole_times(np.array([1.5]), 60.0)
    command = [sys.executable, "-c", LOAD]
    modules = subprocess.run(command, cwd=PACKAGE.parent, capture_output=True, text=True, check=True).stdout.split()
    assert {"numba.core.dispatcher", "sim.chance.philox"} <= set(modules)
    assert {"numba.np.linalg", "numba.typed.typeddict", "scipy.linalg"} & set(modules) == set()


@pytest.mark.skipif(not has_machine_code(), reason="nothing is compiled")
def test_what_the_cache_keeps_of_an_entry_is_its_machine_code_and_the_names_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Numba knows by the names what there is to call, and reads no more of LLVM's code than them."""
    monkeypatch.setattr("sim.chance.jit.CACHE_FOLDER", "")
    entry: Any = compiled(calls_it_often)
    entry(5.0)
    [result] = entry.overloads.values()
    name, kind, (machine_code, names) = result.library.serialize_using_object_code()
    module = llvm.parse_bitcode(names)
    assert (name, kind, len(list(module.functions))) == (result.library.name, "object", 0)
    assert {result.fndesc.llvm_func_name, result.fndesc.llvm_cpython_wrapper_name} <= {
        each.name for each in module.global_variables
    }
    assert len(names) < len(machine_code)
