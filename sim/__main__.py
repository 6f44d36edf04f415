"""`python -m sim` and the console script `switchboard`."""

from __future__ import annotations

import gc
import os
import sys


def main() -> int:
    """Runs the process's command line and returns its exit code.

    What a process imports it keeps: Python's search for rubbish, which goes through all of it again and again, waits
    until the work begins (`sim.cli.app`). Linear algebra gets one thread, unless the environment says otherwise: more
    turn idly for a quarter of a second at the start, and what they add up differs with the number of cores.
    """
    gc.disable()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from .cli.app import main as answer

    return answer()


if __name__ == "__main__":
    sys.exit(main())
