"""Memory that one replication freed is there for the next one, without the system clearing its pages again."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FAULTS = """
import resource, sys
import numpy as np
from sim.memory import keep_freed
if sys.argv[1] == "kept":
    keep_freed()

def run():
    arrays = [np.ones(500_000) for _ in range(5)]

run()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(5):
    run()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""
PAGES = 5 * 5 * 500_000 * 8 // 4096


def faults(how: str) -> int:
    """Pages that five runs after the first one ask the system for."""
    command = [sys.executable, "-c", FAULTS, how]
    return int(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries decide otherwise")
def test_freed_memory_is_not_asked_for_again() -> None:
    assert faults("kept") < PAGES / 20
    assert faults("as it comes") > PAGES / 4
