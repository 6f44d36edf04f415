"""Control variates: first contacts have a known mean, weights make it come out, and nothing else is bent by it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import sim
from sim.api import Run
from sim.chance.arrivals import Arrivals
from sim.errors import InputError
from sim.model import Configuration
from sim.model.units import DAY
from sim.runs.known_arrivals import mean_first_contacts
from sim.statistics.controls import ENOUGH, control_of

SEED = 20261201


def queue(stream: dict[str, Any] | None = None, hours: Any = None, **run: Any) -> Configuration:
    """Two agents who are a little too few, for a day."""
    law = {"law": "exponential", "mean": "4 min"}
    phone = {"kind": "live", "service": law, "patience": law} | ({"hours": hours} if hours else {})
    return Configuration.from_mapping(
        {
            "channels": {"phone": phone},
            "customers": {"segments": {"all": {"first_channel": {"phone": 1}}}},
            "demand": {"streams": {"calls": {"per_day": 600} | (stream or {})}},
            "journeys": {"rows": {"phone": {"any": {"to": {"give_up": 1}}}}},
            "staffing": {"team": {"agents": 2, "serves": {"phone": 1}}},
            "run": {"warm_up": "6 h", "measure": "18 h", "end": "drain", "seed": SEED, "workers": 1, **run},
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("stream", "hours"),
    [
        ({"profile": [1, 2, 3, 4, 5, 6, 7, 8]}, None),
        ({"count": "mixed_poisson", "busyness": {"shape": 5}}, None),
        ({"count": "fixed", "per_day": None, "rates": {"interval": "6 h", "values": [0.3, 1.7, 2.5, 0.9]}}, None),
        ({"weekday": {"mon": 0.5}, "dates": {"2026-01-06": 2.0}}, None),
        ({"profile": [1, 2, 3, 4] * 6}, {"mon-sun": "08:20-17:40"}),
        ({"per_day": None, "times": [3600.0, 30000.0, 90000.0, 200000.0]}, None),
    ],
    ids=["profile", "busyness", "fixed", "dates", "hours", "times"],
)
def test_the_mean_number_of_first_contacts_is_known(stream: dict[str, Any], hours: Any) -> None:
    """Against 400 replications of the arrivals themselves, three standard errors."""
    config = queue(stream, hours, measure="42 h")
    start, end = config.run.warm_up, config.run.warm_up + config.run.measure
    counts = []
    for number in range(400):
        arrivals = Arrivals(config, SEED, number)
        times = np.concatenate([arrivals.day(day).time for day in range(int(np.ceil(end / DAY)))])
        counts.append(int(((times >= start) & (times < end)).sum()))
    error = np.std(counts, ddof=1) / np.sqrt(len(counts))
    assert mean_first_contacts(config) == pytest.approx(np.mean(counts), abs=3 * float(error) + 1e-9)


def test_weights_give_the_regression_estimator() -> None:
    """Lavenberg and Welch: the intercept of a regression on the control, and its standard error."""
    rng = np.random.default_rng(SEED)
    excess = rng.normal(0.3, 1.0, ENOUGH)
    values = 5 + 2 * excess + rng.normal(0, 0.5, ENOUGH)
    control = control_of(excess)
    assert control is not None
    mean, error, _ = control.estimates(values[:, None], None)
    design = np.column_stack([np.ones(ENOUGH), excess])
    slopes, squares, *_ = np.linalg.lstsq(design, values, rcond=None)
    variance = squares[0] / (ENOUGH - 2) * np.linalg.inv(design.T @ design)[0, 0]
    assert mean[0] == pytest.approx(slopes[0])
    assert error[0] == pytest.approx(np.sqrt(variance))
    assert control.weights.sum() == pytest.approx(1)
    assert control.weights @ excess == pytest.approx(0, abs=1e-12)


def test_too_few_replications_or_equal_ones_have_no_control() -> None:
    assert control_of(np.arange(ENOUGH - 1.0)) is None
    assert control_of(np.zeros(ENOUGH)) is None


@pytest.fixture(scope="module")
def both() -> tuple[Run, Run]:
    """The same run without and with control variates; busy days make arrivals matter."""
    busy = {"count": "mixed_poisson", "busyness": {"shape": 20}}
    plain, weighed = (sim.run(queue(busy, replications=40, control_variates=each)) for each in (False, True))
    assert isinstance(plain, Run)
    assert isinstance(weighed, Run)
    return plain, weighed


def test_journeys_come_out_as_their_known_mean(both: tuple[Run, Run]) -> None:
    """450 first contacts in 18 of 24 hours."""
    assert both[1].results.kpis["journey.all.journeys"].mean == pytest.approx(450)
    assert both[0].results.kpis["journey.all.journeys"].mean != pytest.approx(450)


def test_weighed_counts_add_up(both: tuple[Run, Run]) -> None:
    kpis = both[1].results.kpis
    offered, handled, left = (kpis["channel", "phone", name].mean for name in ("offered", "handled", "abandoned_count"))
    assert offered == pytest.approx(handled + left)
    assert kpis["channel.phone.abandoned"].mean == pytest.approx(left / offered)


def test_intervals_are_narrower_and_the_run_says_what_that_is_worth(both: tuple[Run, Run]) -> None:
    plain, weighed = (run.results.kpis["channel.phone.abandoned"] for run in both)
    assert weighed.half_width < plain.half_width
    assert weighed.as_good_as == pytest.approx(40 * (plain.standard_error / weighed.standard_error) ** 2)
    assert weighed.as_good_as > 50
    assert "as precise as" in both[1].words()
    assert "Control variates" not in both[0].words()


def test_below_twenty_replications_nothing_changes_and_the_run_says_so() -> None:
    plain, weighed = (sim.run(queue(replications=5, control_variates=each)) for each in (False, True))
    assert isinstance(plain, Run)
    assert isinstance(weighed, Run)
    assert [row.mean for row in plain.results.kpis] == pytest.approx(
        [row.mean for row in weighed.results.kpis], nan_ok=True
    )
    assert "not used" in weighed.words()


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (queue({"count": "normal", "sd": 20}, control_variates=True), "no mean that is known"),
        (
            queue({"profile": [1, 2, 3]}, {"mon-sun": "08:20-17:40"}, control_variates=True),
            "begin and end with an interval",
        ),
    ],
)
def test_an_unknown_mean_is_refused_before_anything_runs(config: Configuration, said: str) -> None:
    with pytest.raises(InputError, match=said):
        sim.run(config)


@pytest.mark.parametrize("other", [{"ratio_interval": "jackknife"}, {"replications": 1, "batches": 20}])
def test_what_does_not_go_with_weights_is_refused(other: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="control_variates"):
        queue(control_variates=True, **other)


def test_a_study_refuses_them() -> None:
    config = queue(control_variates=True).model_copy(update={"study": sim.load([]).study})
    study = config.study.model_copy(update={"kind": "compare"})
    with pytest.raises(InputError, match=r"run\.control_variates: study=compare"):
        sim.run(config.model_copy(update={"study": study}))
