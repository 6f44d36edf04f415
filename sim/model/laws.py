"""Laws of times: constant, uniform, exponential, gamma, lognormal, Weibull, mixture, empirical.

Comes in: YAML such as `{law: lognormal, mean: 6 min, cv: 1.2}` or the shorthand `20 s` (a constant). Goes out: a frozen
`Law` that knows its mean and squared coefficient of variation and its integer code for the sampler.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from .base import Part
from .units import Duration

Kind = Literal["constant", "uniform", "exponential", "gamma", "lognormal", "weibull", "mixture", "empirical"]
CODES: dict[str, int] = {
    "constant": 0, "uniform": 1, "exponential": 2, "gamma": 3, "lognormal": 4, "weibull": 5, "mixture": 6,
    "empirical": 7,
}  # fmt: skip
_NEEDS: dict[str, tuple[set[str], ...]] = {
    "constant": ({"mean"},),
    "uniform": ({"low", "high"},),
    "exponential": ({"mean"},),
    "gamma": ({"mean", "shape"}, {"mean", "cv"}),
    "lognormal": ({"mean", "cv"}, {"median", "sigma"}),
    "weibull": ({"mean", "shape"},),
    "mixture": ({"parts"},),
    "empirical": ({"quantiles"},),
}


def shorthand(value: Any) -> Any:
    """A bare time is a constant."""
    if value is None or isinstance(value, (Mapping, Part)):
        return value
    return {"law": "constant", "mean": value}


class Law(Part):
    """A distribution of a time in seconds.

    `mean`, `median`, `low`, `high`, `quantiles` are durations; `cv` is the coefficient of variation (standard deviation
    over mean), `shape` that of the gamma (a whole number k is Erlang-k) or Weibull law, `sigma` the standard deviation
    of the logarithm. `quantiles` are values at evenly spaced probabilities from 0 to 1, joined by straight lines.

    >>> Law.model_validate({"law": "lognormal", "mean": "3 min", "cv": 1.0}).mean_value
    180.0
    """

    law: Kind = "exponential"
    mean: Duration | None = None
    median: Duration | None = None
    low: Duration | None = None
    high: Duration | None = None
    cv: float | None = Field(default=None, gt=0, le=100)
    shape: float | None = Field(default=None, ge=1e-3, le=1e6)
    sigma: float | None = Field(default=None, ge=0, le=10)
    parts: tuple[MixturePart, ...] | None = None
    quantiles: tuple[Duration, ...] | None = None

    @model_validator(mode="after")
    def _complete(self) -> Law:
        given = {name for name in Law.model_fields if name != "law" and getattr(self, name) is not None}
        options = _NEEDS[self.law]
        if given not in options:
            wanted = " or ".join(" and ".join(sorted(option)) for option in options)
            got = ", ".join(sorted(given)) or "nothing"
            raise ValueError(f"law {self.law} takes {wanted}, got {got} (null unsets)")
        if self.law == "uniform" and self.high < self.low:  # type: ignore[operator]
            raise ValueError(f"high must not be below low, got {self.low} and {self.high}")
        if self.parts is not None and abs(sum(part.share for part in self.parts) - 1) > 1e-9:
            raise ValueError(f"shares of the parts must sum to 1, got {sum(p.share for p in self.parts):.6g}")
        if self.quantiles is not None and (len(self.quantiles) < 2 or list(self.quantiles) != sorted(self.quantiles)):
            raise ValueError("quantiles must be at least two, in rising order")
        self._check_range()
        return self

    def _check_range(self) -> None:
        """Evaluates what the sampler will: a law that arithmetic cannot hold is refused here, by its path."""
        try:
            values = (self.mean_value, *self.coefficients)
        except ArithmeticError:
            raise ValueError("these parameters are beyond what can be computed") from None
        zero = 0.0 in (self.mean, self.median)  # the logarithm of a time that is always 0
        if not math.isfinite(values[0]) or not (zero or all(math.isfinite(value) for value in values)):
            raise ValueError("must have a finite mean (for 'never', leave the law out or write null)")

    @property
    def coefficients(self) -> tuple[float, float]:
        """The two numbers the sampler needs: their meaning by law is written in `sim.chance.sampler`."""
        if self.law == "uniform":
            return self.low or 0.0, (self.high or 0.0) - (self.low or 0.0)
        if self.law == "gamma":
            shape = self.shape or 1 / self.cv**2  # type: ignore[operator]
            return shape, self.mean / shape  # type: ignore[operator]
        if self.law == "lognormal":
            if self.median is not None:
                return (math.log(self.median) if self.median > 0 else -math.inf), self.sigma or 0.0
            variance = math.log1p(self.cv**2)  # type: ignore[operator]
            return (math.log(self.mean) if self.mean else -math.inf) - variance / 2, math.sqrt(variance)
        if self.law == "weibull":
            return self.mean / math.gamma(1 + 1 / self.shape), 1 / self.shape  # type: ignore[operator]
        return self.mean or 0.0, 0.0

    @property
    def mean_value(self) -> float:
        """Expected value, s."""
        if self.parts is not None:
            return sum(part.share * part.mean_value for part in self.parts)
        if self.quantiles is not None:
            q = self.quantiles
            return (sum(q) - (q[0] + q[-1]) / 2) / (len(q) - 1)
        if self.law == "uniform":
            return (self.low + self.high) / 2  # type: ignore[operator]
        if self.median is not None:
            return self.median * math.exp((self.sigma or 0.0) ** 2 / 2)
        return self.mean or 0.0

    def scaled(self, factor: float) -> Law:
        """The same law with all its times multiplied by `factor`."""
        changes: dict[str, Any] = {}
        for name in ("mean", "median", "low", "high"):
            value = getattr(self, name)
            if value is not None:
                changes[name] = value * factor
        if self.parts is not None:
            changes["parts"] = tuple(part.scaled(factor) for part in self.parts)
        if self.quantiles is not None:
            changes["quantiles"] = tuple(value * factor for value in self.quantiles)
        return self.model_copy(update=changes)


class MixturePart(Law):
    """One component of a mixture, chosen with probability `share`."""

    share: float = Field(ge=0, le=1)

    @model_validator(mode="after")
    def _flat(self) -> MixturePart:
        if self.parts is not None:
            raise ValueError("a part of a mixture cannot be a mixture itself")
        return self


Law.model_rebuild()
Time = Annotated[Law, BeforeValidator(shorthand)]
"""A law, or a bare duration for a constant."""
