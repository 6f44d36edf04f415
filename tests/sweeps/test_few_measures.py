"""A run or a sweep that takes few measures gives the same numbers of them, to the last bit, and nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.errors import InputError
from sim.model import Configuration
from sim.runs.replicate import replicate
from sim.sweep.again import point_again
from sim.sweep.store import Store

from .centres import queue, sweep

FEW = ("abandoned", "occupancy")


def test_replications_with_few_measures(tmp_path: Path) -> None:
    config = Configuration.from_mapping(queue(tmp_path))
    whole, few = replicate(config), replicate(config, measures=FEW)
    assert {each.measure for each in few.kpis} == {*FEW}
    assert [each for each in whole.kpis if each.measure in FEW] == list(few.kpis)


def test_a_sweep_with_few_measures(tmp_path: Path) -> None:
    sweep(tmp_path / "whole")
    sweep(tmp_path / "few", measures=FEW)
    whole, few = sim.read_study(tmp_path / "whole"), sim.read_study(tmp_path / "few")
    mine = np.isin(whole["measure"], FEW)
    assert {*few["measure"]} == {*FEW}
    np.testing.assert_array_equal(whole["mean"][mine], few["mean"])
    store = Store(tmp_path / "few")
    _, sums, different = point_again(store, store.study(), 3)
    assert (sums > 0, different) == (True, [])


def test_another_choice_of_measures_is_another_study(tmp_path: Path) -> None:
    sweep(tmp_path, measures=FEW)
    with pytest.raises(InputError, match="holds another study"):
        sweep(tmp_path, measures=("abandoned",))


def test_an_unknown_measure_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"study.sweep.measures: no measure 'abandond'; did you mean 'abandoned'"):
        sweep(tmp_path, measures=("abandond",))
