"""Every line of the README runs, shortened every day and as it stands when slow; lines of other guides compose."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import sim
from sim.cli.app import main

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
GUIDES = sorted([*ROOT.glob("conf/**/README.md"), ROOT / "scenarios" / "README.md"])
SHORT = ("run.replications=2", "run.workers=1", "run.plots=false")
SHORT_CENTRE = ("run.warm_up=0", "run.measure=1 h", "run.start=2026-01-05", "run.end=cut")
SHORT_STUDY = {
    "staffing": ("study.staffing.confirm=2", "study.staffing.interval=24 h"),
    "worth": ("study.worth.sets=0", "study.worth.levels=[0.0,1.0]", "study.worth.confirm=false"),
    "select": ("study.select.first=2",),
    "sensitivity": ("study.sensitivity.methods=[tornado]",),
}
PLACEHOLDERS = ("FOLDER", "<", "...", "manifest.json", "tcp://")


def lines(text: str) -> Iterator[str]:
    """Commands `python -m sim ...` of code blocks, indented lines and code spans, without comments."""
    for line in text.splitlines():
        for command in re.findall(r"`(python -m sim[^`]*)`", line) or re.findall(r"^\s*(python -m sim.*)$", line):
            words = shlex.split(command, comments=True)
            if not any(mark in word for word in words for mark in PLACEHOLDERS):
                yield shlex.join(words[3:])


def _selected() -> list[str]:
    return list(dict.fromkeys(lines(README.read_text(encoding="utf-8"))))


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with a planner's file of two hours."""
    monkeypatch.chdir(tmp_path)
    rows = (ROOT / "conf" / "data" / "intervals_template.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "my.csv").write_text("\n".join(rows[:5]) + "\n", encoding="utf-8")
    return tmp_path


def shortened(words: list[str]) -> list[str]:
    """The same command with the shortest settings that still do all of its work."""
    own = any(word.startswith("data.intervals") for word in words)
    kind = next((word.partition("=")[2] for word in words if word.startswith("study=")), "")
    typed = {word.partition("=")[0] for word in words}
    smaller = SMALLER.get(" ".join(words), ())
    more = [*smaller, *SHORT, *(() if own else SHORT_CENTRE), *SHORT_STUDY.get(kind, ())]
    more = list({word.partition("=")[0]: word for word in reversed(more)}.values())
    return [*words, *(word for word in more if word.partition("=")[0] not in typed)]


ELSEWHERE = ("--help", "verify")
"""have tests of their own, below and in tests/again"""
SMALLER = {
    "study=staffing": ("centre=single_queue", "run.measure=1 d", "study.staffing.interval=12 h",
                       "demand.streams.all.per_day=600"),
    "study=worth": ("centre=single_queue", "run.measure=4 h", "study.worth.of=channels.phone.aht_factor",
                    "study.worth.levels=[0.9,1.0]", "study.worth.origins=false"),
}  # fmt: skip
"""lines that need whole days of a busy centre run every day on a plain queue; as they stand in the slow test"""


@pytest.mark.parametrize("line", [line for line in _selected() if line not in ELSEWHERE])
def test_each_line_of_the_readme_runs(line: str, desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(shortened(shlex.split(line)))
    said = capsys.readouterr()
    assert code == 0, said.err
    assert "Traceback" not in said.err


def test_help_names_scenarios_and_studies(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    assert "one_digital_channel" in text
    assert "study=staffing" in text


def test_the_python_of_the_readme_runs(desk: Path) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), flags=re.DOTALL)
    quick = '"run.replications=2", "run.workers=1", "run.warm_up=0", "run.measure=1 h"'
    exec(compile(code.replace('"run.replications=4"', quick), "README.md", "exec"), {})


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_line_of_the_other_guides_composes(guide: Path, desk: Path) -> None:
    for line in lines(guide.read_text(encoding="utf-8")):
        words = [word for word in shlex.split(line) if "=" in word and not word.startswith(("-", "hydra"))]
        sweeps = any("," in word and not {"[", "{"} & set(word) for word in words)
        own = any(word.startswith("data") for word in words)  # tests/dirty/test_layouts.py runs these with their files
        elsewhere = ("--config-dir", "experiment", "--extension")  # extensions: tests/extension
        if words and not (sweeps or own) and not any(mark in line for mark in elsewhere):
            sim.load(words)


def test_the_readme_is_a_front_door() -> None:
    text = README.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 200
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert target.startswith("http") or (ROOT / target).exists(), target


@pytest.mark.slow
@pytest.mark.parametrize("line", _selected())
def test_each_line_of_the_readme_runs_as_it_stands(line: str, tmp_path: Path) -> None:
    shutil.copy(ROOT / "conf" / "data" / "intervals_template.csv", tmp_path / "my.csv")
    command = [sys.executable, "-m", "sim", *shlex.split(line)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=3600, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
