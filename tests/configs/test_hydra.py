"""Hydra as its users know it: globs, experiments, folders of one's own, an objective, and no noise of its versions."""

from __future__ import annotations

import argparse
import gc
import io
import math
import os
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest
import yaml

from sim.__main__ import main as program
from sim.cli import app, job
from sim.cli.app import main
from sim.cli.compose import compose
from sim.cli.foreign import check_file
from sim.cli.hydra_glue import quiet, unchecked_help
from sim.cli.load import Library
from sim.shipped import conf

OWN = "# @package _global_\nscenario: {question: 'What if it were mine?'}\ndemand: {scale: 2}\n"


@pytest.fixture(autouse=True)
def ran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The configurations that would have run, in order."""
    configs: list[Any] = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(job, "run_job", lambda config, *_: configs.append(config))
    return configs


def given(folder: Path, group: str, name: str, text: str) -> Path:
    """A folder for --config-dir with one file."""
    (folder / "own" / group).mkdir(parents=True, exist_ok=True)
    (folder / "own" / group / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder / "own"


def test_a_glob_finds_shipped_scenarios_ones_own_and_those_of_a_folder(tmp_path: Path, ran: list[Any]) -> None:
    given(tmp_path, "scenarios", "social_given", OWN)
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "social_here.yaml").write_text(OWN, encoding="utf-8")
    assert main(["--config-dir", "own", "-m", "scenarios=glob(social*)"]) == 0
    names = {config.scenario.name for config in ran}
    assert {"social_given", "social_here", "social_care"} <= names
    assert all(name.startswith("social") for name in names)


def test_a_sweep_over_nothing_is_a_mistake(ran: list[Any], capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["-m", "scenarios=glob(zzz*)"]) == 2
    assert "error: -m: sweeps over no point: a glob or a range that matches nothing" in capfd.readouterr().err
    assert ran == []


def test_help_and_studies_know_the_scenarios_of_a_given_folder(
    tmp_path: Path, ran: list[Any], capfd: pytest.CaptureFixture[str]
) -> None:
    folder = given(tmp_path, "scenarios", "mine", OWN)
    assert main(["--config-dir", "own", "--help"]) == 0
    assert "mine" in capfd.readouterr().out
    library = Library(str(folder))
    assert "mine" in library.scenarios()
    assert "mine" in library.comparable()
    assert library.compose(["scenarios=mine"]).demand.scale == 2
    assert "mine" not in Library().scenarios()
    assert main(["--config-dir", "own", "study=compare", "study.scenarios=[mine]"]) == 0
    assert main(["--config-dir=own", "-m", "scenarios=mine,siloed"]) == 0
    assert [config.scenario.name for config in ran] == ["siloed", "mine", "siloed"]


def test_an_experiment_sweeps_without_m(tmp_path: Path, ran: list[Any]) -> None:
    assert main(["experiment=integration_levels"]) == 0
    points = [(config.integration.level, config.staffing["phone"].agents) for config in ran]
    assert points == [(0, 31), (0, 35), (0.5, 31), (0.5, 35), (1, 31), (1, 35)]
    ran.clear()
    assert main(["experiment=ai_containment"]) == 0
    points = [(config.channels["ai_agent"].failure, config.integration.level) for config in ran]
    assert points == [(failure, level) for failure in (0.25, 0.45, 0.65) for level in (0, 0.5, 1)]
    assert all(config.channels["ai_agent"].enabled for config in ran)
    ran.clear()
    text = "# @package _global_\ndefaults:\n  - override /scenarios: one_digital_channel\n  - _self_\nrun: {seed: 9}\n"
    given(tmp_path, "experiment", "mine", text)
    assert main(["--config-dir", "own", "experiment=mine"]) == 0
    assert [(config.scenario.name, config.run.seed) for config in ran] == [("one_digital_channel", 9)]


def test_shipped_experiments_would_pass_as_foreign_files() -> None:
    for path in (conf() / "experiment").glob("*.yaml"):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        check_file(path, f"experiment/{path.stem}", {"package": "_global_"}, content)


def test_swept_keys_can_be_typed_as_the_sweepers_parameters(ran: list[Any]) -> None:
    assert main(["-m", "hydra.sweeper.params={integration.level: '0,1'}"]) == 0
    assert [config.integration.level for config in ran] == [0, 1]


@pytest.mark.parametrize("words", [["-m", "--cfg", "job"], ["--multirun", "--info"], ["--resolve"]])
def test_options_that_exclude_each_other_are_a_message(words: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    error = capfd.readouterr().err
    assert error.startswith("error: options: ")
    assert len(error.splitlines()) == 1


def test_a_point_that_fails_returns_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    returned: list[Any] = []
    real = app._job

    def remembered(composed: Any) -> Any:
        returned.append(real(composed))
        return returned[-1]

    monkeypatch.setattr(app, "_job", remembered)
    assert main(["-m", "run.seed=-1"]) == 2
    assert math.isnan(returned[0])


def checked_like_3_14(monkeypatch: pytest.MonkeyPatch) -> None:
    """argparse as Python 3.14 has it: each help text is expanded when its option is added."""
    real = argparse._ActionsContainer.add_argument

    def check(self: Any, action: argparse.Action) -> None:
        if action.help and "%" in action.help:
            argparse.HelpFormatter("")._expand_help(action)

    def add(self: Any, *args: Any, **options: Any) -> argparse.Action:
        action = real(self, *args, **options)
        try:
            self._check_help(action)
        except (ValueError, TypeError, KeyError) as error:
            raise ValueError("badly formed help string") from error
        return action

    monkeypatch.setattr(argparse._ActionsContainer, "_check_help", check, raising=False)
    monkeypatch.setattr(argparse._ActionsContainer, "add_argument", add)


def test_the_check_of_help_texts_of_python_3_14_is_passed(monkeypatch: pytest.MonkeyPatch, ran: list[Any]) -> None:
    """No 3.14 is at hand here: its check is made on this version."""
    from hydra import __version__
    from hydra._internal.utils import get_args_parser

    checked_like_3_14(monkeypatch)
    if __version__ < "1.4":
        with pytest.raises(ValueError, match="badly formed help string"):
            get_args_parser()
    with unchecked_help():
        get_args_parser()
    assert main(["run.seed=3"]) == 0
    assert ran[0].run.seed == 3
    assert argparse._ActionsContainer._check_help.__name__ == "check", "it is back afterwards"  # type: ignore[attr-defined]


def test_what_hydra_tells_programmers_is_not_told_to_users() -> None:
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        with quiet():
            for text in ("register_new_resolver() is deprecated", "pass an execution whitelist"):
                warnings.warn_explicit(text, UserWarning, "x.py", 1, module="hydra.utils")
            warnings.warn_explicit("is deprecated", UserWarning, "x.py", 1, module="numpy.core")
    assert [str(each.message) for each in heard] == ["is deprecated"]


def test_python_3_14_is_allowed_by_the_package() -> None:
    import tomllib

    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == ">=3.11,<3.15"


def test_a_program_with_hydra_of_its_own_is_left_alone(tmp_path: Path) -> None:
    """Composing inside a Hydra application neither changes its search path nor checks its files."""
    (tmp_path / "config.yaml").write_text("a: ${oc.env:HOME}\n", encoding="utf-8")
    code = """
import hydra, sim
@hydra.main(config_path={folder!r}, config_name='config', version_base='1.3')
def mine(config):
    assert sim.load(['run.seed=4']).run.seed == 4
    print('a is', config.a)
mine()
"""
    done = subprocess.run(
        [sys.executable, "-c", code.format(folder=str(tmp_path))], capture_output=True, text=True,
        cwd=tmp_path, env={"PYTHONPATH": str(Path(__file__).parents[2]), "HOME": "/home/x", "PATH": ""},
    )  # fmt: skip
    assert "a is /home/x" in done.stdout, done.stderr


def test_composing_needs_no_console(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert compose(["run.seed=5"])["run"]["seed"] == 5


@pytest.mark.parametrize("words", [["hydra.mode=MULTIRUN"], ["hydra={mode: MULTIRUN}"], ["+experiment=mine"]])
def test_hydra_looks_for_its_mode_where_it_may_stand(words: list[str]) -> None:
    from hydra._internal.hydra import Hydra

    from sim.cli.hydra_glue import composed_once

    look = Hydra.get_mode
    with composed_once(words):
        assert Hydra.get_mode is look
    with composed_once(["run.seed=2", "hydra.run.dir=my/experiment", "+hydra.sweep.subdir=a"]):
        assert Hydra.get_mode is not look
    assert Hydra.get_mode is look


@pytest.mark.parametrize("words", [["run.seed=2"], ["verify"], ["rerun", "folder"]])
def test_rubbish_is_looked_for_again_when_the_work_begins(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`sim.__main__` turns the search off while all is imported; and linear algebra has one thread."""
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    searched: list[bool] = []

    def work(*_: object, **__: object) -> int:
        searched.append(gc.isenabled())
        return 0

    for where in ("sim.cli.job.run_job", "sim.cli.again.verify_command", "sim.cli.again.rerun_command"):
        monkeypatch.setattr(where, work)
    monkeypatch.setattr(sys, "argv", ["sim", *words])
    monkeypatch.chdir(tmp_path)
    try:
        assert program() == 0
    finally:
        gc.unfreeze()
        gc.enable()
    assert searched == [True]
    assert os.environ["OPENBLAS_NUM_THREADS"] == "1"
