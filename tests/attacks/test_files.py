"""A file from somebody else is data: every way in which one ran, read or wrote something is refused by its path."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

import sim
from sim.calibration.intervals.workbook import read_workbook
from sim.cli.app import main
from sim.cli.compose import compose
from sim.errors import InputError

RUNS = "{_target_: numpy.testing.measure, code_str: \"open('PWNED', 'w')\"}"
GLOBAL = "# @package _global_\n"

PACKAGE_OF_X = f"# @package _global_.hydra.callbacks.x\n{RUNS[1:-1].replace(', ', chr(10))}\n"
UNFOLDS = (
    GLOBAL
    + "a: &a [1,1,1,1,1,1,1,1,1,1]\n"
    + "".join(f"{new}: &{new} [{','.join(['*' + old] * 10)}]\n" for old, new in zip("abcdef", "bcdefg", strict=True))
)
ATTACKS = {
    "a callback": (GLOBAL + f"hydra: {{callbacks: {{x: {RUNS}}}}}\n", "hydra.callbacks.x"),
    "a callback of the package hydra": (f"# @package hydra\ncallbacks: {{x: {RUNS}}}\n", "hydra"),
    "a callback of a deeper package": (f"# @package hydra.callbacks\nx: {RUNS}\n", "hydra.callbacks"),
    "a callback of a long package": (PACKAGE_OF_X, "hydra.callbacks.x"),
    "a key in quotes": (GLOBAL + f"'hydra': {{'callbacks': {{x: {RUNS}}}}}\n", "hydra.callbacks.x"),
    "a group put under hydra": (
        GLOBAL + "defaults:\n  - /run@hydra.callbacks: mine\n", "defaults: /run@hydra.callbacks"
    ),
    "a launcher": (GLOBAL + "defaults:\n  - override /hydra/launcher: mine\n", "defaults: override /hydra/launcher"),
    "a logger": (
        GLOBAL + "defaults:\n  - override /hydra/job_logging: mine\n", "defaults: override /hydra/job_logging"
    ),
    "another group's file with a node of Hydra's": (GLOBAL + "defaults: [/run/mine]\n", "hydra.callbacks.x"),
    "the folder of results": (GLOBAL + "hydra: {run: {dir: elsewhere}}\n", "hydra.run.dir"),
    "the environment of the job": (GLOBAL + "hydra: {job: {env_set: {A: b}}}\n", "hydra.job.env_set.A"),
    "a scheduler that sends programs": (GLOBAL + "exec: {kind: dask, address: 'tcp://other:1'}\n", "exec.kind"),
    "an experiment": (GLOBAL + "defaults:\n  - /experiment: ai_containment\n", "defaults: /experiment"),
    "a scheduler by its group": (GLOBAL + "defaults:\n  - override /exec: mine\n", "defaults: override /exec"),
    "a page to be written": (GLOBAL + "study: {page: /etc/passwd}\n", "study.page"),
    "a folder to be written": (GLOBAL + "study: {sweep: {folder: /tmp/x}}\n", "study.sweep.folder"),
    "the environment": (GLOBAL + 'scenario: {source: "${oc.env:HOME}"}\n', "scenario.source"),
    "the environment in a key": (GLOBAL + '"${oc.env:HOME}": 1\n', "${oc.env:HOME}"),
    "a resolver inside a resolver": (GLOBAL + 'scenario: {source: "${oc.env:${scenario.name}}"}\n', "scenario.source"),
    "a resolver by a reference": (GLOBAL + 'scenario: {source: "${${a}:HOME}"}\n', "scenario.source"),
    "Hydra's node by reference": (GLOBAL + 'scenario: {source: "${hydra.runtime.cwd}"}\n', "scenario.source"),
    "a file outside by its name": (
        GLOBAL + "defaults:\n  - /centre: ../../secret\n", "defaults: /centre: ../../secret"
    ),
    "a name that is a path": (GLOBAL + "scenario: {name: ../../elsewhere/X}\n", "scenario.name"),
    "a channel that is a formula": (GLOBAL + "channels: {\"=cmd|' /C calc'!A0\": {kind: live}}\n", "channels"),
    "a currency that is a formula": (GLOBAL + "economics: {currency: '=cmd'}\n", "economics.currency"),
    "a console's cursor": (GLOBAL + 'scenario: {question: "\\x1b[2J"}\n', "scenario.question"),
    "aliases that unfold": (UNFOLDS, "unfolds into more than"),
    "a file that holds itself": (GLOBAL + "a: &a [*a]\n", "nested more than"),
    "brackets without end": (GLOBAL + "a: " + "[" * 300 + "]" * 300 + "\n", "nested"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with other groups that an attack could bring along."""
    for name, text in {
        "run/mine.yaml": f"hydra: {{callbacks: {{x: {RUNS}}}}}\n",
        "hydra/launcher/mine.yaml": "_target_: os.system\ncommand: touch PWNED\n",
        "hydra/job_logging/mine.yaml": "version: 1\n",
        "exec/mine.yaml": "kind: dask\naddress: tcp://other:1\n",
        "../secret.yaml": "a: 1\n",
        "scenarios/good.yaml": GLOBAL + "demand: {scale: 2}\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "run" / "mine.yaml").write_text(GLOBAL + f"hydra: {{callbacks: {{x: {RUNS}}}}}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_by_a_scenario_is_refused_by_path(attack: str, here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text, where = ATTACKS[attack]
    (here / "scenarios" / "bad.yaml").write_text(text, encoding="utf-8")
    before = set(here.rglob("*"))
    assert main(["scenarios=bad", "run.workers=1"]) == 2
    error = capfd.readouterr().err
    assert where in error
    assert "Traceback" not in error
    assert set(here.rglob("*")) == before, "nothing was written"
    with pytest.raises(InputError):
        sim.load(["scenarios=bad"])


@pytest.mark.parametrize("group", ["run", "channels", "centre", "scenarios", "experiment"])
def test_no_group_reaches_hydra(group: str, here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = here / "given" / group
    folder.mkdir(parents=True)
    (folder / "bad.yaml").write_text(GLOBAL + f"hydra: {{callbacks: {{x: {RUNS}}}}}\n", encoding="utf-8")
    assert main(["--config-dir", "given", f"{'+' if group == 'experiment' else ''}{group}=bad"]) == 2
    assert f"{group}/bad.yaml: hydra.callbacks.x" in capfd.readouterr().err
    assert not (here / "PWNED").exists()


@pytest.mark.parametrize(
    "key",
    ["exec", "exec.address", "+exec.address", "study.sweep.folder", "++study.page", "hydra.run.dir", "study.sweep",
     "hydra/launcher", "run@exec", "exec@run", "study.page=x,y", " study.page"],
)  # fmt: skip
def test_an_experiment_sweeps_over_nothing_that_is_typed(
    key: str, here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Its parameters become words of a command line, which may reach other machines and name files to be written."""
    (here / "experiment").mkdir()
    params = f"hydra: {{mode: MULTIRUN, sweeper: {{params: {{study: sweep, '{key}': 'a,b'}}}}}}\n"
    (here / "experiment" / "bad.yaml").write_text(GLOBAL + params)
    assert main(["experiment=bad"]) == 2
    assert f"hydra.sweeper.params.{key}: a sweep over this key is typed" in capfd.readouterr().err


def test_files_of_ones_own_still_work(here: Path) -> None:
    assert compose(["scenarios=good"])["demand"]["scale"] == 2
    (here / "scenarios" / "refers.yaml").write_text(GLOBAL + "demand: {scale: '${integration.level}'}\n")
    assert compose(["scenarios=refers", "integration.level=0.5"])["demand"]["scale"] == 0.5
    (here / "exec" / "mine.yaml").write_text("kind: dask\naddress: tcp://host:1\n")
    assert compose(["exec=mine"])["exec"]["address"] == "tcp://host:1", "chosen by the user"


UNREADABLE = {
    "Latin letters": (b"# caf\xe9\n", "byte 6 is not UTF-8"),
    "UTF-16": ("demand: {scale: 2}".encode("utf-16"), "is not UTF-8"),
    "no first line": (b"demand: {scale: 2}\n", "its first line must be '# @package _global_'"),
    "nothing": (b"", "is empty; its first line must be"),
    "a list": (GLOBAL.encode() + b"- a\n", "holds a list: it must be a mapping"),
    "a word": (GLOBAL.encode() + b"hello\n", "mapping"),
    "half a line": (GLOBAL.encode() + b"demand: {scale: 2\n", "cannot be read as YAML"),
    "a tab": (GLOBAL.encode() + b"demand:\n\tscale: 2\n", "cannot be read as YAML"),
    "a key twice": (GLOBAL.encode() + b"demand: {}\ndemand: {}\n", "duplicate key"),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_a_file_that_cannot_be_read_is_named_and_others_go_on(
    kind: str, here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    content, why = UNREADABLE[kind]
    (here / "scenarios" / "bad.yaml").write_bytes(content)
    assert main(["scenarios=bad"]) == 2
    error = capfd.readouterr().err
    assert "bad.yaml" in error
    assert why in error
    assert "Traceback" not in error
    assert main(["--help"]) == 0
    assert "good" in capfd.readouterr().out
    assert compose(["scenarios=good"])["demand"]["scale"] == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_among_the_files_keeps_nobody_waiting(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A pipe has no writer: whoever opens it waits. Commands that do not use it go on."""
    os.mkfifo(here / "scenarios" / "pipe.yaml")
    os.mkfifo(here / "calls.csv")
    assert main(["--help"]) == 0
    assert main(["scenarios=pipe"]) == 2
    assert "scenarios: unknown 'pipe'" in capfd.readouterr().err
    assert main(["data.intervals=calls.csv"]) == 2
    assert "calls.csv: is a pipe or a device" in capfd.readouterr().err


def test_a_table_as_wide_as_no_sheet_is_refused_at_once(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (here / "wide.csv").write_text(f"date,time{',x' * 20_000}\n2025-01-01,10:00{',1' * 20_000}\n")
    assert main(["data.intervals=wide.csv"]) == 2
    assert "wide.csv: has 20,002 columns, the most is 16,384" in capfd.readouterr().err


def test_a_byte_order_mark_is_no_mistake(here: Path) -> None:
    (here / "scenarios" / "windows.yaml").write_text(GLOBAL + "demand: {scale: 3}\n", encoding="utf-8-sig")
    assert compose(["scenarios=windows"])["demand"]["scale"] == 3


def test_a_cell_at_the_far_corner_of_a_sheet_costs_no_hour(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1"], book.active["A1048576"] = "start", "x", 1
    book.save(tmp_path / "far.xlsx")
    began = time.perf_counter()
    (sheet,) = read_workbook((tmp_path / "far.xlsx").read_bytes(), tmp_path / "far.xlsx", None)
    assert [number for number, _ in sheet.lines] == [1, 1_048_576]
    assert time.perf_counter() - began < 60


def test_a_name_that_no_disk_takes_is_a_message(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([f"data.intervals={'x' * 300}.csv"]) == 2
    assert "name too long" in capsys.readouterr().err
