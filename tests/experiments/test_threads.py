"""Replications in threads of the compiled engine: the same numbers as one after the other, and a stop that stops."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest

from sim.model import Configuration
from sim.plots.apart import Drawing
from sim.runs import replicate as runs
from sim.runs.threads import in_threads
from tests.benchmarks.compared_centres import plain_queue


def queue(workers: int) -> Configuration:
    """A plain queue for two hours, six times, on the compiled engine."""
    mapping = plain_queue(2)
    mapping["run"] |= {"replications": 6, "workers": workers, "seed": 20261126}
    return Configuration.from_mapping({**mapping, "engine": "compiled"})


def test_threads_give_the_numbers_of_one_after_the_other() -> None:
    alone, together = (runs.replicate(queue(workers)) for workers in (1, 3))
    assert together.replications == alone.replications == (0, 1, 2, 3, 4, 5)
    numbers = [np.array([(row.mean, row.lower, row.upper) for row in each.kpis]) for each in (alone, together)]
    assert np.array_equal(*numbers, equal_nan=True)


def test_threads_share_this_process() -> None:
    made = list(in_threads(lambda _, number: (number, os.getpid()), queue(3), range(5), 3))
    assert sorted(made) == [(number, os.getpid()) for number in range(5)]


def test_replications_that_were_not_begun_are_given_up() -> None:
    begun: list[int] = []

    def one(_: Configuration, number: int) -> int:
        begun.append(number)
        time.sleep(0.01)
        if number == 1:
            raise ArithmeticError("the second one fails")
        return number

    with pytest.raises(ArithmeticError, match="the second one"):
        list(in_threads(one, queue(1), range(300), 1))
    assert len(begun) < 300


def _write(path: Path) -> None:
    path.write_text(str(os.getpid()))


def _fail(path: Path) -> None:
    _write(path)
    raise ArithmeticError(f"{path.name} fails")


class TestApart:
    def test_pictures_are_all_there_wherever_they_were_drawn(self, tmp_path: Path) -> None:
        tasks = {name: lambda name=name: _write(tmp_path / name) for name in "abc"}
        for workers in (1, 2):
            Drawing(tasks, workers).finish()
            drawn_by = {path.name: int(path.read_text()) for path in tmp_path.iterdir()}
            assert sorted(drawn_by) == ["a", "b", "c"]
            if workers == 1:
                assert set(drawn_by.values()) == {os.getpid()}

    def test_what_fails_apart_is_raised_here(self, tmp_path: Path) -> None:
        drawing = Drawing({"a": lambda: _write(tmp_path / "a"), "b": lambda: _fail(tmp_path / "b")}, 2)
        with pytest.raises(ArithmeticError, match="b fails"):
            drawing.finish()
        assert (tmp_path / "a").is_file()
        assert (tmp_path / "b").read_text() == str(os.getpid())
