"""`run.precision` in a comparison: it goes on until the differences are precise, and says when they are not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import sim
from sim.cli.app import main
from sim.errors import InputError
from sim.model import Configuration
from sim.runs.replicate import replicate
from sim.statistics.precision import FLOOR
from sim.studies.compare import task
from sim.studies.compare.task import Comparison

from .test_compare import MEASURE, queue

FEW, MOST, WIDTH = 5, 60, 0.02


def compared(until: dict[str, Any], most: int = MOST) -> Comparison:
    """Six agents against seven and eight, until a difference is as precise as asked."""
    source = queue(6, 1).config.source
    run = {**source["run"], "replications": FEW, "max_replications": most, "precision": [until], "measure": "1 h"}
    study = {"kind": "compare", "against": {"staffing.team.agents": [7, 8]}, "measures": [MEASURE]}
    answer = sim.run(Configuration.from_mapping({**source, "run": run, "study": study}))
    assert isinstance(answer, Comparison)
    return answer


@pytest.fixture(scope="module")
def precise() -> Comparison:
    return compared({"measure": MEASURE, "half_width": WIDTH})


def test_it_goes_on_until_each_difference_is_precise(precise: Comparison) -> None:
    counts = {len(each.replications) for each in precise.results.values()}
    assert len(counts) == 1
    assert FLOOR <= counts.pop() < MOST
    assert [each.half_width <= WIDTH for each in precise.differences] == [True, True]
    assert precise.shortfalls() == []


def test_pairing_makes_a_difference_precise_before_either_side_is(precise: Comparison) -> None:
    """As many replications of one side alone, its interval as cautious as one that may end a run."""
    config = precise.results["staffing.team.agents=7"].config
    run = {"precision": precise.config.run.precision, "max_replications": config.run.replications}
    alone = replicate(config.model_copy(update={"run": config.run.model_copy(update=run)})).kpis[MEASURE]
    assert alone.n == precise.differences[0].n
    assert alone.half_width > max(each.half_width for each in precise.differences)


def test_replications_run_in_two_batches_are_those_of_one(precise: Comparison) -> None:
    results = precise.results[precise.baseline]
    again = replicate(results.config)
    assert again.replications == results.replications
    assert again.kpis[MEASURE] == results.kpis[MEASURE]


def test_what_is_not_reached_is_said() -> None:
    answer = compared({"measure": MEASURE, "half_width": 1e-6}, most=12)
    assert len(answer.results[answer.baseline].replications) == 12
    said = answer.shortfalls()
    assert len(said) == 2
    assert all("the difference in channel.phone.abandoned" in each and "1e-06 was asked" in each for each in said)


def test_a_measure_that_no_centre_has_is_refused_before_anything_is_simulated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task, "replicate", None)
    with pytest.raises(InputError, match=r"run.precision: no measure 'channel.fax.abandoned'"):
        compared({"measure": "channel.fax.abandoned", "half_width": 0.01})


def test_the_exit_code_says_that_it_was_not_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["centre=single_queue", "run.measure=10 min", "run.warm_up=0", "run.replications=2", "run.workers=1",
             "run.max_replications=3", "run.follow_limit=1 h", "run.plots=false"]  # fmt: skip
    asked = "run.precision=[{measure: channel.phone.asa, half_width: 1e-6}]"
    assert main([*words, "hydra.run.dir=one", asked]) == 1
    assert main([*words, "hydra.run.dir=two", asked, "study=compare", "study.against={staffing.phone.agents: 7}"]) == 1
    assert main([*words, "hydra.run.dir=three"]) == 0
    assert main(["rerun", "two"]) == 0
