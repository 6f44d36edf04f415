"""Ctrl-C: exit code 130, what is finished is kept and said, the same command goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from sim.cli.app import main
from sim.studies.compare import task
from sim.studies.worth.answer import Answer
from sim.studies.worth.study import Worth
from sim.sweep.parts import held

ROOT = Path(__file__).resolve().parents[2]
SHORT = ["run.replications=2", "run.warm_up=0", "run.measure=1 d", "run.workers=1", "run.end=cut", "run.plots=false"]
ANSWER = Answer("cheapest", 0.5, 48.0, 5.0, 1.0, (43.0,), 4.0, 1e5, 5e4, (), True)


@pytest.mark.slow
def test_a_sweep_goes_on_after_a_real_ctrl_c(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["study=sweep", "centre=single_queue", "run.replications=400", "run.warm_up=0", "run.measure=12 h",
             "run.workers=2", "study.sweep.block=2", "study.sweep.folder=here",
             "study.sweep.factors.run.seed=[1,2]"]  # fmt: skip
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", *words], cwd=tmp_path, env=environment, stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL, start_new_session=True, text=True,
    )  # fmt: skip
    deadline = time.monotonic() + 120
    while not list(tmp_path.glob("here/parts/*.parquet")) and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all processes
    _, error = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "what is finished is on disk: the same command goes on from there" in error
    assert "Traceback" not in error
    finished = sum(map(len, held(tmp_path / "here" / "parts").replications.values()))
    assert 0 < finished < 800
    monkeypatch.chdir(tmp_path)
    assert main(words) == 0
    assert f"{(800 - finished) // 2} tasks run now" in capsys.readouterr().out


def test_a_comparison_compares_what_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = task.replicate

    def until_the_third(config: Any, label: str, **options: Any) -> Any:
        if label == "focus_channels":
            raise KeyboardInterrupt
        return real(config, label=label, **options)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(task, "replicate", until_the_third)
    scenarios = "study.scenarios=[one_digital_channel,focus_channels]"
    assert main(["study=compare", scenarios, *SHORT, "demand.scale=0.05"]) == 130
    out, error = capsys.readouterr()
    assert "not compared: focus_channels" in error
    assert "comparison.csv" in out
    (table,) = tmp_path.rglob("comparison.csv")
    names = {line.partition(",")[0] for line in table.read_text().splitlines()[1:]}
    assert names == {"one_digital_channel"}


def test_the_worth_of_integration_keeps_its_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def one_answer(self: Any, progress: bool) -> Any:
        yield ANSWER
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Worth, "answers", one_answer)
    assert main(["study=worth", *SHORT, "demand.scale=0.1"]) == 130
    out, error = capsys.readouterr()
    assert "has the 1 answers found so far" in error
    assert "integration.level at 0.5 frees 5.0 agents" in out
    (table,) = tmp_path.rglob("worth.csv")
    assert len(table.read_text().splitlines()) == 2
