"""Anything that a user can type, and any place to type it in: a message and exit code 2, or results; no traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.cli import job
from sim.cli.app import main

ROOT = Path(__file__).parents[2]
SLIPS = {
    "a group that is null": (["run=null"], "run=null: run is a group of files: name one of them"),
    "another": (["channels=null"], "channels=null: channels is a group of files"),
    "a scenario that is null": (["scenarios=null"], "scenarios=null: scenarios is a group of files"),
    "a group that is a number": (["channels=1"], "channels=1: channels is a group of files, of which one is named"),
    "a level for its group": (["integration=0.5"], "did you mean 'integration.level=0.5'?"),
    "a factor for its group": (["demand=2"], "did you mean 'demand.scale=2'?"),
    "levels for their group": (["-m", "integration=0,0.5"], "did you mean 'integration.level=0,0.5'?"),
    "a list of numbers for a group": (["channels=[1,2]"], "channels is a group of files"),
    "two scenarios in one run": (["scenarios=[siloed,advocates]"], "-m scenarios=a,b"),
    "reasons taken away": (["customers.reasons=null"], "customers.reasons"),
    "a calendar's end": (["run.start=9999-12-31", "run.measure=3d"], "run.start"),
    "a folder below a device": (["hydra.run.dir=/dev/null/x"], "/dev/null/x"),
    "brackets without end": (["demand.scale=" + "[" * 300 + "]" * 300], "is nested too deeply"),
    "a key without end": ([".".join(["a"] * 200) + "=1"], "is no override"),
    "resolving nothing": (["--resolve"], "--resolve"),
    "a rerun of a pickle": (["--experimental-rerun", "x.pickle"], "runs whatever its pickle says"),
    "two commands": (["-m", "--cfg", "job"], "Only one of"),
    "a letter that is none": (["scenario.question=\x1b[2J"], "scenario.question=\\x1b[2J: is no override"),
    "a name with a slash": (["scenario.name=a/b"], "is no name"),
    "nothing at all": ([""], "is no override"),
    "an equals sign": (["="], "="),
    "a tilde": (["~"], "~"),
    "infinite agents": (["staffing.phone.agents=inf"], "staffing.phone.agents: must be a finite number, got inf"),
    "infinite demand": (["demand.scale=inf"], "demand.scale: must be a finite number, got inf"),
    "an infinite interval": (["run.interval=inf"], "run.interval: must be a finite number, got inf"),
    "an infinite wage": (["economics.wage_per_hour=inf"], "economics.wage_per_hour: must be a finite number"),
    "truth for a number": (["channels.phone.failure=true"], "channels.phone.failure: must be a number, got true"),
    "truth in a list": (["demand.streams.all.profile=[true]"], "profile: must be a number, got true"),
    "an empty list": (["demand.streams.all.profile=[]"], "demand.streams.all.profile: must hold at least 1, got 0"),
    "a thousand million agents": (["staffing.phone.agents=1e9"], "if that is meant, say run.large=true"),
    "a volume with six zeros too many": (["demand.scale=1e6"], "if that is meant, say run.large=true"),
    "a million replications": (["run.replications=1000000"], "contacts, "),
    "more than there is": (["demand.scale=1e15"], "demand.scale: must be a number up to 1e+12"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own; what would simulate fails the test."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(job, "run", lambda *_, **__: pytest.fail("was run"))
    return tmp_path


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_a_message(slip: str, here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    words, message = SLIPS[slip]
    assert main(words) == 2
    said = capfd.readouterr()
    assert message in said.err
    assert "Traceback" not in said.err + said.out
    assert not [path for path in here.rglob("*") if path.is_file()]


def started(words: list[str], folder: Path, **options: object) -> subprocess.CompletedProcess[str]:
    """The real command in a folder."""
    variables = {**os.environ, "PYTHONPATH": str(ROOT), **options.pop("env", {})}  # type: ignore[dict-item]
    command = [sys.executable, "-m", "sim", *words]
    return subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, timeout=300, **options)  # type: ignore[call-overload]


TINY = [
    "centre=single_queue",
    "run.replications=1",
    "run.warm_up=0",
    "run.measure=1 h",
    "run.plots=false",
    "run.end=cut",
]


def test_a_folder_whose_name_looks_like_a_reference(here: Path) -> None:
    folder = here / "a ${x} 'b' ${oc.env:HOME}"
    (folder / "scenarios").mkdir(parents=True)
    done = started([*TINY, "run.workers=1"], folder)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    assert list(folder.glob("outputs/*/*/kpis.csv"))


def test_no_error_stream_and_a_console_without_our_letters(here: Path) -> None:
    words = " ".join(f"'{word}'" for word in [*TINY, "run.workers=1"])
    shell = f"{sys.executable} -m sim {words} 2>&-"
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(["sh", "-c", shell], cwd=here, env=variables, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0
    assert "Results: " in done.stdout
