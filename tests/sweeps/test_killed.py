"""Processes that are killed: the whole sweep at seeded moments, a worker once, a worker at the same point each time."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.errors import InputError
from sim.sweep.chunks import Work
from sim.sweep.configurations import Configurations
from sim.sweep.parts import held
from sim.sweep.points import simulated
from sim.sweep.run import run_sweep
from sim.sweep.tasks import Outcome, Task
from sim.sweep.work import run_tasks

from .centres import design, queue, rows_of_parts, same_results, sweep

ROOT = Path(__file__).resolve().parents[2]
AGENTS = "staffing.team.agents"
MANY = {AGENTS: [3, 4, 5, 6, 7], "channels.phone.patience.mean": ["1 min", "2 min", "3 min", "4 min"]}
MEASURE = "4 d"
"""long enough that a sweep is not over half a second after its first result, when the first part is written"""
TASKS, RUNS = 40, 80  # 20 points, 4 replications in blocks of 2
CODE = """
import sys
sys.path.insert(0, {root!r})
from pathlib import Path
from tests.sweeps.centres import sweep
sweep(Path({folder!r}), {factors!r}, measure={measure!r}, workers=2)
"""


def runs(folder: Path) -> set[tuple[str, int]]:
    """(hash, replication) of all that is on disk."""
    found = held(folder / "parts").replications
    return {(point, number) for point, numbers in found.items() for number in numbers}


def parts(folder: Path) -> list[Path]:
    return list((folder / "parts").glob("*.parquet"))


def work_of(container: dict[str, object]) -> partial[Iterator[Outcome]]:
    """What a worker does of a sweep."""
    return partial(run_tasks, configurations=Configurations({"": simulated(container)}))


def killed_after(folder: Path, count: int, pause: float, *, workers_too: bool) -> None:
    """Starts the sweep in a process of its own and kills it once `count` more parts are there and `pause` has
    passed."""
    code = CODE.format(root=str(ROOT), folder=str(folder), factors=MANY, measure=MEASURE)
    before = len(parts(folder))
    process = subprocess.Popen([sys.executable, "-c", code], start_new_session=True, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while len(parts(folder)) < before + count and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.001)
    time.sleep(pause)
    if workers_too:
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def test_kill_9_at_random_moments_loses_and_doubles_nothing(tmp_path: Path) -> None:
    moments = random.Random(20261123)
    for workers_too in (True, False):
        killed_after(tmp_path / "killed", 1, moments.random() / 20, workers_too=workers_too)
    assert rows_of_parts(tmp_path / "killed")[0] > 0  # each one is whole
    finished = runs(tmp_path / "killed")
    assert 4 <= len(finished) < RUNS
    swept = sweep(tmp_path / "killed", MANY, measure=MEASURE)
    assert swept.tasks == TASKS - len(finished) / 2
    assert len(runs(tmp_path / "killed")) == RUNS
    rows, different = rows_of_parts(tmp_path / "killed")
    assert rows == different
    assert sweep(tmp_path / "whole", MANY, measure=MEASURE).tasks == TASKS
    same_results(tmp_path / "killed", tmp_path / "whole")


def killed_worker(process: int) -> bool:
    """Kills one of a process's workers; False if it has none (Linux tells)."""
    children = Path(f"/proc/{process}/task/{process}/children")
    names = children.read_text().split() if children.is_file() else []
    workers = [int(name) for name in names if "loky" in Path(f"/proc/{name}/cmdline").read_text()]
    if workers:
        os.kill(workers[-1], signal.SIGKILL)
    return bool(workers)


@pytest.mark.slow
def test_many_kills_at_random_moments_lose_and_double_nothing(tmp_path: Path) -> None:
    """Whatever is killed, whenever: what was on disk stays, nothing is there twice, the end is the same to the bit."""
    moments, folder, before, done = random.Random(20261124), tmp_path / "killed", set[tuple[str, int]](), []
    code = CODE.format(root=str(ROOT), folder=str(folder), factors=MANY, measure=MEASURE)
    for kill in 4 * ("all", "main", "worker"):
        process = subprocess.Popen([sys.executable, "-c", code], start_new_session=True, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 1.5 + 2 * moments.random()
        while time.monotonic() < until and process.poll() is None:
            time.sleep(0.01)
        if kill == "worker":
            done.append(kill) if killed_worker(process.pid) else None
            process.wait(300)  # it goes on to the end, or has been there
        elif process.poll() is None:
            done.append(kill)
            process.kill() if kill == "main" else os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        found = runs(folder) if folder.is_dir() else set()
        assert found >= before
        before = found
        if len(found) == RUNS:  # begin again with half of it
            assert rows_of_parts(folder)[0] == rows_of_parts(folder)[1]
            for path in parts(folder)[::2]:
                path.unlink()
            before = runs(folder)
    assert {"all", "main"} <= set(done)
    sweep(folder, MANY, measure=MEASURE)
    rows, different = rows_of_parts(folder)
    assert rows == different
    assert len(runs(folder)) == RUNS
    sweep(tmp_path / "whole", MANY, measure=MEASURE)
    same_results(folder, tmp_path / "whole")


def deadly(tasks: Iterable[Task], work: Work, agents: int, flag: Path | None) -> Iterator[Outcome]:
    """Does tasks; at `agents` the worker is killed, with `flag` only the first time."""

    def until_killed() -> Iterator[Task]:
        for task in tasks:
            if task.values[AGENTS] == agents and not (flag is not None and flag.exists()):
                if flag is not None:
                    flag.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            yield task

    return work(until_killed())


@pytest.mark.parametrize("once", [True, False])
def test_a_worker_that_is_killed_takes_nothing_with_it(tmp_path: Path, once: bool) -> None:
    folder = tmp_path / "store"
    container = queue(folder, {AGENTS: [3, 4, 5, 6]}, workers=2)
    work = work_of(container)
    flag = tmp_path / "killed" if once else None
    swept = run_sweep(container, work=partial(deadly, work=work, agents=5, flag=flag))
    states = [row["status"] for row in design(folder)]
    if once:
        assert states == ["ok"] * 4
        sweep(tmp_path / "whole", {AGENTS: [3, 4, 5, 6]})
        same_results(folder, tmp_path / "whole")
        return
    assert states == ["ok", "ok", "failed", "ok"]
    (failed,) = swept.failed.values()
    assert "worker process died" in failed.error
    assert sweep(folder, {AGENTS: [3, 4, 5, 6]}).tasks == 2  # the next run tries it again
    assert set(sim.read_study(folder)["status"]) == {"ok"}


def interrupting(tasks: Iterable[Task], work: Work, stop_at: int) -> Iterator[Outcome]:
    for task in tasks:
        if task.values[AGENTS] == stop_at:
            raise KeyboardInterrupt
        yield from work([task])


def test_ctrl_c_keeps_what_is_finished(tmp_path: Path) -> None:
    container = queue(tmp_path, {AGENTS: [3, 4, 5, 6]})
    sweep(tmp_path, {AGENTS: [3]}, replications=1)  # its results must not pass for those of the larger study
    parts(tmp_path)[0].unlink()
    with pytest.raises(KeyboardInterrupt):
        run_sweep(container, work=partial(interrupting, work=work_of(container), stop_at=5))
    assert len(runs(tmp_path)) == 8
    assert [row["status"] for row in design(tmp_path)] == ["planned"] * 4
    with pytest.raises(InputError, match="is not finished"):
        sim.read_study(tmp_path)
    assert sweep(tmp_path, {AGENTS: [3, 4, 5, 6]}).tasks == 4


def test_a_fault_of_the_program_is_a_row_with_its_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.sweep import work

    def broken(config: object, number: int) -> None:
        raise ZeroDivisionError("a fault")

    real = work.simulate
    monkeypatch.setattr(
        work, "simulate",
        lambda config, number: (broken if config.staffing["team"].agents == 4 else real)(config, number),
    )  # fmt: skip
    swept = sweep(tmp_path, {AGENTS: [3, 4, 5]})
    (name,) = swept.failed
    assert "ZeroDivisionError: a fault" in (tmp_path / "errors" / f"{name}.txt").read_text()
    found = sim.read_study(tmp_path)
    assert list(found["error"][found["point"] == 1]) == ["ZeroDivisionError: a fault"]
    assert np.isfinite(found["mean"][found["point"] == 2]).any()
