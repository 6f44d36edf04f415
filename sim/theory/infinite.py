"""Demand that changes through the day, agents without limit: rates by time come in, the mean number busy goes out. It
is the load a channel would carry if nobody waited, and shows that its peak lags the peak of demand.

Times are in any one unit and rates per that unit."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sim.theory.checks import FloatArray, array, not_negative, positive


@dataclass(frozen=True)
class SinusoidInfinite:
    """M_t/M/infinity, empty at 0, arrivals at rate mean_rate + amplitude sin(2 pi t / period). The number busy is
    Poisson.

    Raises ValueError for bad inputs or an amplitude above mean_rate.
    Source: Eick, Massey and Whitt, Management Science 39 (1993) 241-252.
    """

    mean_rate: float
    amplitude: float
    period: float
    mean_service: float

    def __post_init__(self) -> None:
        positive("mean_rate", self.mean_rate)
        positive("period", self.period)
        positive("mean_service", self.mean_service)
        if not_negative("amplitude", self.amplitude) > self.mean_rate:
            raise ValueError(f"amplitude: must not exceed mean_rate = {self.mean_rate!r}, got {self.amplitude!r}")

    @property
    def _lag(self) -> float:
        """Radians served per mean service, omega / mu."""
        return 2 * math.pi * self.mean_service / self.period

    def mean_busy(self, t: ArrayLike) -> FloatArray:
        """Mean number busy at t >= 0; same shape as t. Convolution of the rate with exp(-t / mean_service)."""
        time = np.asarray(t, dtype=np.float64)
        angle, fading = 2 * np.pi * time / self.period, np.exp(-time / self.mean_service)
        swing = (np.sin(angle) - self._lag * (np.cos(angle) - fading)) / (1 + self._lag**2)
        constant = -self.mean_rate * np.expm1(-time / self.mean_service)
        return np.asarray(self.mean_service * (constant + self.amplitude * swing), dtype=np.float64)

    @property
    def peak_time(self) -> float:
        """When, in each period after start-up, the mean number busy is largest: later than the demand's peak."""
        return self.period * (math.pi / 2 + math.atan(self._lag)) / (2 * math.pi)

    @property
    def peak(self) -> float:
        """Largest mean number busy after start-up."""
        return self.mean_service * (self.mean_rate + self.amplitude / math.hypot(1, self._lag))


def mean_busy_piecewise(times: ArrayLike, edges: ArrayLike, rates: ArrayLike, mean_service: float) -> FloatArray:
    """Mean number busy at `times` in M_t/M/infinity, empty at edges[0], with arrivals at rates[i] from edges[i] to
    edges[i+1] and none after the last edge. Shape of `times`.

    Raises ValueError for edges that do not increase, or one edge more than rates missing. Source: as
    `SinusoidInfinite`.
    """
    positive("mean_service", mean_service)
    lam, time = array("rates", rates), np.asarray(times, dtype=np.float64)[..., None]
    cuts = np.asarray(edges, dtype=np.float64)
    if cuts.shape != (len(lam) + 1,) or not (np.diff(cuts) > 0).all():
        raise ValueError(f"edges: must increase and number {len(lam) + 1}, got {cuts.tolist()}")
    begun, ended = np.minimum(cuts[:-1], time), np.minimum(cuts[1:], time)
    left = np.exp(-(time - ended) / mean_service) * -np.expm1(-(ended - begun) / mean_service)
    return np.asarray((left * lam).sum(axis=-1) * mean_service, dtype=np.float64)
