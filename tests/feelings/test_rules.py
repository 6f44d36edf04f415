"""The rules of feelings alone: exact rows, limits, monotony, luck that is scaled and not drawn again."""

from __future__ import annotations

from math import exp, inf, isfinite

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.rules import feelings as rules
from sim.rules.decisions import next_channel

PUBLIC = np.array([0, 0, 1])
examples = settings(max_examples=200, deadline=None, derandomize=True)
coefficients = st.floats(0, 1000)
weights = st.lists(st.sampled_from([0.0, 0.1, 0.2, 1.0]), min_size=4, max_size=4).filter(lambda w: sum(w) > 0)


def felt(row: list[float], f: float, to_public: float, to_give_up: float) -> list[float]:
    """The row (two private channels, a public one, give up) that a customer of frustration f walks."""
    out = np.full(4, np.nan)
    rules.feel_row(np.array(row), PUBLIC, f, to_public, to_give_up, out)
    return out.tolist()


def test_a_row_by_hand() -> None:
    """Weights 0.4, 0.3, 0.2 e^1, 0.1 e^0.5, over their sum."""
    whole = 0.7 + 0.2 * exp(1.0) + 0.1 * exp(0.5)
    expected = [0.4 / whole, 0.3 / whole, 0.2 * exp(1.0) / whole, 0.1 * exp(0.5) / whole]
    assert felt([0.4, 0.3, 0.2, 0.1], 2.0, 0.5, 0.25) == pytest.approx(expected, rel=1e-14)


@examples
@given(weights, st.floats(0, 1e6), coefficients, coefficients)
def test_rows_keep_their_sum_and_their_zeros(w: list[float], f: float, to_public: float, to_give_up: float) -> None:
    row = [x / sum(w) for x in w]
    out = felt(row, f, to_public, to_give_up)
    assert sum(out) == pytest.approx(sum(row), rel=1e-12)
    assert all(x >= 0 and isfinite(x) for x in out)
    assert all(new == 0 for new, old in zip(out, row, strict=True) if old == 0)


@examples
@given(weights, st.floats(0, 50), coefficients, coefficients)
def test_zeros_give_the_row_back_to_the_bit(w: list[float], f: float, to_public: float, to_give_up: float) -> None:
    assert felt(w, f, 0.0, 0.0) == w
    assert felt(w, 0.0, to_public, to_give_up) == w


@examples
@given(st.floats(0, 20), st.floats(0, 20), st.floats(0, 2))
def test_more_frustration_more_public_and_fewer_private(f: float, more: float, coefficient: float) -> None:
    row = [0.4, 0.3, 0.2, 0.1]
    one, other = felt(row, f, coefficient, 0.0), felt(row, f + more, coefficient, 0.0)
    assert other[2] >= one[2] - 1e-12
    assert other[0] <= one[0] + 1e-12
    assert other[3] <= one[3] + 1e-12
    one, other = felt(row, f, 0.0, coefficient), felt(row, f + more, 0.0, coefficient)
    assert other[3] >= one[3] - 1e-12


def test_the_angriest_take_the_public_channel_and_with_both_the_stronger_wins() -> None:
    assert felt([0.4, 0.3, 0.2, 0.1], 1000.0, 1000.0, 0.0) == pytest.approx([0, 0, 1, 0])
    assert felt([0.4, 0.3, 0.2, 0.1], 1000.0, 1.0, 2.0) == pytest.approx([0, 0, 0, 1])
    assert felt([0.4, 0.3, 0.2, 0.1], 1000.0, 3.0, 3.0) == pytest.approx([0, 0, 2 / 3, 1 / 3])


def test_return_factors_work_on_the_felt_row() -> None:
    """Give-up keeps its felt share; the public channel, used before, is left out of the rest."""
    out = np.array(felt([0.4, 0.3, 0.2, 0.1], 2.0, 0.5, 0.25))
    assert next_channel(out[3] - 1e-9, out, 0b100, 0.0, 1.0) == -1
    assert next_channel(out[3] + 1e-9, out, 0b100, 0.0, 1.0) == 0
    assert next_channel(1 - 1e-9, out, 0b100, 0.0, 1.0) == 1


@examples
@given(st.floats(0, 1e7), st.floats(0, 1e3), coefficients)
def test_patience_is_scaled(patience: float, f: float, coefficient: float) -> None:
    left = rules.patience_left(patience, f, coefficient)
    assert 0 <= left <= patience
    assert rules.patience_left(patience, 0.0, coefficient) == rules.patience_left(patience, f, 0.0) == patience
    assert rules.patience_left(inf, f, coefficient) == inf


@examples
@given(st.floats(0, 1e3), st.floats(0, 1e6), st.floats(0.1, 1e5), coefficients, coefficients, st.floats(0, 1))
def test_frustration_stays_a_number(
    f: float, wait: float, tolerance: float, rate: float, grown: float, kept: float
) -> None:
    after = rules.frustration_after(f, wait, tolerance, rate, grown, kept)
    assert 0 <= after < inf
    assert rules.frustration_after(f, 2 * wait, tolerance, rate, grown, kept) >= after
    assert rules.frustration_after(f, wait, tolerance, rate, grown, 1.0) >= f + grown
    assert rules.frustration_after(f, wait, tolerance, 0.0, 0.0, 1.0) == f
    assert rules.frustration_after(f, wait, inf, rate, 0.0, 1.0) == f


def test_exposure() -> None:
    assert [rules.seen_until(t, 60.0) for t in (0.0, 60.0, 120.0, inf)] == pytest.approx([0, 0.5, 0.75, 1])


def test_reach_is_lognormal_of_the_given_mean_and_scales_the_same_draw() -> None:
    """Mean within 3.3 standard errors (20,000 customers); twice the mean is twice each reach."""
    sigma, n = 1.0, 20_000
    reach = np.array([rules.adverse_post(1.0, 72.0, sigma, 3, 0, who, 1) for who in range(n)])
    error = 72 * np.sqrt((np.exp(sigma**2) - 1) / n)
    assert abs(reach.mean() - 72) < 3.3 * error
    double = np.array([rules.adverse_post(1.0, 144.0, sigma, 3, 0, who, 1) for who in range(100)])
    assert double == pytest.approx(2 * reach[:100], rel=1e-12)
    assert rules.adverse_post(1.0, 72.0, 0.0, 3, 0, 1, 1) == pytest.approx(72)
    assert rules.adverse_post(0.0, 72.0, 1.0, 3, 0, 1, 1) == -1
    assert rules.advocate_post(1.0, 0.0, 1.0, 3, 0, 1, 1) == 0


def test_who_posts_at_one_probability_posts_at_any_higher() -> None:
    few = {who for who in range(2000) if rules.adverse_post(0.2, 1.0, 0.0, 3, 0, who, 1) >= 0}
    many = {who for who in range(2000) if rules.adverse_post(0.5, 1.0, 0.0, 3, 0, who, 1) >= 0}
    assert few < many
    assert 0.46 < len(many) / 2000 < 0.54  # 3.3 standard errors are 0.037
