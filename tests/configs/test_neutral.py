"""A centre that states nothing but a queue is that queue: held against exact answers, by the command line's path."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.cli.app import main
from sim.model.channels import LiveChannel
from sim.model.journeys import Economics, Integration
from sim.runs.replicate import Results
from sim.theory import ErlangA, ErlangC

SEED = 20261127  # declared before the first run
RUN = [f"run.seed={SEED}", "run.warm_up=6 h", "run.measure=3 d", "run.end=cut", "run.replications=12", "run.workers=1"]
RATE, SERVICE, PATIENCE = 1152 / 1440, 3.0, 5.0  # a minute, min, min
QUEUE = """\
# @package _global_
defaults: [override /centre: empty]
scenario: {question: "What does Erlang say?"}
channels: {phone: {kind: live, service: {law: exponential, mean: 3 min}}}
customers: {segments: {all: {first_channel: {phone: 1}}}}
demand: {streams: {calls: {per_day: 1152}}}
journeys: {rows: {phone: {any: {to: {give_up: 1}}}}}
staffing: {team: {agents: 3, serves: {phone: 1}}}
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder whose scenarios/queue.yaml states M/M/3 on the empty centre."""
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "queue.yaml").write_text(QUEUE, encoding="utf-8")
    return tmp_path


def results(words: Sequence[str], folder: Path | None = None) -> Results:
    """What the command line with these words would run."""
    return sim.replicate(sim.load([*words, *RUN], folder))


def within(found: Results, measure: str, exact: float) -> None:
    """Asserts that the truth lies within four standard errors of the estimate."""
    kpi = found.kpis[f"channel.phone.{measure}"]
    standard_error = kpi.half_width / 2.2  # 95 % with 11 degrees of freedom
    assert abs(kpi.mean - exact) < 4 * standard_error, (measure, kpi, exact)
    assert standard_error < 0.15 * exact, (measure, kpi)


@pytest.mark.parametrize("centre", ["centre=single_queue", "scenarios=queue"])
def test_erlang_c_by_the_command_lines_path(centre: str, own: Path) -> None:
    theory = ErlangC(RATE, SERVICE, 3)
    found = results([centre], own)
    within(found, "asa", theory.asa * 60)
    assert found.kpis["journey.all.resolved"].mean == pytest.approx(1, abs=2e-3)  # but for who is inside at the end


@pytest.mark.parametrize("centre", ["centre=single_queue", "scenarios=queue"])
def test_erlang_a_by_the_command_lines_path(centre: str, own: Path) -> None:
    pool = "phone" if centre == "centre=single_queue" else "team"
    patience = "+channels.phone.patience={law: exponential, mean: 5 min}"
    theory = ErlangA(RATE, SERVICE, 4, PATIENCE)
    found = results([centre, f"staffing.{pool}.agents=4", patience], own)
    within(found, "abandoned", theory.p_abandon)
    within(found, "asa", theory.mean_wait_served * 60)


def test_whoever_calls_again_talks_as_long_as_at_first() -> None:
    """Nothing is saved by context in a neutral queue, so that work is arrivals x service whoever returns."""
    rows = "+journeys.rows.phone.any.to={phone: 0.5, give_up: 0.5}"
    config = sim.load(["centre=single_queue", "channels.phone.failure=0.5", "staffing.phone.agents=5", rows, *RUN[:4]])
    log = sim.simulate(config)
    answered = ~np.isnan(log.contacts["answered"]) & ~np.isnan(log.contacts["ended"])
    talk = (log.contacts["ended"] - log.contacts["answered"])[answered] / 60
    again = log.contacts["number"][answered] > 1
    assert again.sum() > 500
    for each in (talk[again], talk[~again]):
        assert abs(each.mean() - SERVICE) < 4 * SERVICE / each.size**0.5  # an exponential time's sd is its mean


def test_nothing_is_in_the_empty_centre(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = sim.load(["scenarios=queue"], own)
    assert config.integration == Integration()
    assert config.economics == Economics()
    assert not config.feelings.on
    neutral = LiveChannel.model_validate({"kind": "live", "service": "1 s"}).model_dump(exclude={"service"})
    assert config.channels["phone"].model_dump(exclude={"service"}) == neutral
    assert main(["centre=empty"]) == 2
    said = capsys.readouterr().err
    for words in ("channels: at least one channel", "customers.segments: at least one", "demand.streams: at least one"):
        assert words in said


def test_a_scenario_that_merges_into_the_centre_below_is_told_what_it_inherited(tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    text = """\
# @package _global_
scenario: {question: "What do I inherit?"}
channels: {phone: {kind: live, service: {law: lognormal, mean: 3 min, cv: 1}}}
staffing: {team: {agents: 3, serves: {phone: 1}}}
"""
    (tmp_path / "scenarios" / "merged.yaml").write_text(text, encoding="utf-8")
    notes = " ".join(sim.load(["scenarios=merged"], tmp_path).origin.notes)
    assert "channels.phone: " in notes
    for key in ("wrap_up", "failure", "hours"):
        assert key in notes
    assert "staffing.team" not in notes  # a name of its own inherits nothing
    assert sim.load(["scenarios=siloed"]).origin.notes == ()
