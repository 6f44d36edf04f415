"""What can be priced: any number of the configuration, at its own value and at others."""

from __future__ import annotations

import numpy as np
import pytest

from sim.cli.compose import compose
from sim.errors import InputError
from sim.model import Configuration
from sim.model.studies.inputs import Range
from sim.plots.assumption import title
from sim.studies.inputs.ranges import Input, inputs_of
from sim.studies.worth.spread import curve_of, rank_correlations, spread_of
from sim.studies.worth.subject import centre_at, present_value, regime

from .known import configuration


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("integration.level", 0.0),
        ("integration.pairs.website.phone", 0.0),  # not given: as the level
        ("channels.phone.concurrency", 1.0),
        ("staffing.team.authority", 1.0),
    ],
)
def test_the_present_value_of_any_number(key: str, value: float) -> None:
    config = configuration()
    assert present_value(config, key) == value
    assert present_value(centre_at(config, key, value), key) == value


def test_a_pair_and_a_whole_number_are_set() -> None:
    config = configuration()
    assert centre_at(config, "integration.pairs.website.phone", 0.6).integration.pairs["website"]["phone"] == 0.6
    assert centre_at(config, "channels.phone.concurrency", 3.0).channels["phone"].concurrency == 3  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("key", "says"),
    [("integration.levle", "did you mean 'integration.level'"), ("integration.context", "has no number to vary")],
)
def test_what_is_no_number_is_refused(key: str, says: str) -> None:
    with pytest.raises(InputError, match=f"study.worth.of: .*{says}"):
        present_value(configuration(), key)


def test_every_headline_names_its_customers() -> None:
    from sim.cli.load import load

    assert regime(configuration()) == ""
    assert regime(load(["study=worth"])) == "journeys=calibrated"
    assert regime(load(["study=worth", "journeys=stickers"])) == "journeys=stickers"


@pytest.mark.parametrize("words", [[], ["journeys=stickers"]])
def test_the_shipped_ranges_hold_the_values_of_both_regimes(words: list[str]) -> None:
    container = compose(["study=worth", *words])
    inputs, left_out = inputs_of(Configuration.from_mapping(container), container)
    assert len(inputs) > 40
    assert left_out == []


def test_the_distribution_counts_sets() -> None:
    spread = spread_of(np.array([-1.0, 1.0, 2.0, 4.0]), 0.0, np.array([-5.0, -1.0, 2.0, 3.0]), 0.0, 3.0)
    assert (spread.none, spread.loss, spread.rank, spread.median) == (0.25, 0.5, 0.75, 1.5)
    assert "none with probability 25%" in spread.words


def test_what_costs_agents_is_not_said_to_free_a_negative_number() -> None:
    dear = spread_of(np.array([-9.0, -8.0, -7.0]), 0.0, np.zeros(3), 0.0, -8.0)
    low, _, middle, _, high = dear.said
    assert middle == "needs 8.0 more agents"
    assert 7.0 <= float(low) < float(high) <= 9.0


def test_rank_correlations_find_what_matters() -> None:
    values = np.array([[1.0, 3.0], [2.0, 1.0], [3.0, 2.0], [4.0, 4.0]])
    assert rank_correlations(values, np.array([1.0, 8.0, 27.0, 64.0])) == pytest.approx([1.0, 0.4])


def test_the_unknown_that_decides_is_named_with_its_curve() -> None:
    ranges = [Range(key=f"k.{i}", low=0.0, high=1.0, label=label) for i, label in enumerate(("noise", "time saved"))]
    inputs = [Input(str(i), each, 0.5, {}) for i, each in enumerate(ranges)]
    saved = np.linspace(0.1, 0.9, 9)
    noise = saved[[4, 1, 7, 0, 8, 3, 5, 2, 6]]
    curve = curve_of(inputs, np.column_stack([noise, saved]), 10 * saved - 3)
    assert curve is not None
    assert curve.words.startswith("What decides: time saved (rank correlation +1.00 over 9 sets)")
    assert curve.words.endswith(
        "-1.0 at 0.2, 2.0 at 0.5, 5.0 at 0.8; on the straight line through the sets none at 0.3."
    )
    assert title(curve) == "Time saved decides: -1.0\u00a0agents freed near 0.2, 5.0 near 0.8; none at 0.3"
    assert curve_of(inputs, np.zeros((3, 2)), np.arange(3.0)) is None


def test_a_line_that_crosses_zero_outside_the_range_has_no_turning() -> None:
    one = Input("saved", Range(key="k", low=0.0, high=1.0), 0.5, {})
    values = np.linspace(0.1, 0.9, 9)
    curve = curve_of([one], values[:, None], 10 * values + 3)
    assert curve is not None
    assert curve.turning is None
    assert "nowhere in its range" in curve.words
