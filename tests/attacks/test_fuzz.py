"""Spoiled inputs by the hundred: each ends in results or in a message and exit code 2; no traceback, no hang.

What would be simulated is not: the engine has its own random centres (tests/invariants). Results of the 2,000 are in
outputs/gallery/fuzz.csv.
"""

from __future__ import annotations

import csv
import datetime as dt
import resource
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

import sim
from sim.calibration.own_centre import OwnCentre
from sim.cli import job
from sim.cli.app import main
from sim.cli.sources import FileConfigSource
from sim.errors import InputError
from sim.studies.base import study_of

from .fuzz import SCENARIO, TABLE, Input, made

SEED = 20261126  # declared before the first run
SLOWEST = 30.0
"""s that one input may take on a busy machine"""
NET = "caught by the net"
"""a message, but a general one: none of the checks foresaw it"""
GALLERY = Path(__file__).parents[2] / "outputs" / "gallery" / "fuzz.csv"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What runs reads its data and checks itself, and stops short of simulating."""

    def prepared(config: object, *_: object, **__: object) -> None:
        if config.study.kind != "none":  # type: ignore[attr-defined]
            study_of(config)  # type: ignore[arg-type]
            return
        if config.data.intervals is not None:  # type: ignore[attr-defined]
            OwnCentre(config)  # type: ignore[arg-type]

    monkeypatch.setattr(job, "run_job", prepared)
    monkeypatch.chdir(tmp_path)


def outcome(given: Input, capfd: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """The exit code and what is wrong with how it ended; '' for nothing."""
    for name, content in given.files.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_bytes(content)
    began = time.perf_counter()
    try:
        code = main(list(given.words))
    except Exception as error:  # a traceback for a user
        return 1, f"{type(error).__name__}: {error}"
    said = capfd.readouterr()
    if code not in (0, 1, 2):
        return code, f"exit code {code}"
    if code == 2 and "error" not in said.err and "usage" not in said.err:
        return code, "no message"
    if "Traceback" in said.err + said.out:
        return code, "a traceback was printed"
    if "SWITCHBOARD_TRACEBACKS" in said.err:
        return code, NET
    if time.perf_counter() - began > SLOWEST:
        return code, "slow"
    return code, ""


def typed(value: str) -> Any:
    """A value as YAML reads it."""
    return OmegaConf.to_container(OmegaConf.from_dotlist([f"v={value}"]))["v"]  # type: ignore[index, call-overload]


def light(given: Input) -> str:
    """The same without composing and in a hundredth of the time: what is wrong with how it ended."""
    for name, content in given.files.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_bytes(content)
    try:
        if given.kind == "configuration":
            pairs = [word.lstrip("+~").partition("=") for word in given.words if "." in word and "=" in word]
            sim.load(
                {key: OmegaConf.to_container(OmegaConf.from_dotlist([f"v={value}"]))["v"] for key, _, value in pairs}
            )
        elif given.kind == "YAML":
            content = FileConfigSource("test", f"file://{Path.cwd()}").load_config("scenarios/mine").config
            plain = OmegaConf.to_container(content, resolve=True)
            sim.load({key: value for key, value in plain.items() if key != "defaults"})  # type: ignore[union-attr]
        else:
            OwnCentre(sim.load({"data.intervals": "mine.csv"}))
    except (InputError, yaml.YAMLError, OmegaConfBaseException):  # the last two become messages in `mended`
        return ""
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def run_all(numbers: range, capfd: pytest.CaptureFixture[str]) -> tuple[Counter[tuple[str, int]], list[str]]:
    """Exit codes by kind, and what went wrong."""
    codes: Counter[tuple[str, int]] = Counter()
    wrong = []
    for number in numbers:
        given = made(SEED, number)
        code, what = outcome(given, capfd)
        codes[given.kind, code] += 1
        if what == NET:
            codes[NET, code] += 1
        elif what:
            wrong.append(f"{number} {given.kind} {given.words}: {what}")
    return codes, wrong


def test_the_inputs_are_good_before_they_are_spoiled() -> None:
    Path("scenarios").mkdir()
    Path("scenarios/mine.yaml").write_text(SCENARIO, encoding="utf-8")
    Path("mine.csv").write_text(TABLE, encoding="utf-8")
    assert sim.load(["scenarios=mine"]).journeys.max_contacts == 12
    assert OwnCentre(sim.load(["data.intervals=mine.csv", "centre=phone_with_ivr"]))


def test_some_inputs_end_in_results_or_a_message(capfd: pytest.CaptureFixture[str]) -> None:
    codes, wrong = run_all(range(20), capfd)
    assert wrong == []
    assert {code for _, code in codes} <= {0, 2}


def test_spoiled_tables_reach_beyond_the_reader(tmp_path: Path) -> None:
    """A fuzzer whose every table falls at the first line tests that line only."""
    numbers = [number for number in range(120) if made(SEED, number).kind == "CSV"]
    first = [line for number in numbers if (line := _first_line(made(SEED, number)))]
    assert len(numbers) > 15
    assert sum("header" in line or "column found" in line for line in first) < len(numbers) / 2


def _first_line(given: Input) -> str:
    """What is said first of a table; '' if it is taken."""
    Path("mine.csv").write_bytes(given.files["mine.csv"])
    try:
        OwnCentre(sim.load({"data.intervals": "mine.csv"}))
    except InputError as error:
        return str(error).splitlines()[0]
    return ""


def test_two_hundred_inputs_are_read_or_refused() -> None:
    inputs = [(number, made(SEED, number)) for number in range(200)]
    wrong = [f"{number} {given.kind} {given.words}: {what}" for number, given in inputs if (what := light(given))]
    assert wrong == []


@pytest.mark.slow
def test_two_thousand_inputs(capfd: pytest.CaptureFixture[str]) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    codes, wrong = run_all(range(2000), capfd)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    with GALLERY.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["kind", "exit_code", "inputs"])
        writer.writerows([kind, code, count] for (kind, code), count in sorted(codes.items()))
        writer.writerow(["went wrong", "", len(wrong)])
        writer.writerow(["memory grown, MB", "", round(grown)])
        writer.writerow([f"# seed {SEED}, {dt.date.today().isoformat()}"])
    assert wrong == []
    assert grown < 1000
