"""A study on dask: a real scheduler with two worker processes, one killed; the same to the bit as on one core."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.cli.app import main
from sim.errors import InputError
from sim.sweep.configurations import Configurations
from sim.sweep.points import simulated
from sim.sweep.run import run_sweep
from sim.sweep.tasks import Outcome, Task
from tests.extension.example_file import forgotten

from .centres import design, queue, rows_of_parts, run_task, same_results, sweep

ROOT = Path(__file__).resolve().parents[2]
AGENTS = "staffing.team.agents"
LEVELS = {AGENTS: [3, 4, 5, 6, 7, 8]}
QUIET = {"DASK_DISTRIBUTED__ADMIN__LOW_LEVEL_LOG_LENGTH": "0", "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler with two worker processes, which a nanny starts again when they die."""
    pytest.importorskip("distributed")
    environment = os.environ | QUIET | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    said = tmp_path_factory.mktemp("dask") / "scheduler.json"
    here = ["--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(said)]
    words = (["scheduler", *here, "--port", "0"], ["worker", *here, "--nworkers", "2", "--nthreads", "1"])
    running = [
        subprocess.Popen([sys.executable, "-m", "dask", *each], env=environment, cwd=ROOT, stderr=subprocess.DEVNULL)
        for each in words
    ]
    deadline = time.monotonic() + 120
    while not said.is_file() and time.monotonic() < deadline:
        time.sleep(0.05)
    yield json.loads(said.read_text())["address"]
    for process in reversed(running):
        process.terminate()
        process.wait(60)


def on(address: str, folder: Path, factors: Any = LEVELS, **options: Any) -> dict[str, Any]:
    """A tiny study for the workers at `address`."""
    return queue(folder, factors, **options) | {"exec": {"kind": "dask", "address": address, "timeout": "60 s"}}


def deadly(
    tasks: Iterable[Task], configurations: Configurations, agents: int, flag: Path | None
) -> Iterator[Outcome]:  # fmt: skip
    """Does tasks; at `agents` its worker process is killed, with `flag` only the first time."""
    for task in tasks:
        if task.values[AGENTS] == agents and not (flag is not None and flag.exists()):
            if flag is not None:
                flag.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        yield run_task(task, configurations)


def test_workers_elsewhere_run_the_extensions_of_whoever_asks(scheduler: str, tmp_path: Path) -> None:
    """A file of one's own travels as text: its law and its rule on the cluster, the same to the bit as on one core; and
    who asks next without it has none."""
    (tmp_path / "mine.py").write_text(
        "import sim.extend as extend\n"
        "extend.law('straight', [{'high'}], lambda u, high: high * u)\n"
        "extend.agent_rule('last')(lambda choice: len(choice.agents) - 1)\n"
    )
    own = {"channels.phone.service": [{"law": "straight", "high": "2 min"}], "routing.agent_rule": ["last"]}
    with forgotten():
        sim.add_extension(tmp_path / "mine.py")
        run_sweep(on(scheduler, tmp_path / "cluster", own))
        sweep(tmp_path / "here", own)
        same_results(tmp_path / "cluster", tmp_path / "here")
    run_sweep(on(scheduler, tmp_path / "plain", {AGENTS: [3]}))
    assert {row["status"] for row in design(tmp_path / "plain")} == {"ok"}


def test_the_same_to_the_bit_with_a_worker_killed_in_the_middle(scheduler: str, tmp_path: Path) -> None:
    container = on(scheduler, tmp_path / "cluster")
    work = partial(
        deadly, configurations=Configurations({"": simulated(container)}), agents=6, flag=tmp_path / "killed"
    )
    swept = run_sweep(container, work=work)
    assert (tmp_path / "killed").exists()
    assert swept.tasks == 12
    assert {row["status"] for row in design(tmp_path / "cluster")} == {"ok"}
    rows, different = rows_of_parts(tmp_path / "cluster")
    assert rows == different > 0
    sweep(tmp_path / "serial", LEVELS)
    same_results(tmp_path / "cluster", tmp_path / "serial")
    assert run_sweep(on(scheduler, tmp_path / "serial")).tasks == 0  # the store does not care where it was computed


@pytest.mark.slow
def test_a_point_that_kills_each_worker_fails_and_the_others_go_on(scheduler: str, tmp_path: Path) -> None:
    container = on(scheduler, tmp_path / "cluster", {AGENTS: [3, 4, 5]})
    work = partial(deadly, configurations=Configurations({"": simulated(container)}), agents=4, flag=None)
    run_sweep(container, work=work)
    assert [row["status"] for row in design(tmp_path / "cluster")] == ["ok", "failed", "ok"]
    assert "worker processes that did it died" in design(tmp_path / "cluster")[1]["error"]
    assert run_sweep(on(scheduler, tmp_path / "cluster", {AGENTS: [3, 4, 5]})).tasks == 2  # goes on
    sweep(tmp_path / "serial", {AGENTS: [3, 4, 5]})
    same_results(tmp_path / "cluster", tmp_path / "serial")


TINY = ["study=sweep", "centre=single_queue", "run.replications=1", "run.warm_up=0", "run.measure=1 h",
        "study.sweep.factors.demand.scale=[0.1,0.2]", "exec=dask"]  # fmt: skip


def test_nobody_at_the_address_is_said_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("distributed")
    monkeypatch.chdir(tmp_path)
    assert main([*TINY, "exec.address=tcp://127.0.0.1:9", "exec.timeout=1 s"]) == 2
    assert "exec.address=tcp://127.0.0.1:9: no scheduler answers within 1 s" in capsys.readouterr().err
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_an_address_and_the_package_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([*TINY, "exec.address=null"]) == 2
    assert "exec=dask needs the scheduler's, such as exec.address=tcp://host:8786" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match="needs the package 'distributed': pip install"):
        run_sweep(on("tcp://127.0.0.1:9", tmp_path))
    assert main(["centre=single_queue", "exec=dask", "exec.address=tcp://127.0.0.1:9"]) == 2
    assert "exec=dask is for study=sweep" in capsys.readouterr().err
