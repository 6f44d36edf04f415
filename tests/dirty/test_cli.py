"""A user's mistakes on the command line: a message that helps, exit code 2, no traceback, nothing left behind."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from sim.cli import job
from sim.cli.app import main
from sim.errors import InputError, Problem
from sim.model import Configuration

MISTAKES = {
    "misspelt keys, reported together": (
        ["staffing.phnoe.agents=30", "staffing.phone.agnets=3", "integraton.level=1", "scenaros=siloed", "run.sede=2",
         "channels.phone.balking.treshold=1 min"],
        ["error: staffing.phnoe: unknown key; did you mean 'phone'?",
         "error: staffing.phone.agnets: unknown key; did you mean 'agents'?",
         "error: integraton: unknown key; did you mean 'integration'?",
         "error: scenaros: unknown key; did you mean 'scenarios'?",
         "error: run.sede: unknown key; did you mean 'seed'?",
         "error: channels.phone.balking.treshold: unknown key; did you mean 'threshold'?"],
    ),
    "misspelt keys, added with a plus": (
        ["+staffing.phone.agnets=30", "+channels.phone.nonsense=1"],
        ["error: staffing.phone.agnets: unknown key; did you mean 'agents'?",
         "error: channels.phone.nonsense: unknown key (known: "],
    ),
    "a misspelt name in a table": (
        ["integration.pairs.website.phnoe=1"],
        ["error: integration.pairs.website.phnoe: unknown channel; did you mean 'phone'?"],
    ),
    "values, reported together": (
        ["staffing.phone.wage_per_hour=-3", "staffing.chat.agents=many", "channels.phone.failure=1.2", "engine=simpi",
         "channels.phone.patience.mean=5", "run.replications=0"],
        ["error: staffing.phone.wage_per_hour: must be at least 0, got -3",
         "error: staffing.chat.agents: must be a number, got 'many'",
         "error: channels.phone.failure: must be at most 1, got 1.2",
         "error: channels.phone.patience.mean: needs a unit, such as '5 s' or '5 min'",
         "error: engine: must be one of simpy, compiled, auto, both, got 'simpi'; did you mean 'simpy'?",
         "error: run.replications: must be at least 1, got 0"],
    ),
    "an unknown kind": (
        ["channels.phone.kind=telephone"], ["must be one of self_service, live, deferred, got 'telephone'"]
    ),
    "a row that does not sum to 1": (
        ["journeys.rows.email.any.else.phone=1.0"], ["error: journeys.rows.email.any.else: must sum to 1, sums to 1."]
    ),
    "an unknown scenario": (["scenarios=silod"], ["error: scenarios: unknown 'silod'; did you mean 'siloed'?"]),
    "an unknown centre": (
        ["centre=phone_with_ivrs"], ["error: centre: unknown 'phone_with_ivrs'; did you mean 'phone_with_ivr'?"]
    ),
    "slips": (
        ["scenario=siloed", "siloed"],
        ["error: scenario=siloed: scenarios are chosen with 'scenarios=siloed'",
         "error: siloed: is no override: write key=value, such as staffing.phone.agents=30; "
         "did you mean 'scenarios=siloed'?"],
    ),
    "a sweep without -m": (
        ["staffing.phone.agents=25,30"], ["error: staffing.phone.agents=25,30: holds several values: add -m to sweep"]
    ),
    "half a list": (["staffing.phone.agents=[1,"], ["is no override that can be read"]),
    "a reference to nothing": (
        ["staffing.phone.agents=${nowhere}"], ["error: staffing.phone.agents: Interpolation key 'nowhere' not found"]
    ),
    "an unknown option": (["--no-such-option"], ["error: --no-such-option: unknown option"]),
    "a folder that is not there": (["--config-dir", "nowhere"], ["error: nowhere: no such folder"]),
    "a sweep over an unknown scenario": (
        ["-m", "scenarios=siloed,silod"], ["error: scenarios: unknown 'silod'; did you mean 'siloed'?"]
    ),
    "a sweep of a misspelt key": (
        ["-m", "staffing.phnoe.agents=25,30"], ["error: staffing.phnoe: unknown key; did you mean 'phone'?"]
    ),
    "a sweep of which no point can run": (
        ["-m", "staffing.phone.agents=-1,-2"], ["error: point 1 (staffing.phone.agents=-2): staffing.phone.agents: "]
    ),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs leave `outputs/` in the working folder; the jobs of these tests simulate nothing."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(job, "run_job", _pretend)


def _pretend(
    config: Configuration,
    folder: Path,
    brief: bool = False,
) -> None:
    agents = config.source["staffing"]["phone"]["agents"]
    if agents == 13:
        raise ZeroDivisionError("a bug")
    if agents == 14:
        raise InputError(Problem("my.csv", "no such file"))
    header = "scope,name,measure,interval,mean,half_width,lower,upper,n,unit\n"
    (folder / "kpis.csv").write_text(header + f"journey,all,resolved,all,{agents},1,2,3,4,share\n", encoding="utf-8")


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_explained(mistake: str, capfd: pytest.CaptureFixture[str]) -> None:
    words, messages = MISTAKES[mistake]
    assert main(words) == 2
    said = capfd.readouterr()
    for message in messages:
        assert message in said.err
    assert "error: " in said.err
    assert "Traceback" not in said.err + said.out
    assert "Hydra" not in said.err + said.out


def test_a_mistake_leaves_no_folder(tmp_path: Path) -> None:
    main(["staffing.phone.agents=-1"])
    main(["-m", "scenarios=siloed,silod"])
    assert not list(tmp_path.glob("outputs/*/*"))


def test_a_broken_scenario_file_is_named_with_its_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "mine.yaml").write_text("# @package _global_\ndemand: {scale: 2\nrun: {}\n")
    assert main(["scenarios=mine"]) == 2
    said = capfd.readouterr().err
    assert "mine.yaml:3" in said
    assert "Traceback" not in said


def test_a_misspelt_key_in_a_scenario_file_is_found(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "mine.yaml").write_text("# @package _global_\ndemand: {scael: 2}\n")
    assert main(["scenarios=mine"]) == 2
    assert "error: demand.scael: unknown key; did you mean 'scale'?" in capfd.readouterr().err


def test_a_known_key_needs_no_plus_sign(tmp_path: Path) -> None:
    words = ["channels.phone.service_factors.interval=1 h", "channels.phone.service_factors.values=[1]"]
    assert main([*words, "integration.pairs.website.phone=1", "run.workers=2"]) == 0
    assert main(["demand.streams.all.dates={2026-01-13: 1.5}", "channels.email.deadline=null"]) == 0


def test_a_users_scenario_in_the_working_folder_runs_under_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "mine.yaml").write_text("# @package _global_\ndemand: {scale: 2}\n")
    assert main(["scenarios=mine"]) == 0
    assert len(list(tmp_path.glob("outputs/*/*_mine/kpis.csv"))) == 1


def test_a_failed_point_is_a_row_and_the_others_finish(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["-m", "staffing.phone.agents=13,14,25", "run.seed=3"]) == 1
    said = capfd.readouterr()
    assert "error: point 0 (staffing.phone.agents=13 run.seed=3): ZeroDivisionError: a bug" in said.err
    (path,) = tmp_path.glob("outputs/*/*_sweep/sweep.csv")
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["staffing.phone.agents"], row["status"]) for row in rows] == [
        ("13", "failed"), ("14", "mistake"), ("25", "ok"),
    ]  # fmt: skip
    assert (rows[2]["measure"], rows[2]["mean"]) == ("resolved", "25")
    assert "run.seed" not in rows[0], "only swept keys are columns"
    assert "mistake: my.csv: no such file" in said.out


def test_options_may_stand_between_overrides(tmp_path: Path) -> None:
    assert main(["run.seed=3", "-m", "staffing.phone.agents=25,26"]) == 0
    assert len(list(tmp_path.glob("outputs/*/*_sweep/*/kpis.csv"))) == 2


def test_a_fault_of_the_program_shows_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError):
        main(["staffing.phone.agents=13"])


def test_an_interrupted_run_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(job, "run_job", interrupted)
    assert main([]) == 130


def test_help_lists_the_scenarios_and_imports_nothing_heavy() -> None:
    code = "import sys; from sim.cli.app import main; main(['--help']); print([m for m in HEAVY if m in sys.modules])"
    heavy = ("hydra", "omegaconf", "pydantic", "numpy", "numba", "scipy", "matplotlib", "simpy")
    done = subprocess.run(
        [sys.executable, "-c", f"HEAVY = {heavy}; {code}"], capture_output=True, text=True, check=True,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert "one_digital_channel" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_real_command_says_the_mistake_and_exits_with_2() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sim", "scenarios=silod"], capture_output=True, text=True, cwd=Path(__file__).parents[2]
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: scenarios: unknown 'silod'; did you mean 'siloed'?\n"
