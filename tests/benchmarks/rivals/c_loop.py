"""The bare loop in C (`queue.c`), compiled with the machine's compiler, -O3."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from . import AGENTS, PATIENCE, PER_SECOND, SERVICE


def prepared() -> Callable[[int, float], tuple[int, int]]:
    """The loop, compiled. Raises OSError without a compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise OSError("no C compiler (cc, gcc)")
    library = Path(tempfile.mkdtemp()) / "queue.so"
    source = Path(__file__).with_name("queue.c")
    subprocess.run([compiler, "-O3", "-shared", "-fPIC", "-o", library, source, "-lm"], check=True)
    function = ctypes.CDLL(str(library)).simulated

    def simulated(seed: int, hours: float) -> tuple[int, int]:
        """(contacts over, those that left)."""
        over, left, most = ctypes.c_int64(), ctypes.c_int64(), round(PER_SECOND * 3600 * hours * 1.5 + 1000)
        real, whole = ctypes.c_double, ctypes.c_int64
        function(
            ctypes.c_uint64(seed), whole(most), real(3600 * hours), whole(AGENTS), real(1 / PER_SECOND), real(SERVICE),
            real(PATIENCE), ctypes.byref(over), ctypes.byref(left),
        )  # fmt: skip
        return over.value, left.value

    return simulated
