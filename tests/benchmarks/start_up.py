"""Start-up: which modules a command imports and what it costs before anything is simulated."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
IMPORT_SIM = ("-c", "import sim")
HELP = ("-m", "sim", "--help")
SMALL_RUN = ("-m", "sim", "run=quick", "run.replications=1", "demand.scale=0.02", "run.plots=false")
SLOW_IMPORTS = ("scipy.stats", "pandas", "matplotlib.pyplot")
"""0.4 to 0.8 s each."""
_LINE = re.compile(r"^import time:\s+\d+ \|\s+\d+ \|\s+(\S+)$")


def python(arguments: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """A fresh interpreter, working in `folder`. Raises CalledProcessError if it fails."""
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    environment = os.environ | {"PYTHONPATH": path}
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )


def modules(arguments: Sequence[str], folder: Path) -> set[str]:
    """The modules that a fresh interpreter imports, as `-X importtime` lists them."""
    lines = python(["-X", "importtime", *arguments], folder).stderr.splitlines()
    return {match[1] for match in map(_LINE.match, lines) if match}


def cpu_seconds(arguments: Sequence[str], folder: Path, times: int = 5) -> float:
    """Least CPU time of a fresh interpreter, of several."""
    found = []
    for _ in range(times):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        python(arguments, folder)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        found.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return min(found)
