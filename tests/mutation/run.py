"""Tries all mutants of the rules and writes which tests killed which: `python -m tests.mutation.run`.

Comes in: `mutants.MUTANTS`. Goes out: outputs/gallery/mutants.md. Each mutant is put into a copy of the project, and
the tests named for it run there as plain Python: what is not compiled need not be compiled again.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from .mutants import MUTANTS, Mutant

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("sim", "tests", "conf", "scenarios", "pyproject.toml", "README.md")
PAGE = ROOT / "outputs" / "gallery" / "mutants.md"
LONGEST = 900
"""s for the tests of one mutant: one that never ends is killed too"""
QUIET = ["-q", "-x", "-n", "0", "-p", "no:cacheprovider", "--no-header", "--tb=no"]


def copied(folder: Path) -> None:
    """A copy of what tests need."""
    folder.mkdir(parents=True)
    for name in PARTS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)


def survives(folder: Path, mutant: Mutant | None, tests: Sequence[str]) -> bool:
    """Whether the tests pass in the copy with this mutant in it."""
    return killers(folder, mutant, tests) is None


def killers(folder: Path, mutant: Mutant | None, tests: Sequence[str]) -> str | None:
    """The first test that fails with the mutant in the copy; None if all pass."""
    path = folder / "sim" / (mutant.file if mutant else "__init__.py")
    text = path.read_text(encoding="utf-8")
    if mutant:
        path.write_text(text.replace(mutant.before, mutant.after), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", *QUIET, *(f"tests/{name}" for name in tests)]
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        return "(never ends)"
    finally:
        path.write_text(text, encoding="utf-8")
    if done.returncode not in (0, 1, 2):
        raise RuntimeError(f"the tests could not run: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    found = re.search(r"(?:FAILED|ERROR) tests/(\S+)", done.stdout)
    return None if done.returncode == 0 else found[1] if found else "(not importable)"


def main() -> int:
    """Tries each mutant; 1 if one survives."""
    began, lines, alive = time.monotonic(), [], 0
    with TemporaryDirectory() as place:
        folder = Path(place) / "project"
        copied(folder)
        for mutant in MUTANTS:
            killer = killers(folder, mutant, mutant.tests.split())
            alive += killer is None
            lines.append(f"| {mutant.name} | `{mutant.file}` | {f'`{killer}`' if killer else '**survives**'} |")
            print(lines[-1], flush=True)
    head = f"{len(MUTANTS)} mutants, {alive} alive; {dt.date.today().isoformat()}, {time.monotonic() - began:.0f} s."
    table = ["| mutant | file | killed by |", "|---|---|---|", *lines]
    PAGE.write_text("\n".join(["# Mutants of the rules", "", head, "", *table, ""]), encoding="utf-8")
    return int(alive > 0)


if __name__ == "__main__":
    sys.exit(main())
