"""The committed coverage tables of the engine itself and of control variates, held against what is said of them."""

from __future__ import annotations

import csv
import math

from sim.engine import simulate

from .committed import GALLERY
from .coverage_controls import FIELDS, METHODS
from .coverage_engine import CELLS, EXPERIMENTS, TABLE, config, waits


def rows(name: str) -> list[dict[str, str]]:
    with (GALLERY / name).open(newline="", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if None not in row.values()]


def test_the_engine_covers_as_often_as_the_recursion() -> None:
    """1,000 experiments each, other seeds: 3.3 standard errors of a difference."""
    found = rows(TABLE.name)
    assert [row["queue"] for row in found] == [cell.name for cell in CELLS]
    for row in found:
        share, other = float(row["coverage"]), float(row["recursion"])
        assert abs(share - other) < 3.3 * math.sqrt(2 * other * (1 - other) / EXPERIMENTS)


def test_a_cell_is_what_the_recursion_simulates() -> None:
    """As a plain configuration: one agent, no patience, the recursion's window."""
    cell = config(CELLS[0], 1).model_copy(update={"engine": "simpy"})
    log = simulate(cell, 1, 0)
    assert log.window == (CELLS[0].warm_up, CELLS[0].warm_up + CELLS[0].window)
    assert waits(cell, 0)["channel", "wait"].bottom is not None


def test_weighed_intervals_cover_about_as_often_as_plain_ones() -> None:
    """Within 2 points in every cell, narrower in all of them."""
    found = rows("coverage_controls.csv")
    assert tuple(found[0]) == FIELDS
    cells = {(row["queue"], row["measure"], row["replications"], row["method"]): row for row in found}
    assert {key[3] for key in cells} == set(METHODS)
    for (*cell, method), row in cells.items():
        if method == "weighed":
            plain = cells[(*cell, "plain")]  # type: ignore[index]
            assert float(row["coverage"]) > float(plain["coverage"]) - 0.02
            assert float(row["mean_width"]) < float(plain["mean_width"])
