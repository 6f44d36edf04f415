"""The Beta law: against SciPy's, over shapes from needle to bathtub, and in both tails."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import special

from sim.chance.beta import beta_below, beta_quantile

SHAPES = (0.02, 0.2, 0.7, 1.0, 1.4, 3.0, 30.0, 900.0)
PROBABILITIES = (1e-12, 1e-6, 0.001, 0.03, 0.25, 0.5, 0.8, 0.99, 1 - 1e-6)


@pytest.mark.parametrize(("a", "b"), list(itertools.product(SHAPES, SHAPES)))
def test_quantiles_are_those_of_scipy(a: float, b: float) -> None:
    for u in PROBABILITIES:
        exact = float(special.betaincinv(a, b, u))
        assert beta_quantile(u, a, b) == pytest.approx(exact, rel=1e-8, abs=1e-12), u


@pytest.mark.parametrize(("a", "b"), list(itertools.product(SHAPES, SHAPES)))
def test_shares_are_those_of_scipy(a: float, b: float) -> None:
    for x in (0.001, 0.1, 0.5, 0.77, 0.999):
        share = beta_below(float(special.logit(x)), a, b)
        assert share == pytest.approx(float(special.betainc(a, b, x)), rel=1e-9, abs=1e-13)


def test_quantiles_rise_with_the_uniform_and_have_the_mean_of_the_law() -> None:
    u = (np.arange(4000) + 0.5) / 4000
    for mean, concentration in ((0.7, 2.0), (0.1, 5.0)):
        found = np.array([beta_quantile(x, mean * concentration, (1 - mean) * concentration) for x in u])
        assert np.all(np.diff(found) >= 0)
        assert found.mean() == pytest.approx(mean, abs=1e-3)
