"""Commands that are stopped: what is finished is on disk, the exit code says so, and nothing is left running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.sweep.pool import PREFIX, remove_forgotten

ROOT = Path(__file__).parents[2]
LONG = ["engine=simpy", "centre=single_queue", "run.replications=400", "run.warm_up=0", "run.measure=5 d",
        "run.plots=false", "run.workers=2", "run.log=true"]  # fmt: skip


def children(process: int) -> set[int]:
    """Processes that descend from one, by /proc."""
    parents = {int(path.parent.name): _parent(path) for path in Path("/proc").glob("[0-9]*/stat")}
    found = {process}
    while more := {each for each, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {process}


def _parent(path: Path) -> int:
    try:
        return int(path.read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def working(folder: Path) -> tuple[subprocess.Popen[str], set[int]]:
    """The command at work in a folder, with its workers."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", *LONG], cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, preexec_fn=_listening,
    )  # fmt: skip
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        workers = children(process.pid)
        if len(list(folder.glob("outputs/*/*/log/names.json"))) and len(workers) >= 3:  # two workers and their tracker
            time.sleep(2)  # a first replication is done, and heard of
            return process, workers
        time.sleep(0.1)
    raise AssertionError(process.communicate()[1])


def _listening() -> None:
    """Ctrl-C reaches the command: a shell that starts the tests in its background makes them, and all that they start,
    ignore it, and a run that ignores Ctrl-C ends when it is done."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks into /proc")
def test_workers_die_with_their_parent(tmp_path: Path) -> None:
    process, workers = working(tmp_path)
    process.kill()
    process.communicate()
    deadline = time.monotonic() + 20
    while (left := {each for each in workers if alive(each)}) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert left == set()


def alive(process: int) -> bool:
    """Whether a process runs and is not waiting to be buried."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks into /proc")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stopped_run_keeps_what_is_finished(number: signal.Signals, code: int, tmp_path: Path) -> None:
    process, _ = working(tmp_path)
    process.send_signal(number)
    out, error = process.communicate(timeout=60)
    assert process.returncode == code, error
    assert "Traceback" not in error
    assert list(tmp_path.glob("outputs/*/*/kpis.csv")), error
    assert "Results: " in out


def test_marks_of_the_dead_are_removed_and_those_of_the_living_stay(tmp_path: Path) -> None:
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    for name in (f"{PREFIX}{done.pid}-abc", f"{PREFIX}{os.getpid()}-abc", f"{PREFIX}x-abc", "other-1-abc"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1").write_text("")
    remove_forgotten(tmp_path)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {f"{PREFIX}{os.getpid()}-abc", f"{PREFIX}x-abc", "other-1-abc"}
