"""What a sweep costs beside the simulation: time per trivial point, reported (`extra_info`), not asserted.

The aim is under 1 ms a point for 5,000 points, all in all (`whole`); run it with

    python -m pytest tests/benchmarks/test_sweep_overhead.py --benchmark-enable -n 0

Simulating and observing are timed where they happen, inside the very run, so that a loaded machine
or a cold cache is on both sides of the difference. `CPU`: processor time of this process and its workers, less that of
the simulation. `wall`: time passed on all workers, less the time that they simulated; it holds what other programs
took of the machine. With workers, their start (importing, the first task's compiled code) is in both.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from sim.sweep import work
from sim.sweep.configurations import Configurations
from sim.sweep.parts import write_part
from sim.sweep.points import simulated
from sim.sweep.run import run_sweep
from sim.sweep.tasks import Outcome, Task
from tests.sweeps.centres import queue, run_task

SEEDS = "run.seed"
SIZES = {True: 5000, False: 20}  # measured; only tried out


def timed(tasks: Iterable[Task], configurations: Configurations) -> Iterator[Outcome]:
    """Does tasks and says, in place of a trace, how long simulating and observing took since the last outcome: wall and
    CPU, s."""
    spent = [0.0, 0.0]

    def watched(function: Any, *words: Any) -> Any:
        wall, cpu = time.perf_counter(), time.thread_time()
        try:
            return function(*words)
        finally:
            spent[0] += time.perf_counter() - wall
            spent[1] += time.thread_time() - cpu

    with pytest.MonkeyPatch.context() as patch:
        for name in ("simulate", "observe", "observe_together"):
            patch.setattr(work, name, partial(watched, getattr(work, name)))
        for outcome in work.run_tasks(tasks, configurations):
            told, spent[:] = f"{spent[0]} {spent[1]}", [0.0, 0.0]
            yield replace(outcome, trace=told)


def processor() -> float:
    """CPU seconds of this process and of the workers that have ended."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


@pytest.mark.parametrize("workers", [1, 2])
def test_overhead_of_a_trivial_point(
    benchmark: Any, tmp_path: Path, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from joblib.externals.loky import get_reusable_executor

    from sim.sweep import missing

    points, spent = SIZES[benchmark.enabled], [0.0, 0.0]
    real = missing.Writer.put

    def put(self: Any, outcome: Outcome) -> None:
        for i, seconds in enumerate(map(float, outcome.trace.split())):
            spent[i] += seconds
        real(self, outcome)

    monkeypatch.setattr(missing.Writer, "put", put)
    container = queue(tmp_path / "study", {SEEDS: list(range(points))}, "1 s", replications=1, workers=workers)
    watched = partial(timed, configurations=Configurations({"": simulated(container)}))
    get_reusable_executor().shutdown(wait=True)
    before = processor()

    def whole() -> Any:
        swept = run_sweep(container, work=watched)
        if workers > 1:
            get_reusable_executor().shutdown(wait=True)  # so that its processor time is counted
        return swept

    swept = benchmark.pedantic(whole, rounds=1)
    assert swept.tasks == points
    assert spent[0] > 0
    if benchmark.enabled:
        wall, cpu = benchmark.stats.stats.mean * workers - spent[0], processor() - before - spent[1]
        told = {
            "whole": benchmark.stats.stats.mean, "simulation, CPU": spent[1], "beside it, CPU": cpu,
            "beside it, wall on all workers": wall,
        }  # fmt: skip
        benchmark.extra_info |= {"points": points} | {
            f"ms a point, {name}": round(seconds / points * 1e3, 2) for name, seconds in told.items()
        }


def test_one_part_written(benchmark: Any, tmp_path: Path) -> None:
    configurations = Configurations({"": simulated(queue(tmp_path))})
    outcome = run_task(Task("p", {}, 0, 1), configurations)
    benchmark(partial(write_part, tmp_path, [outcome]))
