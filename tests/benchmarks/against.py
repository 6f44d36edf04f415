"""`python -m tests.benchmarks.against FOLDER [simpy]`: this engine against that of another working copy, in one run.

Each is a process of its own that simulates on demand; both take turns on equal seeds, and it is CPU time that counts.
It is the compiled engine unless the SimPy engine is named; a copy from before there were two has that one alone.
Centres that use no mechanism beyond a plain queue: what mechanisms cost those who do not ask for them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
CENTRES = ("six_channels(24)", "plain_queue(6)")
ROUNDS = 15
WORKER = """import sys, time
sys.path.insert(0, sys.argv[1])
import sim
assert sim.__file__.startswith(sys.argv[3]), f"{sim.__file__} is not the engine of {sys.argv[3]}"
from compared_centres import plain_queue, six_channels
from sim.model import Configuration
mapping = eval(sys.argv[2])
if "engine" in Configuration.model_fields:
    mapping["engine"] = sys.argv[4]
config = Configuration.from_mapping(mapping)
sim.simulate(config, 99)
for line in sys.stdin:
    began = time.process_time()
    n = sim.simulate(config, int(line)).contacts["entity"].size
    print((time.process_time() - began) / n * 1e6, flush=True)
"""


def worker(folder: Path, centre: str, engine: str) -> subprocess.Popen[str]:
    """A process that simulates a centre with the engine of a folder: seeds in, CPU microseconds a contact out."""
    environment = os.environ | {"PYTHONPATH": str(folder)}
    return subprocess.Popen(
        [sys.executable, "-P", "-c", WORKER, str(HERE), centre, str(folder), engine], env=environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip


def asked(process: subprocess.Popen[str], seed: int) -> float:
    """CPU microseconds a contact with a seed."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{seed}\n")
    process.stdin.flush()
    return float(process.stdout.readline())


def main() -> None:
    """Print the ratio of contacts per CPU second, this engine / the other, with quartiles."""
    folders = HERE.parents[1], Path(sys.argv[1]).resolve()
    for centre in CENTRES:
        ours, theirs = (worker(folder, centre, (*sys.argv[2:], "compiled")[0]) for folder in folders)
        pairs = [(asked(ours, seed), asked(theirs, seed)) for seed in range(ROUNDS)]
        pairs += [tuple(reversed((asked(theirs, seed), asked(ours, seed)))) for seed in range(ROUNDS)]  # type: ignore[misc]
        ratios, quarter = sorted(b / a for a, b in pairs), len(pairs) // 4
        print(f"| {centre}: contacts per CPU second, this engine / the other | **{median(ratios):.3f}** "
              f"(quartiles {ratios[quarter]:.3f}–{ratios[-1 - quarter]:.3f}) |", flush=True)  # fmt: skip
        for process in (ours, theirs):
            process.communicate()


if __name__ == "__main__":
    main()
