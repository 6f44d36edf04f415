"""The picture of paired differences: better to the right, what cannot be told is grey, the finding is the title."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.measures.catalogue import describe
from sim.plots import differences as picture
from sim.plots.page import BAD, GOOD, UNSURE, house_style
from sim.plots.studies import draw_differences
from sim.runs.replicate import Results
from sim.statistics.kpis import Kpis
from sim.studies.compare.study import Difference

from .test_compare import queue


@pytest.fixture(autouse=True)
def house() -> Iterator[None]:
    with house_style():
        yield


@pytest.fixture(scope="module")
def base() -> Results:
    config = queue(6, 1).config
    return Results(config, Kpis(()), (), tuple(range(10)), 0.0)


def difference(key: str, before: float, by: float, half: float, name: str = "more agents") -> Difference:
    scope, of, measure = key.split(".")
    said = describe(measure)
    return Difference(name, scope, of, measure, said.unit, before, before + by, by, half, 10, said.better, 3.0)


LESS = difference("channel.phone.abandoned", 0.10, -0.04, 0.01)
MORE = difference("channel.phone.service_level", 0.80, -0.10, 0.02)
VAGUE = difference("channel.phone.asa", 40.0, -5.0, 8.0)
NEITHER = difference("channel.phone.offered", 400.0, 3.0, 1.0)


def words(figure: Figure) -> str:
    return " ".join(text.get_text() for text in figure.findobj(Text) if isinstance(text, Text))


def dots(figure: Figure) -> list[tuple[float, float, Any]]:
    """Where each row's dot stands, and its colour."""
    lines = [line for axes in figure.axes for line in axes.lines if line.get_marker() in ("o", "D")]
    return [(float(line.get_ydata()[0]), float(line.get_xdata()[0]), line.get_markeredgecolor()) for line in lines]


def test_better_lies_to_the_right_whether_more_or_less_is_better(base: Results) -> None:
    figure = picture.draw(base, [LESS, MORE, VAGUE], "today", "")
    assert dots(figure) == [
        (0.0, pytest.approx(40.0), GOOD), (1.0, pytest.approx(-12.5), BAD), (2.0, pytest.approx(12.5), UNSURE)
    ]  # fmt: skip


def test_the_title_is_the_finding(base: Results) -> None:
    figure = picture.draw(base, [LESS, MORE, VAGUE], "today", "")
    assert "More agents: 1 of 3 measures better, 1 worse" in words(figure).replace("\n", " ").replace("\u00a0", " ")
    figure = picture.draw(base, [VAGUE], "today", "")
    assert "cannot be told from today" in words(figure).replace("\n", " ")


def test_of_several_the_best_is_named_with_its_interval(base: Results) -> None:
    most = difference("channel.phone.abandoned", 0.10, -0.06, 0.01, "most agents")
    figure = picture.draw(base, [LESS, most], "today", "")
    said = words(figure).replace("\n", " ").replace("\u00a0", " ")
    assert "most agents is furthest ahead of today, −6 points ±1" in said
    assert [x for _, x, _ in dots(figure)] == pytest.approx([0.04, 0.06])


def test_a_row_far_wider_than_what_can_be_told_ends_in_an_arrow(base: Results) -> None:
    wide = difference("channel.phone.asa", 40.0, -5.0, 800.0)
    figure = picture.draw(base, [LESS, wide], "today", "")
    assert figure.axes[0].get_xlim()[1] < 100
    assert [line.get_marker() for line in figure.axes[0].lines if line.get_marker() in ("<", ">")] == ["<", ">"]


def test_what_has_no_better_side_is_not_drawn(base: Results, tmp_path: Path) -> None:
    assert draw_differences(base, [NEITHER], "today", tmp_path, "") == []
    files = draw_differences(base, [NEITHER, LESS], "today", tmp_path, "")
    assert [path.name for path in files] == ["differences.png", "differences.svg"]
    assert all(path.stat().st_size > 1000 for path in files)


def test_no_sign_before_nothing(base: Results) -> None:
    none = difference("channel.phone.abandoned", 0.10, -0.00001, 0.002)
    assert picture._said(none, "") == "0.0 points ±0.2"


def test_no_row_is_empty_where_alternatives_have_other_measures(base: Results) -> None:
    """Fifteen scenarios with a measure of their own each before three that share one: the shared measure is a column,
    and the alternatives drawn are those with something in a column, the title's among them."""
    measures = (
        "resolved", "given_up", "capped", "contacts", "channels", "fcr", "broken", "agent_time", "churn",
        "satisfaction", "cost_per_resolution", "time_to_resolution", "restarts", "effort", "repeats",
    )  # fmt: skip
    alone = [difference(f"journey.all.{each}", 0.5, -0.1, 0.01, f"alone {n}") for n, each in enumerate(measures)]
    shared = [difference("channel.phone.abandoned", 0.1, -0.01 * n, 0.001, f"shared {n}") for n in (1, 3, 2)]
    figure = picture.draw(base, [*(each for each in alone if each.better), *shared], "today", "")
    said = words(figure).replace("\n", " ")
    assert "shared 3 is furthest ahead" in said
    assert all(f"shared {n}" in said for n in (1, 2, 3))
    rows = {int(row) for row, _, _ in dots(figure)}
    assert rows == set(range(len(rows)))
    assert len(rows) == 3 + picture.COLUMNS - 1
