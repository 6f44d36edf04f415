"""Indices of what matters, from designs and their outputs: tornado, Morris, Sobol. Plain functions of arrays.

Comes in: outputs at the points of a design (`designs`), with what each replication adds to them where noise is wanted.
Goes out: one number or interval for each input. Effects are changes of the output over an input's whole range.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...sweep.design import seeded
from .designs import STEP
from .sums import half_widths

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
HALF_NORMAL = math.sqrt(2 / math.pi)
"""mean of |Z| for a standard normal Z"""


@dataclass(frozen=True)
class Index:
    """An estimate for each input with its interval, (inputs,)."""

    value: Floats
    lower: Floats
    upper: Floats


def changes(values: Floats, residuals: Floats, confidence: float) -> Index:
    """Low end and high end minus today, (inputs, 2), paired over replications; of `designs.one_at_a_time`."""
    change = (values[1:] - values[0]).reshape(-1, 2)
    half = half_widths(residuals[1:] - residuals[0], confidence).reshape(-1, 2)
    return Index(change, change - half, change + half)


@dataclass(frozen=True)
class Morris:
    """`strength` (mu*): mean size of an effect. `mean` (mu): its sign; far below mu*, the effect changes direction.
    `spread` (sigma): how much it depends on the other inputs. `noise`: the mu* that simulation noise alone gives."""

    strength: Index
    mean: Floats
    spread: Index
    noise: Floats
    trajectories: int


def morris(design: Floats, values: Floats, residuals: Floats, confidence: float, resamples: int, seed: int) -> Morris:
    """Elementary effects of `designs.trajectories` (count, inputs + 1, inputs); `values` (count, inputs + 1) and
    `residuals` (count, inputs + 1, replications). A trajectory with a failed point (NaN) is left out.

    Intervals are percentile bootstraps over trajectories. `noise` is sqrt(2/pi) times the standard error of an effect,
    paired over replications: an input with no effect at all has about this mu*.
    """
    whole = np.isfinite(values.sum(axis=1))
    effects = elementary_effects(design[whole], values[whole])
    error = elementary_effects(design[whole], residuals[whole])  # (count, inputs, replications)
    n = error.shape[-1]
    noise = HALF_NORMAL * np.sqrt((error**2).sum(axis=-1).mean(axis=0) / max(n - 1, 1) / n)
    strength, spread = (
        _bootstrapped(statistic, effects, confidence, resamples, seed)
        for statistic in (lambda each: np.abs(each).mean(axis=0), lambda each: each.std(axis=0, ddof=1))
    )
    return Morris(strength, effects.mean(axis=0), spread, noise if n > 1 else noise * np.nan, len(effects))


def elementary_effects(design: Floats, values: Floats) -> Floats:
    """(count, inputs, ...): change of the output over each input's step, scaled to its whole range."""
    moves, change = np.diff(design, axis=1), np.diff(values, axis=1)
    steps, order = moves.sum(axis=2), np.abs(moves).argmax(axis=2)  # which input moves at each step
    scaled = change / steps.reshape(steps.shape + (1,) * (change.ndim - 2))
    found: Floats = np.empty_like(scaled)
    each = np.arange(len(design))[:, None]
    found[each, order] = scaled
    assert np.allclose(np.abs(steps), STEP)
    return found


@dataclass(frozen=True)
class Sobol:
    """`first`: share of the output's variance that an input explains alone. `total`: with all its interactions.
    `noise`: share of the variance that is simulation noise, were all points' noise independent."""

    first: Index
    total: Index
    variance: float
    noise: float
    points: int


def sobol(values: Floats, residuals: Floats, confidence: float, resamples: int, seed: int) -> Sobol:
    """Indices of `designs.saltelli`: `values` (inputs + 2, points), `residuals` (inputs + 2, points, replications).

    Intervals are percentile bootstraps over points. Points at which any of the runs failed are left out. Outputs are
    centred first, which makes the first order more precise.
    """
    whole = np.isfinite(values.sum(axis=0))
    values, residuals = values[:, whole] - values[:2, whole].mean(), residuals[:, whole]
    kept = np.arange(values.shape[1])
    both = _bootstrapped(lambda at: _indices(values[:, at]), kept, confidence, resamples, seed)
    first, total = (Index(both.value[i], both.lower[i], both.upper[i]) for i in (0, 1))
    n, variance = residuals.shape[-1], float(values[:2].var())
    noise = float((residuals**2).sum(axis=-1).mean() / max(n - 1, 1) / n)
    return Sobol(first, total, variance, noise / variance if n > 1 and variance > 0 else math.nan, kept.size)


def _indices(values: Floats) -> Floats:
    """First-order (Saltelli et al. 2010, table 2 b) and total indices (f), (2, inputs).

    scipy.stats.sobol_indices has the same two estimators (a test holds them equal) but takes powers of 2 only, so that
    a single failed point would cost the whole study.
    """
    a, b, mixed = values[0], values[1], values[2:]
    variance = np.concatenate([a, b]).var()
    first, total = (b * (mixed - a)).mean(axis=-1), 0.5 * ((a - mixed) ** 2).mean(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.stack([first, total]) / variance)


def _bootstrapped(
    statistic: Callable[..., Floats], sample: Floats | Ints, confidence: float, resamples: int, seed: int
) -> Index:
    """A statistic of rows with its percentile interval; NaN for fewer than two rows."""
    from scipy.stats import bootstrap

    value = statistic(sample)
    if len(sample) < 2:
        return Index(value, value * math.nan, value * math.nan)
    rows = np.arange(len(sample))
    found = bootstrap(
        (rows,), lambda at: statistic(sample[at]), n_resamples=resamples, confidence_level=confidence,
        method="percentile", vectorized=False, **seeded(bootstrap, seed),
    ).confidence_interval  # fmt: skip
    return Index(value, np.asarray(found.low), np.asarray(found.high))
